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

    It 'shows profiles as a table' {
        Get-UserProfile u1 | Out-String | Should -Match 'DistinctId\s+Name\s+Email'
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
