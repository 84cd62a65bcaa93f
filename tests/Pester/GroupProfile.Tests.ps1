BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Set-GroupProfile, Get-GroupProfile and Remove-GroupProfile' {
    BeforeAll {
        $server = Start-UserProfileServer
        $dataGroupId = $server.FindDataGroupId('company')
        "company_id,plan`nacme,pro`ninit,free" | ConvertFrom-Csv | Set-GroupProfile -GroupKey company -IdentifierProperty company_id
    }
    AfterAll {
        Stop-UserProfileServer
    }

    It 'reads what was set' {
        (Get-GroupProfile -DataGroupId $dataGroupId).GroupId | Sort-Object | Should -Be 'acme', 'init'
        (Get-GroupProfile acme -DataGroupId $dataGroupId).plan | Should -BeExactly 'pro'
        Get-UserProfile | Should -BeNullOrEmpty
    }

    It 'refuses what groups do not know' {
        { Set-GroupProfile acme -GroupKey company -Increment @{ seats = 1 } } | Should -Throw -ErrorId 'OperationNotForGroups,*'
    }

    It 'removes groups' {
        Get-GroupProfile init -DataGroupId $dataGroupId | Remove-GroupProfile -GroupKey company -Force
        (Get-GroupProfile -DataGroupId $dataGroupId).GroupId | Should -Be 'acme'
    }
}
