BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Test-UserProfileConnection' {
    AfterEach {
        Get-UserProfileServer | Stop-UserProfileServer
        Disconnect-UserProfileService
    }

    It 'proves a connection that works and leaves nothing behind' {
        $server = Start-UserProfileServer
        $test = Test-UserProfileConnection
        $test.Succeeded | Should -BeTrue
        $test.ReadDelay | Should -BeOfType ([timespan])
        $server.ProfileCount | Should -Be 0
        Test-UserProfileConnection -Quiet | Should -BeTrue
    }

    It 'finds out a token of another project' {
        Start-UserProfileServer -Token right -SkipConnect | Connect-UserProfileService -Token wrong
        $test = Test-UserProfileConnection -TimeoutSec 1
        $test.Ingestion, $test.Query, $test.ReadBack | Should -Be Succeeded, Succeeded, Failed
        $test.RecommendedAction | Should -BeLike '*token*'
    }

    It 'says which part failed' {
        $null = Start-UserProfileServer -Fault @{ Endpoint = 'Query'; Status = 401 }
        $test = Test-UserProfileConnection
        $test.Ingestion, $test.Query, $test.ReadBack | Should -Be Succeeded, Failed, NotTested
        $test | Out-String | Should -Match 'RecommendedAction\s+: \w'
        ($test | Out-String).Trim() -split '\r?\n' -match '^\w' -replace ' *:.*' | Sort-Object | Should -Be ($test.PSObject.Properties.Name | Sort-Object)
    }

    It 'sends nothing with -WhatIf' {
        $server = Start-UserProfileServer
        Test-UserProfileConnection -WhatIf | Should -BeNullOrEmpty
        $server.RequestCount | Should -Be 0
    }

    It 'tells a scheduled job whether to go on' {
        $null = Start-UserProfileServer
        if (-not (Test-UserProfileConnection -Quiet)) { throw 'no service' }
        Test-UserProfileConnection | Select-Object Succeeded, Ingestion, Query, ReadBack | ConvertTo-Json -Compress -EnumsAsStrings | Should -BeLike '{"Succeeded":true,"Ingestion":"Succeeded",*'
    }
}
