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
        $lines | Should -Contain 'DEBUG: Page 1: 1 profile.'
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
}
