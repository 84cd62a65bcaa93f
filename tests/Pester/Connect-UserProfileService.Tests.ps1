BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Connect-UserProfileService' {
    AfterEach {
        Disconnect-UserProfileService
    }

    It 'connects the session to a region' {
        Connect-UserProfileService -Token t -Region EU | Should -BeNullOrEmpty
        (Get-UserProfileConnection).Endpoint | Should -Be 'https://api-eu.mixpanel.com/'
    }

    It 'writes the connection with -PassThru, for other commands' {
        $server = Start-UserProfileServer -SkipConnect
        $connection = Connect-UserProfileService -Token t -Endpoint $server.Endpoint -PassThru
        Connect-UserProfileService -Token t -Region IN
        Set-UserProfile a -Property @{ n = 1 } -Connection $connection
        (Get-UserProfile a -Connection $connection).n | Should -Be 1
        Stop-UserProfileServer
    }

    It 'takes what is not given from the environment' {
        try {
            $env:MIXPANEL_TOKEN = 'token-of-environment'
            $env:MIXPANEL_REGION = 'IN'
            (Connect-UserProfileService -PassThru).Region | Should -Be 'IN'
        }
        finally {
            $env:MIXPANEL_TOKEN = $env:MIXPANEL_REGION = $null
        }
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

    It 'connects each job and runspace by itself' {
        $module = (Get-Module ProfilesModule).Path
        Connect-UserProfileService -Token t -Region EU
        Start-Job { Import-Module $using:module; "$((Connect-UserProfileService -Token t -Region IN -PassThru).Region)" } | Receive-Job -Wait -AutoRemoveJob | Should -Be 'IN'
        'US', 'IN' | ForEach-Object -Parallel { Import-Module $using:module; "$((Connect-UserProfileService -Token t -Region $_ -PassThru).Region)" } | Sort-Object | Should -Be 'IN', 'US'
        (Get-UserProfileConnection).Region | Should -Be EU
    }
}
