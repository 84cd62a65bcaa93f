BeforeDiscovery {
    # A child inherits that SIGINT is ignored, and could not be interrupted. Only its name can say why a block is skipped.
    $reason = if ($IsWindows) { 'Windows sends Ctrl+C to all that share a console' }
    elseif ($IsLinux -and ([Convert]::ToUInt64(((Get-Content /proc/self/status) -match '^SigIgn:')[0].Substring(7).Trim(), 16) -band 2)) { 'SIGINT is ignored here, as in a background job' }
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    # Sends Ctrl+C to a script when the server has so many requests of it, and gives back what it wrote and how long it took to end.
    function Stop-Script([string] $Script, [int] $Requests = 1) {
        $process = Start-Pwsh "Connect-UserProfileService -Token t -Endpoint $($server.Endpoint); $Script; 'went on'"
        while ($server.RequestCount -lt $Requests -and -not $process.HasExited) { Start-Sleep -Milliseconds 20 }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        kill -INT $process.Id
        $result = Wait-Pwsh $process
        $result | Add-Member Elapsed $watch.Elapsed -PassThru
    }
}

Describe "Ctrl+C$($reason ? " (skipped: $reason)" : '')" -Skip:([bool] $reason) {
    BeforeAll {
        $path = Join-Path $TestDrive 'users.csv'
        'distinct_id,n', (1..20000 | ForEach-Object { "$_,1" }) | ForEach-Object { $_ } | Set-Content $path
    }
    BeforeEach {
        # The second request is never answered.
        $server = Start-UserProfileServer -Fault @{ Kind = 'Delay'; Every = 2; Delay = '01:00:00' }
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'leaves a line of account of <Command>' -ForEach @(
        @{ Command = 'Import-UserProfileCsv'; Script = 'Import-UserProfileCsv ''{0}'' -MaxConcurrency 1'; Rest = '*again*-JournalPath*-Resume*'; Twice = $false }
        @{ Command = 'Import-UserProfileCsv'; Script = 'Import-UserProfileCsv ''{0}'' -MaxConcurrency 1 -Operation Add'; Rest = '*again*-JournalPath*'; Twice = $true }
        @{ Command = 'Set-UserProfile'; Script = 'Import-Csv ''{0}'' | Set-UserProfile -MaxConcurrency 1'; Rest = '*again*'; Twice = $false }
        @{ Command = 'Remove-UserProfile'; Script = '1..20000 | Remove-UserProfile -Force -MaxConcurrency 1'; Rest = '*same command*'; Twice = $false }
    ) {
        $result = Stop-Script ($Script -f $path) -Requests 2
        $result.Output.Trim() | Should -BeLike "WARNING: $Command *200 accepted, 0 rejected, 200 in flight$Rest"
        $result.Output -like '*twice*' | Should -Be $Twice
        $result.Output | Should -Not -BeLike '*went on*'
        $result.Errors | Should -BeNullOrEmpty
        $result.Elapsed.TotalSeconds | Should -BeLessThan 3
    }

    It 'says how to go on with a journal, which -Resume then does' {
        $journal = Join-Path $TestDrive 'users.journal'
        $result = Stop-Script "Import-UserProfileCsv '$path' -MaxConcurrency 1 -JournalPath '$journal'" -Requests 2
        $result.Output.Trim() | Should -BeLike 'WARNING: * 200 accepted, *-Resume*'
        $port = $server.Endpoint.Port
        Stop-UserProfileServer
        $server = Start-UserProfileServer -Port $port
        $resumed = Import-UserProfileCsv $path -JournalPath $journal -Resume -Connection (Connect-UserProfileService -Token t -Endpoint $server.Endpoint -PassThru)
        $resumed.Resumed, $resumed.Accepted | Should -Be 200, 20000
    }
}
