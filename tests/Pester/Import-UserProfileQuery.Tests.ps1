BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Import-UserProfileQuery' {
    BeforeEach {
        $null = Start-UserProfileServer
        $database = @{ Provider = 'Sqlite'; ConnectionString = "Data Source=$(Join-Path $TestDrive 'crm.db')" }
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'imports the rows of a query with their types' {
        $result = Import-UserProfileQuery "select 7 as id, 'Zoë' as name, 1.5 as score, null as plan" @database -IdentifierProperty id
        $result.Accepted, $result.ExitCode | Should -Be 1, 0
        $profile = Get-UserProfile 7
        $profile.name, $profile.score | Should -Be 'Zoë', 1.5
        $profile.psobject.Properties.Name | Should -Not -Contain 'plan'
    }

    It 'reads the query from a file, with parameters, and the connection string from the environment' {
        $env:PROFILES_TEST_DATABASE = $database.ConnectionString
        $path = Join-Path $TestDrive 'users.sql'
        Set-Content $path 'select @id as distinct_id, @plan as plan'
        try {
            $result = Import-UserProfileQuery -QueryPath $path -Parameter @{ id = 'a'; plan = 'pro' } -Provider Sqlite -ConnectionVariable PROFILES_TEST_DATABASE
        }
        finally {
            Remove-Item Env:PROFILES_TEST_DATABASE
        }
        $result.Accepted | Should -Be 1
        (Get-UserProfile a).plan | Should -Be 'pro'
    }

    It 'refuses a bad row alone, and keeps it to be imported again' {
        $rejects = Join-Path $TestDrive 'refused.ndjson'
        $result = Import-UserProfileQuery "select 'a' as distinct_id, 1 as n union all select '', 2" @database -RejectPath $rejects -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Accepted, $result.Rejected, $result.ExitCode | Should -Be 1, 1, 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'MissingIdentifier,*'
        "$failed" | Should -BeLike '*query, row 2*'
        (Get-Content $rejects) -replace '"distinct_id":""', '"distinct_id":"b"' | Set-Content $rejects
        (Import-UserProfileJson $rejects).Accepted | Should -Be 1
        (Get-UserProfile b).n | Should -Be 2
    }

    It 'removes the properties that became NULL with -EmptyCell Unset' {
        Set-UserProfile a -Property @{ plan = 'pro' }
        $null = Import-UserProfileQuery "select 'a' as distinct_id, null as plan" @database -EmptyCell Unset
        (Get-UserProfile a).psobject.Properties.Name | Should -Not -Contain 'plan'
    }
}
