BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Get-GroupProfile' {
    BeforeAll {
        $server = Start-UserProfileServer
        $dataGroupId = $server.FindDataGroupId('company')
        1..5 | ForEach-Object { @{ group_id = "g$_"; '$name' = "Group $_"; seats = $_ } } | Set-GroupProfile -GroupKey company
        Set-GroupProfile g1 -GroupKey team -Property @{ seats = 100 }
    }
    AfterAll {
        Stop-UserProfileServer
    }

    It 'reads the groups of one kind' {
        (Get-GroupProfile -DataGroupId $dataGroupId | Measure-Object seats -Sum).Sum | Should -Be 15
        (Get-GroupProfile -DataGroupId $server.FindDataGroupId('team')).seats | Should -Be 100
    }

    It 'reads those that an expression is true for, and named ones' {
        (Get-GroupProfile -DataGroupId $dataGroupId -Where 'properties["seats"] > 3').GroupId | Sort-Object | Should -Be 'g4', 'g5'
        (Get-GroupProfile g2, g3 -DataGroupId $dataGroupId).seats | Sort-Object | Should -Be 2, 3
    }

    It 'has an error for each group that does not exist' {
        Get-GroupProfile nobody -DataGroupId $dataGroupId -ErrorVariable missing -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'ProfileNotFound,*'
    }

    It 'shows groups as a table and as a list' {
        $group = Get-GroupProfile g1 -DataGroupId $dataGroupId -GroupKey company
        $group | Out-String -Width 120 | Should -Match 'GroupId\s+GroupKey\s+UpdatedAt\s+Name\s+Other properties'
        $group | Format-Table | Out-String -Width 120 | Should -MatchExactly 'g1\s+company\s.*Group 1 seats=1'
        ($group | Format-List | Out-String).Trim() -split '\r?\n' -replace '\s*:.*' | Sort-Object | Should -Be '$name', 'GroupId', 'GroupKey', 'seats', 'UpdatedAt'
    }

    It 'feeds the commands that reports are made with' {
        $rows = Get-GroupProfile -DataGroupId $dataGroupId | Where-Object seats -ge 4 | Select-Object GroupId, '$name', @{ n = 'Price'; e = { $_.seats * 9 } }
        $rows | Sort-Object Price -Descending | ConvertTo-Csv | Should -Be '"GroupId","$name","Price"', '"g5","Group 5","45"', '"g4","Group 4","36"'
        (Get-GroupProfile -DataGroupId $dataGroupId | ConvertTo-Json | ConvertFrom-Json).seats | Should -Be 1, 2, 3, 4, 5
    }
}
