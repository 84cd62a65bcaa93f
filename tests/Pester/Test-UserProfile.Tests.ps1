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

    It 'shows findings as a table, with every message and remedy in whole words on a screen of <_> columns' -ForEach 80, 120 {
        $path = Join-Path $TestDrive 'table.csv'
        Set-Content $path @(
            'distinct_id,$email,$phone,$country_code,$created,name,notes,$ip,$timezone'
            '1,nobody,044 668 18 00,Austria,31.12.2025,Ann,,1,Vienna'
            'null,a@b.io,+41446681800,AT,2025-01-01,Bob,,2,UTC'
            '3,foo at bar,0800,Germany,yesterday,Carl,,3,UTC'
            ',c@d.io,,US,2025-02-02,Dan,,4,UTC'
            '5,d@e.io,,DE,2025-02-02,Eve'
        )
        $found = Test-UserProfile $path
        $findings = $found | Where-Object Rule
        $findings.Count | Should -BeGreaterOrEqual 10
        $lines = ($found | Out-String -Width $_) -split '\r?\n'
        $lines | ForEach-Object Length | Should -BeLessOrEqual $_
        $lines -match '^Severity +Rule' | Should -HaveCount 1
        $lines -match '^Severity +:' | Should -BeNullOrEmpty
        $text = $lines.ForEach({ if ($_.Length -gt 34) { $_.Substring(34).TrimEnd() } }) -join ' '
        foreach ($finding in $findings) {
            $text | Should -BeLike "*$([WildcardPattern]::Escape("$($finding.Message) $($finding.Remedy)"))*"
        }
        $email = [array]::FindIndex($lines, [Predicate[string]] { $args[0] -match '^Warning +InvalidEmail ' })
        $lines[($email + 1)..($email + 3)].ForEach({ ($_ + ' ' * 34).Substring(9, 24).Trim() }) | Should -Be '$email', 'lines 2, 4', "'nobody'"
    }

    It 'shows what objects are to blame, and how many more' {
        $rows = 1..1234 | ForEach-Object { [pscustomobject]@{ distinct_id = $_; '$email' = "line`n2" } }
        $rows | Test-UserProfile | Out-String -Width 80 | Should -Match "objects 1, 2, 3, 4, 5\s+and 1$((Get-Culture).NumberFormat.NumberGroupSeparator)229 more\s+'line 2'"
    }

    It 'shows findings out of a job, and with columns that are chosen' {
        $found = @{ distinct_id = 1; '$email' = 'nobody' } | Test-UserProfile
        $shown = $found | Out-String -Width 80
        [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($found)) | Out-String -Width 80 | Should -Be $shown
        $found[0] | Format-Table Rule, Count | Out-String | Should -Match 'InvalidEmail +1\s*$'
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
        $warnings[0].Message | Should -BeLike "*'`$email', 'plan'*"
    }

    It 'tests rows with the -EmptyCell that Set-UserProfile will have' {
        $rows = 'id,n', '1,2', '2,' | ConvertFrom-Csv
        $rows | Test-UserProfile -IdentifierProperty id -Operation Add -Quiet -WarningVariable warnings | Should -BeTrue
        ($rows | Test-UserProfile -IdentifierProperty id -EmptyCell Unset -WarningVariable +warnings).Valid | Should -Be 2
        $warnings | Should -BeNullOrEmpty
        { $rows | Test-UserProfile -IdentifierProperty id -Operation Add -EmptyCell Null } | Should -Throw -ErrorId 'OptionNotForOperation,*'
    }

    It 'writes a report in one file, also with masked values, and none with -WhatIf' {
        $path = Join-Path $TestDrive 'users.csv'
        Set-Content $path 'distinct_id,$email,plan', '1,nobody,pro', '2,a@b.io,pro'
        $report = Join-Path $TestDrive 'report.html'
        (Test-UserProfile $path -ReportPath $report -WhatIf)[-1].Valid | Should -Be 2
        $report | Should -Not -Exist
        (Test-UserProfile $path -ReportPath $report)[-1].ExitCode | Should -Be 0
        Get-Content $report -Raw | Should -BeLike '*<title>Test of users.csv</title>*InvalidEmail*nobody*'
        Import-Csv $path | Test-UserProfile -MaskValue -ReportPath $report | Out-Null
        Get-Content $report -Raw | Should -BeLike '*<title>Test of objects</title>*InvalidEmail*xxxxxx*'
        Get-Content $report -Raw | Should -Not -BeLike '*nobody*'
        { Test-UserProfile $path -ReportPath (Join-Path $TestDrive 'none/report.html') } | Should -Throw -ErrorId 'PathNotFound,*'
    }

    It 'does not count $null of the pipeline' {
        $null, @{ distinct_id = 'a'; n = 1 }, $null | Test-UserProfile -ErrorAction Stop | ForEach-Object Read | Should -Be 1
        ($null | Test-UserProfile -ErrorAction Stop).Read | Should -Be 0
        (Test-UserProfile -InputObject $null).Read | Should -Be 0
    }
}
