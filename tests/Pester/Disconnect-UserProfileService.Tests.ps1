BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Disconnect-UserProfileService' {
    It 'forgets the connection, and commands say what to do' {
        Connect-UserProfileService -Token t
        Disconnect-UserProfileService
        Get-UserProfileConnection | Should -BeNullOrEmpty
        { Get-UserProfile } | Should -Throw -ErrorId 'NotConnected,*'
    }

    It 'leaves a connection that the user holds' {
        $null = Start-UserProfileServer
        $connection = Get-UserProfileConnection
        Disconnect-UserProfileService
        Set-UserProfile a -Property @{ n = 1 } -Connection $connection
        (Get-UserProfile a -Connection $connection).n | Should -Be 1
        Stop-UserProfileServer
    }

    It 'is no error where there is no connection' {
        { Disconnect-UserProfileService -ErrorAction Stop; Disconnect-UserProfileService -ErrorAction Stop } | Should -Not -Throw
    }
}
