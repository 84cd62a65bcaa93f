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

    It 'shows a connection as a table and lists every member' {
        Connect-UserProfileService -Token t -Region EU
        Get-UserProfileConnection | Out-String -Width 80 | Should -Match 'Endpoint\s+Region\s+ProjectId\s+ServiceAccount\s+Token'
        $connection = Get-UserProfileConnection
        ($connection | Format-List | Out-String).Trim() -split '\r?\n' -replace '\s*:.*' | Sort-Object | Should -Be ($connection.PSObject.Properties.Name | Sort-Object)
    }

    It 'writes nothing where there is no connection' {
        Get-UserProfileConnection | Should -BeNullOrEmpty
    }
}
