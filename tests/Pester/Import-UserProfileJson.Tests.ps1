BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Import-UserProfileJson' {
    BeforeEach {
        $server = Start-UserProfileServer
        $path = Join-Path $TestDrive 'users.ndjson'
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'imports every object with the types of its values, and accounts for it' {
        Set-Content $path '{"id":1,"nick":"Ann","logins":7,"tags":["a","b"]}', '{"id":2,', '', '{"name":"nobody"}'
        $result = Import-UserProfileJson $path -IdentifierProperty id -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Read, $result.Accepted, $result.Rejected, $result.ExitCode | Should -Be 3, 1, 2, 1
        $failed.FullyQualifiedErrorId | Should -BeLike '*,*ImportUserProfileJsonCommand'
        $ann = Get-UserProfile 1
        $ann.logins | Should -BeOfType [long]
        $ann.tags | Should -Be 'a', 'b'
    }

    It 'takes what ConvertTo-Json makes of profiles' {
        Set-UserProfile 1 -Property @{ plan = 'pro'; score = 1.5; nested = @{ a = 1 } }
        Set-UserProfile 2 -Property @{ plan = 'free' }
        Get-UserProfile | ConvertTo-Json -Depth 5 | Set-Content $path
        Get-UserProfile | Remove-UserProfile -Force
        (Import-UserProfileJson $path -WarningVariable warned -WarningAction SilentlyContinue).Accepted | Should -Be 2
        $warned | Should -BeLike "*UpdatedAt*"
        (Get-UserProfile 1).score | Should -Be 1.5
        (Get-UserProfile 1).nested.a | Should -Be 1
        (Get-UserProfile 1).PSObject.Properties.Name | Should -HaveCount 5
    }

    It 'takes one profile that ConvertTo-Json wrote over several lines' {
        Set-UserProfile 1 -Property @{ plan = 'pro' }
        Get-UserProfile 1 | ConvertTo-Json | Set-Content $path
        Remove-UserProfile 1 -Force
        (Import-UserProfileJson $path -WarningAction SilentlyContinue).Accepted | Should -Be 1
        (Get-UserProfile 1).plan | Should -Be 'pro'
    }

    It 'takes a backup of removed profiles back' {
        Set-UserProfile 1 -Property @{ plan = 'pro'; score = 1.5 }
        Remove-UserProfile 1 -BackupPath (Join-Path $TestDrive 'backup.jsonl') -Force
        (Import-UserProfileJson (Join-Path $TestDrive '*.jsonl') -IgnoreTime -WarningAction SilentlyContinue).Accepted | Should -Be 1
        (Get-UserProfile 1).score | Should -Be 1.5
    }

    It 'takes identify calls of Segment, and so does the pipeline' {
        Set-Content $path '{"type":"identify","userId":"u1","traits":{"email":"a@b.io","firstName":"Ann","address":{"city":"Graz"}},"timestamp":"2026-01-01T00:00:00Z"}'
        (Import-UserProfileJson $path).Accepted | Should -Be 1
        (Get-UserProfile u1).'$city' | Should -Be 'Graz'
        Remove-UserProfile u1 -Force
        Get-Content $path | ConvertFrom-Json | Set-UserProfile
        (Get-UserProfile u1).'$city' | Should -Be 'Graz'
        (Get-UserProfile u1).'$first_name' | Should -Be 'Ann'
    }

    It 'tries refused objects again' {
        Set-Content $path '{"distinct_id":"1","$email":"nobody"}'
        $rejects = Join-Path $TestDrive 'refused.ndjson'
        (Import-UserProfileJson $path -Strict -RejectPath $rejects -ErrorAction SilentlyContinue).Rejected | Should -Be 1
        (Get-Content $rejects | ConvertFrom-Json)._errorId | Should -Be 'InvalidEmail'
        (Import-UserProfileJson $rejects -WarningAction SilentlyContinue).Accepted | Should -Be 1
    }

    It 'refuses what ConvertTo-Json writes in place of what is too deep' {
        [pscustomobject]@{ id = 1; o = @{ a = @{ b = @{ c = 1 } } } }, [pscustomobject]@{ id = 2; o = @{ a = 1 } } | ConvertTo-Json -Depth 2 -WarningAction Ignore | Set-Content $path
        $result = Import-UserProfileJson $path -IdentifierProperty id -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Accepted, $result.Rejected | Should -Be 1, 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'LostValue,*'
        Set-Content $path '{"id":3,"t":"System.Object[]"}', '{"id":4,"t":["x","System.Collections.Generic.List\u00601[System.String]"]}', '{"id":5,"t":"@{a=\u0027b\u0027}"}', '{"id":6,"t":"Send System.Object[]"}'
        $result = Import-UserProfileJson $path -IdentifierProperty id -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Accepted, $result.Rejected | Should -Be 1, 3
    }

    It 'sends nothing with -WhatIf' {
        Set-Content $path '[{"distinct_id":"1","a":1}]'
        (Import-UserProfileJson $path -WhatIf).Read | Should -Be 1
        $server.RequestCount | Should -Be 0
    }

    It 'imports what ConvertTo-Json makes of rows of Import-Csv' {
        $csv = Join-Path $TestDrive 'rows.csv'
        'user_id,plan', '007,pro', '008,free' | Set-Content $csv
        Import-Csv $csv | ConvertTo-Json | Set-Content $path
        (Import-UserProfileJson $path -IdentifierProperty user_id).Accepted | Should -Be 2
        (Get-UserProfile '007').plan | Should -Be 'pro'
    }

    It 'imports every file of Get-ChildItem as one run' {
        foreach ($id in 'x', 'y') { @{ distinct_id = $id; plan = 'pro' } | ConvertTo-Json -Compress | Set-Content (Join-Path $TestDrive "part-$id.json") }
        $result = Get-ChildItem (Join-Path $TestDrive 'part-*.json') | Import-UserProfileJson
        $result.Accepted, @($result.Path).Count | Should -Be 2, 2
    }

    It 'completes members from the first objects of the file' {
        Set-Content $path '{"user id":"1","plan":"pro"}', '{"user id":"2","seats":3}', 'no object', '{"user id":"3"}'
        foreach ($parameter in 'IdentifierProperty', 'Property', 'ExcludeProperty', 'HashProperty') {
            (Complete "Import-UserProfileJson '$path' -$parameter ").CompletionText | Should -Be "'user id'", 'plan', 'seats'
        }
        (Complete "Import-UserProfileJson -LiteralPath '$path' -Property se").CompletionText | Should -Be 'seats'
        Complete "Import-UserProfileJson '$path-gone' -Property se" | Should -BeNullOrEmpty
    }
}
