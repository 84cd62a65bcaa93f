BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Get-UserProfileServer' {
    AfterEach {
        Stop-UserProfileServer
    }

    It 'lists what runs, with what it has done' {
        $first = Start-UserProfileServer
        $second = Start-UserProfileServer -SkipConnect
        Set-UserProfile a, b -Property @{ n = 1 }
        (Get-UserProfileServer).Endpoint | Should -Be $first.Endpoint, $second.Endpoint
        (Get-UserProfileServer).ProfileCount | Should -Be 2, 0
    }

    It 'lists every member of a server' {
        $server = Start-UserProfileServer (Join-Path $TestDrive 'shown.db')
        Get-UserProfileServer | Out-String -Width 200 | Should -MatchExactly 'Path +: \S+shown\.db'
        ($server | Out-String -Width 200).Trim() -split '\r?\n' -replace '\s*:.*' | Sort-Object | Should -Be ($server.PSObject.Properties.Name | Sort-Object)
    }

    It 'writes nothing where no server runs' {
        Get-UserProfileServer | Should -BeNullOrEmpty
    }
}
