BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    # Begins another server at the same address: a task is another one if it sends to another place.
    function Restart-Server([hashtable] $With = @{}) {
        Stop-UserProfileServer
        $null = Start-UserProfileServer -Port $port @With
    }
}

Describe 'Get-UserProfileImport' {
    BeforeEach {
        $port = (Start-UserProfileServer).Endpoint.Port
        $folder = (New-Item (Join-Path $TestDrive (New-Guid)) -ItemType Directory).FullName
        $csv = Join-Path $folder users.csv
        Set-Content $csv (@('distinct_id,plan') + (1..100 | ForEach-Object { "u$_,free" }))
        $task = @{
            Path           = $csv
            PartitionCount = 4
            LogPath        = Join-Path $folder '{partition}.log'
            JournalPath    = Join-Path $folder '{partition}.journal'
            RejectPath     = Join-Path $folder '{partition}.rejected.csv'
            Resume         = $true
            BatchSize      = 5
            MaxConcurrency = 1
            ErrorAction    = 'SilentlyContinue'
        }
    }

    AfterEach {
        Stop-UserProfileServer
    }

    It 'adds up what the tasks did' {
        $results = 0..3 | ForEach-Object { Import-UserProfileCsv @task -Partition $_ }
        $import = Get-UserProfileImport "$folder/*.log"
        $import.Read, $import.Accepted, $import.Rejected | Should -Be 100, 100, 0
        $import.Requests | Should -Be ($results | Measure-Object Requests -Sum).Sum
        $import.Expected, $import.Found, $import.ExitCode | Should -Be 4, 4, 0
        $import.Missing + $import.Unfinished + $import.Failed + $import.RejectPath | Should -BeNullOrEmpty
        $import.Path | Should -Be $csv
        $import.Tasks.Read | Should -Be $results.Read
        $import.Tasks.Partition | Should -Be 0, 1, 2, 3
        $import.Slowest.Duration | Should -Be ($import.Tasks | Measure-Object Duration -Maximum).Maximum
    }

    It 'says which tasks are missing, unfinished or failed' {
        $null = Import-UserProfileCsv @task -Partition 0
        Restart-Server @{ Fault = @{ Status = 503; Every = 3 } }
        $null = Import-UserProfileCsv @task -Partition 1 -MaximumRetryCount 0
        Restart-Server @{ Fault = @{ Status = 401 } }
        $null = Import-UserProfileCsv @task -Partition 2
        $import = Get-UserProfileImport "$folder/*.log"
        $import.Missing, $import.Unfinished, $import.Failed | Should -Be '3', '1', '2'
        $import.Tasks.Status | Should -Be Completed, Unfinished, Failed
        $import.Tasks.StoppedBy | Should -Be $null, RetriesExhausted, ServiceUnauthorized
        $import.StoppedEarly, $import.ExitCode | Should -Be $true, 2
    }

    It 'counts a task once that was resumed' {
        Restart-Server @{ Fault = @{ Status = 503; Every = 3 } }
        $null = Import-UserProfileCsv @task -Partition 0 -MaximumRetryCount 0
        $before = Get-UserProfileImport "$folder/0.log"
        $before.Tasks.Runs, $before.ExitCode | Should -Be 1, 75
        Restart-Server
        0..3 | ForEach-Object { $null = Import-UserProfileCsv @task -Partition $_ }
        $import = Get-UserProfileImport "$folder/*.log"
        $import.Read, $import.Accepted, $import.ExitCode | Should -Be 100, 100, 0
        $import.Tasks.Runs | Should -Be 2, 1, 1, 1
    }

    It 'names the reject files to look at' {
        Add-Content $csv ',free'
        0..3 | ForEach-Object { $null = Import-UserProfileCsv @task -Partition $_ }
        $import = Get-ChildItem $folder -Filter *.log | Get-UserProfileImport
        $import.Rejected, $import.ExitCode | Should -Be 1, 1
        $import.RejectPath | Should -Be (Join-Path $folder 0.rejected.csv)
    }

    It 'reads states too' {
        0..1 | ForEach-Object { $null = Import-UserProfileCsv $csv -Partition $_ -PartitionCount 2 -StatePath "$folder/{partition}.db" }
        $null = Import-UserProfileCsv $csv -Partition 1 -PartitionCount 2 -StatePath "$folder/{partition}.db"
        $import = Get-UserProfileImport "$folder/*.db"
        $import.Read, ($import.Accepted + $import.Unchanged) | Should -Be 100, 100
        $import.Unchanged | Should -BeGreaterThan 0
        $import.Found, $import.ExitCode | Should -Be 2, 0
    }

    It 'names the line of a log that is damaged, and counts the others' {
        0..3 | ForEach-Object { $null = Import-UserProfileCsv @task -Partition $_ }
        $log = Join-Path $folder 2.log
        Set-Content $log @((Get-Content $log)[0]; '{"event":"requ'; (Get-Content $log | Select-Object -Skip 1))
        $import = Get-UserProfileImport "$folder/*.log", $csv -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0] | Should -BeLike "Line 2 of*2.log*"
        $failed[1] | Should -BeLike '*users.csv*line 1*'
        $failed.FullyQualifiedErrorId | Should -BeLike 'LogNotUsable,*'
        $import.Read, $import.ExitCode | Should -Be 100, 0
    }
}
