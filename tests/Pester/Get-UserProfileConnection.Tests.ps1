BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Get-UserProfileConnection' {
    AfterEach {
        Disconnect-UserProfileService
    }

    It 'shows the connection and masks secrets' {
        $credential = [pscredential]::new('robot', (ConvertTo-SecureString 'secret-of-robot' -AsPlainText))
        Connect-UserProfileService -Token 'token-of-project' -Region EU -ServiceAccount $credential -ProjectId 7
        $connection = Get-UserProfileConnection
        $connection.Endpoint | Should -Be 'https://api-eu.mixpanel.com/'
        $connection.ServiceAccount | Should -Be 'robot'
        foreach ($shown in (Out-String -InputObject $connection), ($connection | Format-List * | Out-String), ($connection | ConvertTo-Json)) {
            $shown | Should -MatchExactly 'robot'
            $shown | Should -MatchExactly '\*{8}'
            $shown | Should -Not -Match 'token-of-project|secret-of-robot'
        }
    }

    It 'lists every member of a connection' {
        Connect-UserProfileService -Token t -Region EU
        $connection = Get-UserProfileConnection
        ($connection | Out-String).Trim() -split '\r?\n' -replace '\s*:.*' | Sort-Object | Should -Be ($connection.PSObject.Properties.Name | Sort-Object)
    }

    It 'writes nothing where there is no connection' {
        Get-UserProfileConnection | Should -BeNullOrEmpty
    }
}
