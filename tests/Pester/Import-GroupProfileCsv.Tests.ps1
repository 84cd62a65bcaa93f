BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Import-GroupProfileCsv' {
    BeforeEach {
        $server = Start-UserProfileServer
        $path = Join-Path $TestDrive 'companies.csv'
        Set-Content $path 'company_id,name,seats,tags', 'acme,Acme,007,a;b', 'initech,Initech,many,', ',Nobody,1,'
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'imports every row with the types of its columns, and accounts for it' {
        $result = Import-GroupProfileCsv $path -GroupKey company -IdentifierColumn company_id -PropertyType @{ seats = 'Number'; tags = 'List' } -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Accepted, $result.Rejected, $result.ExitCode | Should -Be 1, 2, 1
        $failed | Should -HaveCount 2
        $acme = Get-GroupProfile acme -GroupKey company -DataGroupId $server.FindDataGroupId('company')
        $acme.seats | Should -Be 7
        $acme.tags | Should -Be 'a', 'b'
    }

    It 'refuses what groups do not know' {
        $result = Import-GroupProfileCsv $path -GroupKey company -IdentifierColumn company_id -Operation Add -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'OperationNotForGroups,*'
        $result.ExitCode | Should -Be 2
    }

    It 'refuses what Export-Csv writes in place of a list' {
        $path = Join-Path $TestDrive 'lost.csv'
        [pscustomobject]@{ group_id = 'acme'; regions = 'EU', 'US' } | Export-Csv $path
        (Import-GroupProfileCsv $path -GroupKey company -ErrorVariable failed -ErrorAction SilentlyContinue).Rejected | Should -Be 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'LostValue,*'
    }

    It 'sends nothing with -WhatIf' {
        (Import-GroupProfileCsv $path -GroupKey company -IdentifierColumn company_id -WhatIf -ErrorAction SilentlyContinue).Read | Should -Be 3
        $server.RequestCount | Should -Be 0
    }

    It 'imports what Export-Csv writes, and again only what was refused' {
        $rejects = Join-Path $TestDrive 'refused.csv'
        Get-GroupProfile -DataGroupId $server.FindDataGroupId('company') | Should -BeNullOrEmpty
        Import-Csv $path | Where-Object company_id | Export-Csv "$path.2"
        $result = Import-GroupProfileCsv "$path.2" -GroupKey company -IdentifierColumn company_id -PropertyType @{ seats = 'Number' } -RejectPath $rejects -ErrorAction SilentlyContinue
        $result.Accepted, $result.Rejected | Should -Be 1, 1
        (Get-Content $rejects) -replace 'many', '12' | Set-Content $rejects
        (Import-GroupProfileCsv $rejects -GroupKey company -IdentifierColumn company_id -PropertyType @{ seats = 'Number' }).Accepted | Should -Be 1
        (Get-GroupProfile initech -DataGroupId $server.FindDataGroupId('company')).seats | Should -Be 12
    }
}
