BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Import-GroupProfileQuery' {
    BeforeEach {
        $server = Start-UserProfileServer
        $database = @{ Provider = 'Sqlite'; ConnectionString = 'Data Source=:memory:' }
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'imports the rows of a query' {
        $result = Import-GroupProfileQuery "select 'acme' as id, 7 as seats" @database -GroupKey company -IdentifierProperty id
        $result.Accepted, $result.ExitCode | Should -Be 1, 0
        (Get-GroupProfile acme -GroupKey company -DataGroupId $server.FindDataGroupId('company')).seats | Should -Be 7
    }

    It 'refuses what groups do not know' {
        $result = Import-GroupProfileQuery "select 'acme' as id, 7 as seats" @database -GroupKey company -IdentifierProperty id -Operation Add -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'OperationNotForGroups,*'
        $result.ExitCode | Should -Be 2
    }
}
