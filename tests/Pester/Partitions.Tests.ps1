BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $path = Join-Path $TestDrive 'users.csv'
    1..60 | ForEach-Object { [pscustomobject]@{ distinct_id = "u$_"; plan = "plan $_" } } | Export-Csv $path
}

Describe 'Partitions' {
    BeforeEach {
        $server = Start-UserProfileServer
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'divides a file among tasks, whose counts add up' {
        $results = 0..3 | ForEach-Object {
            Import-UserProfileCsv $path -Partition $_ -PartitionCount 4 -LogPath (Join-Path $TestDrive 'task-{partition}.log')
        }
        ($results | Measure-Object Accepted -Sum).Sum | Should -Be 60
        $results.PartitionCount | Should -Be 4, 4, 4, 4
        $results | ForEach-Object { $_.Read + $_.OtherPartitions } | Should -Be 60, 60, 60, 60
        $server.ProfileCount | Should -Be 60
        $end = Get-Content (Join-Path $TestDrive 'task-3.log') | Select-Object -Last 1 | ConvertFrom-Json
        $end.partition, $end.partitionCount, $end.accepted | Should -Be 3, 4, $results[3].Accepted
    }

    It 'shows the partition in the summary of a task, and nothing of partitions in that of any other import' {
        Import-UserProfileCsv $path -Partition 1 -PartitionCount 4 | Out-String | Should -Match '(?s)Partition\s+: 1\s.*PartitionCount\s+: 4\s.*OtherPartitions\s+: \d+'
        Import-UserProfileCsv $path | Out-String | Should -Not -Match 'Partition'
    }

    It 'takes the same profiles from the pipeline and from JSON' {
        Import-Csv $path | ForEach-Object { $_ | ConvertTo-Json -Compress } | Set-Content (Join-Path $TestDrive 'users.json')
        $ofFile = Import-UserProfileCsv $path -Partition 1 -PartitionCount 4
        Import-Csv $path | Set-UserProfile -Partition 1 -PartitionCount 4
        (Import-UserProfileJson (Join-Path $TestDrive 'users.json') -Partition 1 -PartitionCount 4).Accepted | Should -Be $ofFile.Accepted
        $server.ProfileCount | Should -Be $ofFile.Accepted
    }

    It 'divides groups by their ids' {
        $companies = Join-Path $TestDrive 'companies.csv'
        1..20 | ForEach-Object { [pscustomobject]@{ group_id = "c$_"; seats = $_ } } | Export-Csv $companies
        $ofFile = Import-GroupProfileCsv $companies -GroupKey company -Partition 2 -PartitionCount 3
        Import-Csv $companies | Set-GroupProfile -GroupKey company -Partition 2 -PartitionCount 3
        $ofFile.Read + $ofFile.OtherPartitions | Should -Be 20
        @(Get-GroupProfile -DataGroupId $server.FindDataGroupId('company')).Count | Should -Be $ofFile.Accepted
        0, 1 | ForEach-Object { Import-Csv $companies | Set-GroupProfile -GroupKey company -Partition $_ -PartitionCount 3 }
        @(Get-GroupProfile -DataGroupId $server.FindDataGroupId('company')).Count | Should -Be 20
    }

    It 'takes the number from <Engine>' -ForEach @(
        @{ Engine = 'Slurm'; Variables = @{ SLURM_ARRAY_TASK_ID = 3; SLURM_ARRAY_TASK_COUNT = 4; SLURM_ARRAY_TASK_MIN = 1; SLURM_ARRAY_TASK_MAX = 4; SLURM_ARRAY_TASK_STEP = 1 }; Count = @{} }
        @{ Engine = 'Kubernetes'; Variables = @{ JOB_COMPLETION_INDEX = 2 }; Count = @{ PartitionCount = 4 } }
        @{ Engine = 'AWS Batch'; Variables = @{ AWS_BATCH_JOB_ARRAY_INDEX = 2; AWS_BATCH_JOB_ARRAY_SIZE = 4 }; Count = @{} }
        @{ Engine = 'GitLab'; Variables = @{ CI_NODE_INDEX = 3; CI_NODE_TOTAL = 4; GITLAB_CI = 'true' }; Count = @{} }
    ) {
        $before = @{}
        foreach ($name in $Variables.Keys + 'CI_NODE_INDEX') {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $Variables[$name])
        }
        try {
            $result, $details = (Import-UserProfileCsv $path -Partition Auto @Count -Verbose 4>&1).Where({ $_ -isnot [Management.Automation.VerboseRecord] }, 'Split')
        }
        finally {
            $before.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $before[$_]) }
        }
        $result.Partition, $result.PartitionCount | Should -Be 2, 4
        "$details" | Should -BeLike '*The partition is 2 of 4, as the variable * says.*'
    }

    It 'refuses a file that the tasks would share' {
        Import-UserProfileCsv $path -Partition 1 -PartitionCount 4 -JournalPath (Join-Path $TestDrive 'a.journal') -ErrorVariable failed -ErrorAction SilentlyContinue |
            Select-Object -ExpandProperty ExitCode | Should -Be 2
        $failed.FullyQualifiedErrorId | Should -BeLike 'PartitionPathShared,*'
        $server.ProfileCount | Should -Be 0
    }
}
