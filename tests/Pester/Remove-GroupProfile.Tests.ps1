BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Remove-GroupProfile' {
    BeforeEach {
        $server = Start-UserProfileServer
        $dataGroupId = $server.FindDataGroupId('company')
        'acme', 'init' | ForEach-Object { @{ group_id = $_; plan = 'pro' } } | Set-GroupProfile -GroupKey company
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'removes what is piped to it' {
        Get-GroupProfile init -DataGroupId $dataGroupId | Remove-GroupProfile -GroupKey company -Force
        (Get-GroupProfile -DataGroupId $dataGroupId).GroupId | Should -Be 'acme'
    }

    It 'leaves the user of the same id, and groups of another kind' {
        Set-UserProfile acme -Property @{ plan = 'free' }
        Remove-GroupProfile acme -GroupKey team -Force
        $server.ProfileCount | Should -Be 3
        Remove-GroupProfile acme -GroupKey company -Force
        (Get-UserProfile acme).plan | Should -BeExactly 'free'
        (Get-GroupProfile -DataGroupId $dataGroupId).GroupId | Should -Be 'init'
    }

    It 'removes nothing with -WhatIf' {
        Remove-GroupProfile acme, init -GroupKey company -WhatIf
        $server.ProfileCount | Should -Be 2
    }

    It 'removes what a CSV file names, in one pipeline' {
        $path = Join-Path $TestDrive 'gone.csv'
        'company_id,reason', 'acme,closed' | Set-Content $path
        Import-Csv $path | Remove-GroupProfile -GroupKey company -IdentifierProperty company_id -Force -PassThru | Should -BeExactly 'acme'
        (Get-GroupProfile -DataGroupId $dataGroupId).GroupId | Should -Be 'init'
    }

    It 'has nothing to do with $null of the pipeline, and refuses it as an argument' {
        $null, 'init' | Remove-GroupProfile -GroupKey company -Force -ErrorAction Stop
        (Get-GroupProfile -DataGroupId $dataGroupId).GroupId | Should -Be 'acme'
        { Remove-GroupProfile $null -GroupKey company -Force } | Should -Throw -ErrorId 'IdentifierIsNull,*'
        $server.ProfileCount | Should -Be 1
    }
}
