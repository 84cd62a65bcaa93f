BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Import-GroupProfileJson' {
    BeforeEach {
        $server = Start-UserProfileServer
        $path = Join-Path $TestDrive 'companies.ndjson'
        Set-Content $path '{"company_id":"acme","seats":7,"tags":["a","b"]}', '{"company_id":"initech","seats":null}'
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'imports every object with the types of its values' {
        $result = Import-GroupProfileJson $path -GroupKey company -IdentifierProperty company_id
        $result.Accepted, $result.ExitCode | Should -Be 2, 0
        $acme = Get-GroupProfile acme -GroupKey company -DataGroupId $server.FindDataGroupId('company')
        $acme.seats | Should -Be 7
        $acme.tags | Should -Be 'a', 'b'
    }

    It 'refuses what groups do not know' {
        $result = Import-GroupProfileJson $path -GroupKey company -IdentifierProperty company_id -Operation Append -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'OperationNotForGroups,*'
        $result.ExitCode | Should -Be 2
    }
}
