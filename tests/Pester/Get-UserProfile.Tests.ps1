BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Get-UserProfile' {
    BeforeAll {
        $server = Start-UserProfileServer
        1..2500 | ForEach-Object { [ordered]@{ distinct_id = "u$_"; n = $_; '$email' = "u$_@example.com" } } | Set-UserProfile -BatchSize 2000
    }
    AfterAll {
        Stop-UserProfileServer
    }

    It 'reads all profiles' {
        (Get-UserProfile | Measure-Object n -Sum).Sum | Should -Be 3126250
    }

    It 'becomes JSON with every property once' {
        $profile = Get-UserProfile u1
        ($profile | ConvertTo-Json | ConvertFrom-Json -AsHashtable).Keys | Sort-Object | Should -Be '$email', 'DistinctId', 'n', 'UpdatedAt'
        $profile.Properties['n'] | Should -Be 1
    }

    It 'leaves members alone that the type was extended by, with a warning' {
        Update-TypeData -TypeName ProfilesModule.UserProfile -MemberName n -MemberType NoteProperty -Value mine
        try {
            $profiles = Get-UserProfile u1, u2 -WarningVariable warnings -WarningAction SilentlyContinue
            $profiles.n | Should -Be mine, mine
            $profiles.Properties.n | Should -Be 1, 2
            $warnings | Should -HaveCount 1
        }
        finally {
            Remove-TypeData -TypeName ProfilesModule.UserProfile
        }
    }

    It 'reads named profiles, in the pipeline too' {
        (Get-UserProfile u1, u2).n | Sort-Object | Should -Be 1, 2
        ('u3', 'u4' | Get-UserProfile).n | Sort-Object | Should -Be 3, 4
    }

    It 'has an error for each profile that does not exist' {
        $found = Get-UserProfile u1, nobody -ErrorVariable missing -ErrorAction SilentlyContinue
        $found.n | Should -Be 1
        $missing[0].FullyQualifiedErrorId | Should -BeLike 'ProfileNotFound,*'
        $missing[0].TargetObject | Should -BeExactly 'nobody'
    }

    It 'exports with the identifier as the first column' {
        (Get-UserProfile u1 | ConvertTo-Csv)[0] | Should -BeExactly '"DistinctId","UpdatedAt","n","$email"'
    }

    It 'shows profiles as a table, in which a long distinct id costs the columns on the right' {
        $id = 'd' * 40
        Set-UserProfile $id -Property @{ '$name' = 'Longest'; tags = 'a', 'b'; address = @{ city = 'Bern' } }
        Get-UserProfile u1 | Out-String -Width 120 | Should -Match 'DistinctId\s+UpdatedAt\s+Name\s+Email\s+Other properties'
        $table = Get-UserProfile u1, $id | Format-Table | Out-String -Width 80
        $table | Should -MatchExactly "(?m)^$id \S+ \S+ (AM |PM )?Longest"
        $table -split '\r?\n' | ForEach-Object Length | Should -BeLessOrEqual 80
        Get-UserProfile $id | Format-Table | Out-String -Width 200 | Should -MatchExactly 'tags=\[a, b\]'
        Get-UserProfile $id | Format-Table | Out-String -Width 200 | Should -MatchExactly 'address=\{1 member\}'
        Remove-UserProfile $id -Force
    }

    It 'lists the distinct id, the time and every property' {
        Set-UserProfile listed -Property ([ordered]@{ '$email' = 'l@example.com'; empty = ''; nothing = $null; tags = 'a', 'b' })
        $names = (Get-UserProfile listed | Format-List | Out-String).Trim() -split '\r?\n' -replace '\s*:.*'
        $names[0..1] | Should -Be 'DistinctId', 'UpdatedAt'
        $names[2..5] | Sort-Object | Should -Be '$email', 'empty', 'nothing', 'tags'
        Remove-UserProfile listed -Force
    }

    It 'goes on with -Debug where nobody can be asked, as every other command does' {
        $file = Join-Path $TestDrive 'debug.csv'
        $result = Wait-Pwsh (Start-Pwsh "
            `$null = Start-UserProfileServer -Debug
            [pscustomobject]@{ distinct_id = 'a'; '`$phone' = 'none' } | Set-UserProfile -Debug
            (Get-UserProfile -Debug).DistinctId
            [pscustomobject]@{ distinct_id = 'a' } | Join-UserProfile -Debug | Out-Null
            Export-UserProfileCsv '$file' -Debug
            (Test-UserProfileConnection -Debug).Succeeded
            Remove-UserProfile a -Force -BackupPath '$file.backup.csv' -Debug
            @(Get-UserProfile).Count")
        $result.Errors | Should -BeNullOrEmpty
        $lines = $result.Output.Trim() -split '\r?\n'
        $lines | Where-Object { $_ -notmatch '^(DEBUG|WARNING): ' } | Should -Be 'a', 'True', '0'
        @($lines) -match '^DEBUG: Page 1: .*\b1 ' | Should -Not -BeNullOrEmpty
    }
}

