BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Connect-UserProfileService, Get-UserProfileConnection and Disconnect-UserProfileService' {
    AfterEach {
        Disconnect-UserProfileService
    }

    It 'connects to a region and masks secrets' {
        $credential = [pscredential]::new('robot', (ConvertTo-SecureString 'secret-of-robot' -AsPlainText))
        Connect-UserProfileService -Token 'token-of-project' -Region EU -ServiceAccount $credential -ProjectId 7
        $connection = Get-UserProfileConnection
        $connection.Endpoint | Should -Be 'https://api-eu.mixpanel.com/'
        $connection.ServiceAccount | Should -Be 'robot'
        $connection | Format-List * | Out-String | Should -Not -Match 'token-of-project|secret-of-robot'
        $connection | ConvertTo-Json | Should -Not -Match 'token-of-project|secret-of-robot'
    }

    It 'knows regions by name and endpoints without a scheme' {
        (Connect-UserProfileService -Token t -Region Europe -PassThru).Region | Should -Be EU
        (Connect-UserProfileService -Token t -Endpoint localhost:5000 -PassThru).Endpoint | Should -Be 'http://localhost:5000/'
    }

    It 'never shows the credentials of a proxy' {
        $credential = [pscredential]::new('somebody', (ConvertTo-SecureString 'secret-of-proxy' -AsPlainText))
        $connection = Connect-UserProfileService -Token t -Proxy http://proxy.example.com:8080 -ProxyCredential $credential -PassThru
        $connection | Format-List * | Out-String | Should -Match 'proxy.example.com'
        $connection | Format-List * | Out-String | Should -Not -Match 'secret-of-proxy'
        $connection | ConvertTo-Json | Should -Not -Match 'secret-of-proxy'
    }

    It 'refuses plain http but to this machine' {
        { Connect-UserProfileService -Token t -Endpoint http://example.com } | Should -Throw -ErrorId 'InvalidConnection,*'
    }

    It 'says what to do where there is no connection' {
        { Get-UserProfile } | Should -Throw -ErrorId 'NotConnected,*'
    }
}
