BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Show-UserProfile' {
    AfterEach {
        Stop-UserProfileServer
        Disconnect-UserProfileService
    }

    It 'starts a server where none runs, and gives the address of its page' {
        $address = Show-UserProfile -PassThru
        $address | Should -Be (Get-UserProfileServer).Endpoint
        Set-UserProfile a -Property @{ n = 1 }
        (Get-UserProfile a).n | Should -Be 1
        (Invoke-WebRequest $address).Content | Should -Match '<title>Users</title>'
        Show-UserProfile -PassThru | Should -Be $address
    }

    It 'shows the server that the session is connected to, or another one' {
        $first = Start-UserProfileServer
        $second = Start-UserProfileServer -SkipConnect
        Show-UserProfile -PassThru | Should -Be $first.Endpoint
        $second | Show-UserProfile -PassThru | Should -Be $second.Endpoint
        { Show-UserProfile http://127.0.0.1:1/ -PassThru -ErrorAction Stop } | Should -Throw -ErrorId 'ServerNotFound,*'
    }

    It 'gives a key where profiles need a service account' {
        $account = [pscredential]::new('robot', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
        $server = Start-UserProfileServer -ServiceAccount $account
        { Invoke-WebRequest $server.Endpoint } | Should -Throw '*403*'
        (Invoke-WebRequest (Show-UserProfile -PassThru) -SessionVariable session).Content | Should -Match 'name="session"'
        (Invoke-WebRequest $server.Endpoint -WebSession $session).Content | Should -Match 'name="session"'
    }

    It 'shows a project of the service until the session is disconnected' {
        $account = [pscredential]::new('robot', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
        Connect-UserProfileService -Token t -ProjectId 12345 -ServiceAccount $account -Region EU
        $address = Show-UserProfile -PassThru
        (Invoke-WebRequest $address).Content | Should -Match '<title>Users</title>'
        { Invoke-WebRequest $address } | Should -Throw '*403*'
        (Show-UserProfile -PassThru).Authority | Should -Be $address.Authority
        $page = Get-UserProfileServer
        $page.ProfileCount | Should -Be 0
        (Get-UserProfileConnection).Endpoint | Should -Be 'https://api-eu.mixpanel.com/'
        Disconnect-UserProfileService
        $page.IsRunning | Should -BeFalse
    }

    It 'needs a service account to show a project' {
        Connect-UserProfileService -Token t -Region EU
        { Show-UserProfile -PassThru } | Should -Throw -ErrorId 'QueryNotConfigured,*'
        Get-UserProfileServer | Should -BeNullOrEmpty
    }
}
