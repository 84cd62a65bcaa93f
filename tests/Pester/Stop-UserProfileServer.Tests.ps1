BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Stop-UserProfileServer' {
    AfterEach {
        Stop-UserProfileServer
    }

    It 'stops what is piped' {
        $first = Start-UserProfileServer
        $second = Start-UserProfileServer -SkipConnect
        Stop-UserProfileServer $first
        (Get-UserProfileServer).Endpoint | Should -Be $second.Endpoint
        $first.IsRunning, $second.IsRunning | Should -Be $false, $true
    }

    It 'stops every server of the session, and forgets the connection to it' {
        $servers = (Start-UserProfileServer), (Start-UserProfileServer)
        Stop-UserProfileServer
        $servers.IsRunning | Should -Be $false, $false
        Get-UserProfileConnection | Should -BeNullOrEmpty
    }

    It 'says which server it does not know' {
        { Stop-UserProfileServer http://127.0.0.1:1/ -ErrorAction Stop } | Should -Throw -ErrorId 'ServerNotFound,*'
    }

    It 'completes the addresses of the servers that run' {
        $first = Start-UserProfileServer
        $second = Start-UserProfileServer -SkipConnect
        (Complete 'Stop-UserProfileServer -Endpoint ').CompletionText | Should -Be "$($first.Endpoint)", "$($second.Endpoint)"
        (Complete 'Stop-UserProfileServer ').CompletionText | Should -Contain "$($second.Endpoint)"
        Stop-UserProfileServer
        Complete 'Stop-UserProfileServer -Endpoint ' | Should -BeNullOrEmpty
    }
}