Describe 'Lists and objects of Get-UserProfile' {
    BeforeAll {
        $server = Start-UserProfileServer
    }
    BeforeEach {
        Set-UserProfile u1 -Property ([ordered]@{
                '$name' = 'Zoë'; plan = 'pro'; roles = 'admin', 'dév'; one = , 'x'; none = @()
                address = [ordered]@{ city = 'Bern'; tags = 'a', 'b' }; items = @{ a = 1 }, @{ a = 2 }
            })
        $user = Get-UserProfile u1
    }
    AfterAll {
        Stop-UserProfileServer
    }

    It 'are their JSON in what Export-Csv writes' {
        $cells = Get-UserProfile u1 | ConvertTo-Csv | ConvertFrom-Csv
        $cells.plan | Should -BeExactly 'pro'
        $cells.roles | Should -BeExactly '["admin","dév"]'
        $cells.one | Should -BeExactly '["x"]'
        $cells.none | Should -BeExactly '[]'
        $cells.address | Should -BeExactly '{"city":"Bern","tags":["a","b"]}'
        $cells.items | Should -BeExactly '[{"a":1},{"a":2}]'
    }

    It 'are so behind Where-Object, Sort-Object and Select-Object too' {
        $cells = Get-UserProfile | Where-Object roles -Contains admin | Sort-Object DistinctId | Select-Object DistinctId, roles, none, address | ConvertTo-Csv | ConvertFrom-Csv
        $cells.roles, $cells.none, $cells.address | Should -BeExactly '["admin","dév"]', '[]', '{"city":"Bern","tags":["a","b"]}'
    }

    It 'are so after they were changed, by <Name>' -ForEach @(
        @{ Name = '+='; Change = { $user.roles += 'c' }; Expected = '["admin","dév","c"]' }
        @{ Name = 'another list'; Change = { $user.roles = [Collections.Generic.List[int]](1, 2) }; Expected = '[1,2]' }
        @{ Name = 'an object'; Change = { $user.roles = [pscustomobject]@{ a = @{ b = , 1 } } }; Expected = '{"a":{"b":[1]}}' }
        @{ Name = 'Properties'; Change = { $user.Properties['roles'] = 'x', 'y' }; Expected = '["x","y"]' }
        @{ Name = 'an element'; Change = { $user.roles[1] = 'ops', 'db' }; Expected = '["admin",["ops","db"]]' }
        @{ Name = 'Add'; Change = { $user.roles.Add(7) }; Expected = '["admin","dév",7]' }
    ) {
        . $Change
        ($user | ConvertTo-Csv | ConvertFrom-Csv).roles | Should -BeExactly $Expected
        $user | Set-UserProfile 3> $null
        (Get-UserProfile u1 | ConvertTo-Csv | ConvertFrom-Csv).roles | Should -BeExactly $Expected
    }

    It 'are so after a member of an object was set' {
        $user.address.zip = 3000
        $user.address['lists'] = 1, 2
        $user.address.lists += 3
        ($user | ConvertTo-Csv | ConvertFrom-Csv).address | Should -BeExactly '{"city":"Bern","tags":["a","b"],"zip":3000,"lists":[1,2,3]}'
        ($user | Select-Object -ExpandProperty Properties).address.lists | Should -Be 1, 2, 3
    }

    It 'are lists like any other' {
        $user.roles[0], $user.roles[-1] | Should -Be 'admin', 'dév'
        $user.roles[0..1] | Should -Be 'admin', 'dév'
        $user.roles.Count, $user.roles.Length, $user.one.Count, $user.none.Count | Should -Be 2, 2, 1, 0
        $user.roles -contains 'dév' | Should -BeTrue
        'admin' -in $user.roles | Should -BeTrue
        $user.roles -join '+' | Should -Be 'admin+dév'
        "$($user.roles)" | Should -Be 'admin dév'
        $user.roles -like 'a*' | Should -Be 'admin'
        $user.roles.ForEach({ $_.ToUpper() }) | Should -Be 'ADMIN', 'DÉV'
        @(foreach ($role in $user.roles) { $role.Length }) | Should -Be 5, 3
        [bool]$user.none, [bool]$user.roles | Should -Be $false, $true
        $first, $second = $user.roles
        $second | Should -Be 'dév'
        $user.items.a | Should -Be 1, 2
        [string[]]$user.roles | Should -Be 'admin', 'dév'
        $user | Select-Object -ExpandProperty roles | Should -Be 'admin', 'dév'
        $user.roles + 'c' | Should -Be 'admin', 'dév', 'c'
    }

    It 'are objects like any other' {
        $user.address.city, $user.address['city'], $user.address[0] | Should -Be 'Bern', 'Bern', 'Bern'
        $user.address.Keys | Should -Be 'city', 'tags'
        $user.address.Count | Should -Be 2
        $user.address.tags | Should -Be 'a', 'b'
        ($user.address + @{ zip = 1 }).Keys | Should -Be 'city', 'tags', 'zip'
    }

    It 'become JSON, and show as lists and objects do' {
        ($user | Select-Object roles, one, none, address, items | ConvertTo-Json -Depth 5 -Compress) |
            Should -BeExactly '{"roles":["admin","dév"],"one":["x"],"none":[],"address":{"city":"Bern","tags":["a","b"]},"items":[{"a":1},{"a":2}]}'
        $list = $user | Format-List | Out-String
        $list | Should -MatchExactly 'roles\s+: \{admin, dév\}'
        $list | Should -MatchExactly 'none\s+: \{\}'
        $list | Should -MatchExactly 'address\s+: \{\[city, Bern\]'
    }
}

