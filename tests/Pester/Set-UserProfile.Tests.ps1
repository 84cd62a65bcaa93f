BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Set-UserProfile' {
    BeforeEach {
        $server = Start-UserProfileServer
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'takes what Import-Csv and ConvertFrom-Json write' {
        "id,plan`n1,pro`n2,free" | ConvertFrom-Csv | Set-UserProfile -IdentifierProperty id
        '[{"id":3,"plan":"team","seats":[1,2],"address":{"city":"Bern"}}]' | ConvertFrom-Json | Set-UserProfile -IdentifierProperty id
        (Get-UserProfile 1, 2, 3).plan | Sort-Object | Should -Be 'free', 'pro', 'team'
        $third = Get-UserProfile 3
        $third.seats | Should -Be 1, 2
        $third.address.city | Should -BeExactly 'Bern'
    }

    It 'takes calculated properties of Select-Object' {
        Get-ChildItem $PSScriptRoot -File | Select-Object @{ n = 'distinct_id'; e = { $_.Name } }, Length | Set-UserProfile
        (Get-UserProfile 'Common.ps1').Length | Should -BeGreaterThan 0
    }

    It 'sets properties of named profiles and keeps the others' {
        Set-UserProfile -DistinctId a -Property @{ plan = 'free'; seats = 1 }
        Set-UserProfile -DistinctId a -Property @{ plan = 'pro' }
        $profile = Get-UserProfile a
        $profile.plan, $profile.seats | Should -Be 'pro', 1
    }

    It 'refuses a row without identifier and sends the others' {
        [pscustomobject]@{ id = 1 }, [pscustomobject]@{ other = 2 }, [pscustomobject]@{ id = 3 } |
            Set-UserProfile -IdentifierProperty id -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | Should -HaveCount 1
        $failed[0].TargetObject.other | Should -Be 2
        $server.ProfileCount | Should -Be 2
    }

    It 'copies profiles from one service to another' {
        Set-UserProfile -DistinctId a -Property @{ n = 12345678901234567; f = 0.1; nested = @{ list = 1, 'x', $null } }
        $source = Get-UserProfileConnection
        $null = Start-UserProfileServer
        Get-UserProfile -Connection $source | Set-UserProfile
        $copy = Get-UserProfile a
        $copy.n | Should -Be 12345678901234567
        $copy.f | Should -Be 0.1
        $copy.nested.list | Should -Be 1, 'x', $null
    }

    It 'refuses rows of Import-Csv in which a list was lost, and keeps what is stored' {
        Set-UserProfile a -Property @{ roles = 'admin', 'dev' }
        $path = Join-Path $TestDrive 'lost.csv'
        [pscustomobject]@{ distinct_id = 'a'; roles = 'admin', 'dev' }, [pscustomobject]@{ distinct_id = 'b'; roles = 'x' } | Export-Csv $path
        Import-Csv $path | Set-UserProfile -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'LostValue,*'
        $failed[0].TargetObject.distinct_id | Should -Be 'a'
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike '*-join*'
        (Get-UserProfile a).roles | Should -Be 'admin', 'dev'
        (Get-UserProfile b).roles | Should -Be 'x'
    }

    It 'refuses it in -Property, in lists and inside objects, and not in a sentence' -ForEach @(
        @{ Value = 'System.Object[]'; Rejected = 1 }
        @{ Value = '@{a=1}'; Rejected = 1 }
        @{ Value = 'x', 'System.Collections.Hashtable'; Rejected = 1 }
        @{ Value = @{ a = @{ b = '@{c=1}' } }; Rejected = 1 }
        @{ Value = 'It said System.Object[]'; Rejected = 0 }
    ) {
        Set-UserProfile a -Property @{ p = $Value } -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | Should -HaveCount $Rejected
        $server.ProfileCount | Should -Be (1 - $Rejected)
    }

    It 'sends nothing with -WhatIf' {
        Set-UserProfile -DistinctId a -Property @{ b = 1 } -WhatIf
        $server.RequestCount | Should -Be 0
    }

    It 'works in parallel runspaces with -Connection' {
        $connection = Get-UserProfileConnection
        $module = (Get-Module ProfilesModule).Path
        1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:module
            Set-UserProfile -DistinctId "p$_" -Property @{ n = $_ } -Connection $using:connection
        }
        $server.ProfileCount | Should -Be 8
    }

    It 'completes time zones' {
        (Complete 'Set-UserProfile -InputObject $row -TimeZone America/New').CompletionText | Should -Contain 'America/New_York'
    }
}
