BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Set-GroupProfile' {
    BeforeEach {
        $server = Start-UserProfileServer
        $dataGroupId = $server.FindDataGroupId('company')
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'takes what Import-Csv writes, and leaves users alone' {
        "company_id,plan`nacme,pro`ninit,free" | ConvertFrom-Csv | Set-GroupProfile -GroupKey company -IdentifierProperty company_id
        (Get-GroupProfile acme -DataGroupId $dataGroupId).plan | Should -BeExactly 'pro'
        (Get-GroupProfile -DataGroupId $dataGroupId).GroupId | Sort-Object | Should -Be 'acme', 'init'
        Get-UserProfile | Should -BeNullOrEmpty
    }

    It 'changes a group in several ways' {
        Set-GroupProfile acme -GroupKey company -Property @{ plan = 'free'; old = 1 } -Union @{ regions = 'EU' }
        Set-GroupProfile acme -GroupKey company -PropertyOnce @{ plan = 'pro' } -Union @{ regions = 'EU', 'US' } -Unset old
        $group = Get-GroupProfile acme -DataGroupId $dataGroupId
        $group.plan | Should -BeExactly 'free'
        $group.regions | Should -Be 'EU', 'US'
        $group.PSObject.Properties.Name | Should -Not -Contain 'old'
    }

    It 'refuses what groups do not know' {
        { Set-GroupProfile acme -GroupKey company -Increment @{ seats = 1 } } | Should -Throw -ErrorId 'OperationNotForGroups,*'
        $server.RequestCount | Should -Be 0
    }

    It 'takes what ConvertFrom-Json, Select-Object and Group-Object write' {
        '[{"group_id":"acme","seats":25,"regions":["EU","US"]}]' | ConvertFrom-Json | Set-GroupProfile -GroupKey company
        (Get-GroupProfile acme -DataGroupId $dataGroupId).regions | Should -Be 'EU', 'US'
        'user,company', 'u1,acme', 'u2,acme', 'u3,init' | ConvertFrom-Csv | Group-Object company |
            Select-Object @{ n = 'group_id'; e = 'Name' }, @{ n = 'users'; e = 'Count' } | Set-GroupProfile -GroupKey company
        (Get-GroupProfile -DataGroupId $dataGroupId | Sort-Object GroupId).users | Should -Be 2, 1
    }

    It 'copies groups from one service to another' {
        Set-GroupProfile acme -GroupKey company -Property @{ seats = 25; regions = 'EU', 'US' }
        $source = Get-UserProfileConnection
        $target = Start-UserProfileServer
        Get-GroupProfile -DataGroupId $dataGroupId -GroupKey company -Connection $source | Set-GroupProfile -GroupKey company
        (Get-GroupProfile acme -DataGroupId $target.FindDataGroupId('company')).seats | Should -Be 25
    }

    It 'skips the empty cells of Import-Csv, unless -EmptyCell says otherwise' {
        Set-GroupProfile acme -GroupKey company -Property ([ordered]@{ plan = 'pro'; note = 'keep' })
        $path = Join-Path $TestDrive 'companies.csv'
        Set-Content $path 'group_id,plan,note', 'acme,,'
        Import-Csv $path | Set-GroupProfile -GroupKey company -WarningVariable warnings -WarningAction SilentlyContinue
        (Get-GroupProfile acme -DataGroupId $dataGroupId).Properties | ConvertTo-Json -Compress | Should -BeExactly '{"plan":"pro","note":"keep"}'
        $warnings.Message | Should -BeLike "*'plan', 'note'*"
        Import-Csv $path | Set-GroupProfile -GroupKey company -EmptyCell Unset
        (Get-GroupProfile acme -DataGroupId $dataGroupId).Properties | ConvertTo-Json -Compress | Should -BeExactly '{}'
    }

    It 'sends profiles as they are' {
        Set-GroupProfile acme -GroupKey company -Property ([ordered]@{ note = ''; plan = $null })
        $profile = Get-GroupProfile acme -DataGroupId $dataGroupId -GroupKey company
        Set-GroupProfile acme -GroupKey company -Unset note, plan
        $profile | Set-GroupProfile -GroupKey company -WarningVariable warnings
        (Get-GroupProfile acme -DataGroupId $dataGroupId).Properties | ConvertTo-Json -Compress | Should -BeExactly '{"note":"","plan":null}'
        $warnings | Should -BeNullOrEmpty
    }

    It 'has nothing to do with $null of the pipeline' {
        @{ group_id = 'acme'; n = 1 } | Set-GroupProfile -GroupKey company -ErrorVariable failed
        $failed.TargetObject | Set-GroupProfile -GroupKey company -ErrorAction Stop
        $failed.TargetObject | Set-GroupProfile -GroupKey company -Property @{ n = 2 } -ErrorAction Stop
        { Set-GroupProfile $null -GroupKey company -Property @{ n = 2 } } | Should -Throw -ErrorId 'IdentifierIsNull,*'
        (Get-GroupProfile acme -DataGroupId $dataGroupId).n | Should -Be 1
    }
}
