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
}