Describe 'Profiles that come back from <_>' -ForEach 'Import-Clixml', 'Start-Job' {
    BeforeAll {
        $server = Start-UserProfileServer
        Set-UserProfile u1 -Property ([ordered]@{
                '$name' = 'Zoë'; '$email' = 'z@example.com'; plan = 'pro'; roles = 'admin', 'dév'; none = @()
                address = @{ city = 'Bern'; deep = @{ er = , @{ n = 1 } } }
            }) 3> $null
        Set-GroupProfile g1 -GroupKey company -Property @{ '$name' = 'Acme'; seats = 5; tags = 'a', 'b' }
        $groups = $server.FindDataGroupId('company')
        $user, $group = if ($_ -eq 'Import-Clixml') {
            $path = Join-Path $TestDrive 'profiles.clixml'
            (Get-UserProfile u1), (Get-GroupProfile g1 -DataGroupId $groups -GroupKey company) | Export-Clixml $path
            Import-Clixml $path
        }
        else {
            $manifest = (Get-Module ProfilesModule).Path
            Start-Job {
                Import-Module $using:manifest
                Connect-UserProfileService -Token job -Endpoint $using:server.Endpoint
                Get-UserProfile u1
                Get-GroupProfile g1 -DataGroupId $using:groups -GroupKey company
            } | Receive-Job -Wait -AutoRemoveJob
        }
    }
    AfterAll {
        Stop-UserProfileServer
    }

    It 'fill every column of the table' {
        $user | Format-Table | Out-String -Width 200 | Should -MatchExactly 'u1\s.*\sZoë\s+z@example\.com\s+plan=pro; roles=\[admin, dév\]; none=\[\]; address=\{2 members\}\s'
        $group | Format-Table | Out-String -Width 200 | Should -MatchExactly 'g1\s+company\s.*\sAcme\s+((seats=5|tags=\[a, b\])(; |\s)){2}'
    }

    It 'have lists and objects, which are their JSON in what Export-Csv writes' {
        $user.roles | Should -Be 'admin', 'dév'
        $user.roles[-1] | Should -Be 'dév'
        $user.address.city | Should -Be 'Bern'
        $cells = $user | ConvertTo-Csv | ConvertFrom-Csv
        $cells.roles, $cells.none | Should -BeExactly '["admin","dév"]', '[]'
        ($cells.address | ConvertFrom-Json).deep.er[0].n | Should -Be 1
    }

    It 'can be sent again' {
        Remove-UserProfile u1 -Force
        $user.roles += 'c'
        $user | Set-UserProfile 3> $null
        $again = Get-UserProfile u1
        $again.roles | Should -Be 'admin', 'dév', 'c'
        $again.address.deep.er[0].n | Should -Be 1
        $again.PSObject.Properties.Name | Sort-Object | Should -Be '$email', '$name', 'address', 'DistinctId', 'none', 'plan', 'roles', 'UpdatedAt'
        Remove-GroupProfile g1 -GroupKey company -Force
        $group | Set-GroupProfile -GroupKey company
        (Get-GroupProfile g1 -DataGroupId $groups).tags | Should -Be 'a', 'b'
    }
}

Describe 'Get-UserProfile from a hundred thousand profiles' {
    BeforeAll {
        $server = Start-UserProfileServer
        $path = Join-Path $TestDrive users.csv
        @('distinct_id') + (1..100000 -replace '^', 'user-') | Set-Content $path
        Import-UserProfileCsv $path -BatchSize 2000 | Out-Null
    }
    AfterAll {
        Stop-UserProfileServer
    }

    It 'asks for one page only when five are wanted, by <_>' -ForEach { Get-UserProfile -First 5 }, { Get-UserProfile | Select-Object -First 5 } {
        $server.ProfileCount | Should -Be 100000
        $before = $server.RequestCount
        & $_ | Should -HaveCount 5
        $server.RequestCount - $before | Should -Be 1
    }

    It 'does not take $null for every profile' {
        { $null | Get-UserProfile -ErrorAction Stop } | Should -Throw
        { Get-UserProfile $null } | Should -Throw
    }
}
