BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Test-UserProfile' {
    It 'writes a finding for each rule and column, and then a summary' {
        $path = Join-Path $TestDrive 'dirty.csv'
        Set-Content $path 'distinct_id,$email,$phone', '1,nobody,044 668 18 00', '2,a@b.io,+41446681800', 'null,x,'
        $found = Test-UserProfile $path
        $found[0..2].Rule | Should -Be 'InvalidEmail', 'PhoneWithoutCountryCode', 'PlaceholderIdentifier'
        $found[0].Count | Should -Be 2
        $found[0].Lines | Should -Be 2, 4
        $found[-1].Read, $found[-1].Valid, $found[-1].Rejected, $found[-1].ExitCode | Should -Be 3, 2, 1, 1
        ($found | Where-Object Severity -eq Error).Property | Should -Be 'distinct_id'
    }

    It 'tests rows of Import-Csv' {
        $rows = 'id,$country_code', '1,Austria', '2,' | ConvertFrom-Csv
        $found = $rows | Test-UserProfile -IdentifierProperty id -MaskValue
        $found[0].Rule, $found[0].Sample | Should -Be 'InvalidCountryCode', 'xxxxxxx'
        $rows | Test-UserProfile -IdentifierProperty id -Quiet | Should -BeTrue
        $rows | Test-UserProfile -IdentifierProperty id -Quiet -Strict | Should -BeFalse
    }

    It 'finds what Export-Csv wrote in place of lists and objects' {
        $path = Join-Path $TestDrive 'lost.csv'
        [pscustomobject]@{ distinct_id = 1; roles = 'a', 'b'; address = [pscustomobject]@{ city = 'Bern' }; note = 'System.Object[] again' } | Export-Csv $path
        $found = Test-UserProfile $path
        $found[0..1].Rule | Should -Be 'LostValue', 'LostValue'
        $found[0..1].Property | Should -Be 'roles', 'address'
        $found[0..1].Severity | Should -Be 'Error', 'Error'
        $found[-1].Rejected | Should -Be 1
        Import-Csv $path | Test-UserProfile -Quiet | Should -BeFalse
    }

    It 'shows findings as a table' {
        $path = Join-Path $TestDrive 'table.csv'
        Set-Content $path 'distinct_id,$email', '1,nobody'
        $text = Test-UserProfile $path | Out-String -Width 200
        $text | Should -Match 'Severity\s+Rule\s+Property\s+Count\s+Lines'
        $text | Should -Match 'Warning\s+InvalidEmail\s+\$email\s+1\s+2\s+nobody'
        $text | Should -Match 'ExitCode\s+: 0'
    }

    It 'finds nothing in what an export wrote' {
        $null = Start-UserProfileServer
        @{ distinct_id = 'a'; '$email' = 'a@b.io' } | Set-UserProfile
        $path = Join-Path $TestDrive 'export.csv'
        Export-UserProfileCsv $path
        Test-UserProfile $path -Strict -Quiet | Should -BeTrue
        Stop-UserProfileServer
    }

    It 'skips empty values of rows as Set-UserProfile does, and says so once' {
        $rows = 'id,$email,plan', '1,,', '2,,' | ConvertFrom-Csv
        $result = $rows | Test-UserProfile -IdentifierProperty id -WarningVariable warnings -WarningAction SilentlyContinue
        $result.Read, $result.Valid, $result.ExitCode | Should -Be 2, 2, 0
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -BeLike "Empty values of '`$email', 'plan' were skipped*"
    }

    It 'tests rows with the -EmptyCell that Set-UserProfile will have' {
        $rows = 'id,n', '1,2', '2,' | ConvertFrom-Csv
        $rows | Test-UserProfile -IdentifierProperty id -Operation Add -Quiet -WarningVariable warnings | Should -BeTrue
        ($rows | Test-UserProfile -IdentifierProperty id -EmptyCell Unset -WarningVariable +warnings).Valid | Should -Be 2
        $warnings | Should -BeNullOrEmpty
        { $rows | Test-UserProfile -IdentifierProperty id -Operation Add -EmptyCell Null } | Should -Throw -ErrorId 'OptionNotForOperation,*'
    }

    It 'does not count $null of the pipeline' {
        $null, @{ distinct_id = 'a'; n = 1 }, $null | Test-UserProfile -ErrorAction Stop | ForEach-Object Read | Should -Be 1
        ($null | Test-UserProfile -ErrorAction Stop).Read | Should -Be 0
        (Test-UserProfile -InputObject $null).Read | Should -Be 0
    }
}
