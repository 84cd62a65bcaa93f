BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Start-UserProfileServer' {
    AfterEach {
        Stop-UserProfileServer
    }

    It 'keeps profiles in a file' {
        $path = Join-Path $TestDrive 'dev.db'
        $null = Start-UserProfileServer $path
        Set-UserProfile a -Property @{ n = 1 }
        Stop-UserProfileServer
        $null = Start-UserProfileServer $path
        (Get-UserProfile a).n | Should -Be 1
    }

    It 'proves how a script copes with a service that says <kind>' -ForEach @(
        @{ Kind = 'Status'; Fault = @{ Kind = 'Status'; First = 2; Status = 503 }; Requests = 3 }
        @{ Kind = 'StatusZero'; Fault = @{ Kind = 'StatusZero'; First = 1 }; Requests = 2 }
        @{ Kind = 'ResetAfter'; Fault = @{ Kind = 'ResetAfter'; First = 1 }; Requests = 2 }
    ) {
        $server = Start-UserProfileServer -Fault $Fault
        Set-UserProfile a -Property @{ n = 1 } -RetryIntervalSec 0 -ErrorVariable failed -ErrorAction SilentlyContinue
        if ($Kind -eq 'StatusZero') {
            $failed | Should -HaveCount 1
        }
        else {
            (Get-UserProfile a).n | Should -Be 1
            $failed | Should -HaveCount 0
            $server.RequestCount | Should -Be ($Requests + 1)
        }
    }

    It 'asks queries for its service account, which the session has' {
        $account = [pscredential]::new('robot', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
        $server = Start-UserProfileServer -ServiceAccount $account
        Set-UserProfile a -Property @{ n = 1 }
        (Get-UserProfile a).n | Should -Be 1
        $other = [pscredential]::new('robot', (ConvertTo-SecureString 'wrong' -AsPlainText -Force))
        $connection = Connect-UserProfileService -Token t -Endpoint $server.Endpoint -ServiceAccount $other -PassThru
        { Get-UserProfile a -Connection $connection -ErrorAction Stop } | Should -Throw -ErrorId 'QueryUnauthorized,*'
        Set-UserProfile b -Property @{ n = 2 } -Connection $connection
        $server.ProfileCount | Should -Be 2
    }

    It 'limits how much it takes in a while' {
        $null = Start-UserProfileServer -Fault @{ Status = 429; MaxUpdates = 2; Window = 0.5 }
        1..5 | ForEach-Object { [pscustomobject]@{ distinct_id = "u$_"; n = $_ } } | Set-UserProfile -BatchSize 1 -RetryIntervalSec 1
        Get-UserProfile | Should -HaveCount 5
    }

    It 'starts nothing with -WhatIf' {
        Start-UserProfileServer -WhatIf | Should -BeNullOrEmpty
        Get-UserProfileServer | Should -BeNullOrEmpty
    }

    It 'serves a script of a job and any other client' {
        $server = Start-UserProfileServer
        $module = (Get-Module ProfilesModule).Path
        $endpoint = $server.Endpoint
        Start-Job {
            Import-Module $using:module
            Connect-UserProfileService -Token t -Endpoint $using:endpoint
            'distinct_id,plan', 'a,pro' | ConvertFrom-Csv | Set-UserProfile
        } | Receive-Job -Wait -AutoRemoveJob
        (Get-UserProfile a).plan | Should -Be 'pro'
        $body = ConvertTo-Json @(@{ '$token' = 't'; '$distinct_id' = 'b'; '$set' = @{ plan = 'free' } })
        Invoke-RestMethod "$($server.Endpoint)engage?verbose=1" -Method Post -Body $body -ContentType application/json | ForEach-Object status | Should -Be 1
        (Get-UserProfile b).plan | Should -Be 'free'
    }
}
