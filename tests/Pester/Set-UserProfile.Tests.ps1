BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Set-UserProfile' {
    BeforeEach {
        $server = Start-UserProfileServer
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'takes what Import-Csv and ConvertFrom-Json write' {
        "id,plan`n1,pro`n2,free" | ConvertFrom-Csv | Set-UserProfile -IdentifierProperty id
        '[{"id":3,"plan":"team","seats":[1,2],"address":{"city":"Bern"}}]' | ConvertFrom-Json | Set-UserProfile -IdentifierProperty id
        (Get-UserProfile 1, 2, 3).plan | Sort-Object | Should -Be 'free', 'pro', 'team'
        $third = Get-UserProfile 3
        $third.seats | Should -Be 1, 2
        $third.address.city | Should -BeExactly 'Bern'
    }

    It 'takes calculated properties of Select-Object' {
        Get-ChildItem $PSScriptRoot -File | Select-Object @{ n = 'distinct_id'; e = { $_.Name } }, Length | Set-UserProfile
        (Get-UserProfile 'Common.ps1').Length | Should -BeGreaterThan 0
    }

    It 'takes rows out of a job, without what the job adds to them' {
        $rows = Start-Job { [pscustomobject]@{ distinct_id = 'a'; v = 1 } } | Receive-Job -Wait -AutoRemoveJob
        $rows.RunspaceId | Should -Not -BeNullOrEmpty
        $rows | Set-UserProfile
        (Get-UserProfile a).psobject.Properties.Name | Should -Be 'DistinctId', 'UpdatedAt', 'v'
    }

    It 'sets properties of named profiles and keeps the others' {
        Set-UserProfile -DistinctId a -Property @{ plan = 'free'; seats = 1 }
        Set-UserProfile -DistinctId a -Property @{ plan = 'pro' }
        $profile = Get-UserProfile a
        $profile.plan, $profile.seats | Should -Be 'pro', 1
    }

    It 'refuses a row without identifier and sends the others' {
        [pscustomobject]@{ id = 1 }, [pscustomobject]@{ other = 2 }, [pscustomobject]@{ id = 3 } |
            Set-UserProfile -IdentifierProperty id -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | Should -HaveCount 1
        $failed[0].TargetObject.other | Should -Be 2
        $server.ProfileCount | Should -Be 2
    }

    It 'copies profiles from one service to another' {
        Set-UserProfile -DistinctId a -Property @{ n = 12345678901234567; f = 0.1; nested = @{ list = 1, 'x', $null } }
        $source = Get-UserProfileConnection
        $null = Start-UserProfileServer
        Get-UserProfile -Connection $source | Set-UserProfile
        $copy = Get-UserProfile a
        $copy.n | Should -Be 12345678901234567
        $copy.f | Should -Be 0.1
        $copy.nested.list | Should -Be 1, 'x', $null
    }

    It 'refuses rows of Import-Csv in which a list was lost, and keeps what is stored' {
        Set-UserProfile a -Property @{ roles = 'admin', 'dev' }
        $path = Join-Path $TestDrive 'lost.csv'
        [pscustomobject]@{ distinct_id = 'a'; roles = 'admin', 'dev' }, [pscustomobject]@{ distinct_id = 'b'; roles = 'x' } | Export-Csv $path
        Import-Csv $path | Set-UserProfile -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'LostValue,*'
        $failed[0].TargetObject.distinct_id | Should -Be 'a'
        $failed[0].ErrorDetails.RecommendedAction | Should -BeLike '*-join*'
        (Get-UserProfile a).roles | Should -Be 'admin', 'dev'
        (Get-UserProfile b).roles | Should -Be 'x'
    }

    It 'refuses it in -Property, in lists and inside objects, and not in a sentence' -ForEach @(
        @{ Value = 'System.Object[]'; Rejected = 1 }
        @{ Value = '@{a=1}'; Rejected = 1 }
        @{ Value = 'x', 'System.Collections.Hashtable'; Rejected = 1 }
        @{ Value = @{ a = @{ b = '@{c=1}' } }; Rejected = 1 }
        @{ Value = 'It said System.Object[]'; Rejected = 0 }
    ) {
        Set-UserProfile a -Property @{ p = $Value } -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed | Should -HaveCount $Rejected
        $server.ProfileCount | Should -Be (1 - $Rejected)
    }

    It 'sends nothing with -WhatIf' {
        Set-UserProfile -DistinctId a -Property @{ b = 1 } -WhatIf
        $server.RequestCount | Should -Be 0
    }

    It 'works in parallel runspaces with -Connection' {
        $connection = Get-UserProfileConnection
        $module = (Get-Module ProfilesModule).Path
        1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:module
            Set-UserProfile -DistinctId "p$_" -Property @{ n = $_ } -Connection $using:connection
        }
        $server.ProfileCount | Should -Be 8
    }

    It 'completes time zones' {
        (Complete 'Set-UserProfile -InputObject $row -TimeZone America/New').CompletionText | Should -Contain 'America/New_York'
    }

    Context 'Empty values' {
        BeforeEach {
            Set-UserProfile u1 -Property @{ plan = 'pro'; note = 'keep'; area = 'Bern' }

            # Properties as JSON, sorted by name: it tells null, empty text and a missing property apart.
            function ConvertTo-SortedJson($Properties) {
                $sorted = [ordered]@{}
                foreach ($name in $Properties.Keys | Sort-Object) { $sorted[$name] = $Properties[$name] }
                $sorted | ConvertTo-Json -Compress
            }
            function Get-Json($Id = 'u1') { ConvertTo-SortedJson (Get-UserProfile $Id).Properties }
        }

        It 'skips the empty cells of Import-Csv as an import does, and says so once' {
            $path = Join-Path $TestDrive 'users.csv'
            Set-Content $path 'distinct_id,plan,note,area', 'u1,free,,', 'u2,,,', 'u3,team,x,'
            Import-Csv $path | Set-UserProfile -WarningVariable warnings -WarningAction SilentlyContinue
            Get-Json | Should -BeExactly '{"area":"Bern","note":"keep","plan":"free"}'
            Get-Json u2 | Should -BeExactly '{}'
            Get-Json u3 | Should -BeExactly '{"note":"x","plan":"team"}'
            $warnings | Should -HaveCount 1
            $warnings[0].Message | Should -BeLike "*'note', 'area', 'plan'*-EmptyCell Empty*"
        }

        It 'names a handful of many properties' {
            'distinct_id,a,b,c,d,e,f,g', 'u1,,,,,,,' | ConvertFrom-Csv | Set-UserProfile -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -HaveCount 1
            $warnings[0].Message | Should -BeLike "*'a', 'b', 'c', 'd', 'e' and 2 more*"
        }

        It 'does not tell $null, which ConvertFrom-Csv gives for a last cell, from an empty text' {
            $row = 'distinct_id,plan,note', 'u1,,' | ConvertFrom-Csv
            $row.plan | Should -BeExactly ''
            $null -eq $row.note | Should -BeTrue
            $row | Set-UserProfile -WarningAction SilentlyContinue
            Get-Json | Should -BeExactly '{"area":"Bern","note":"keep","plan":"pro"}'
        }

        It 'does with -EmptyCell <action> what an import does' -ForEach @(
            @{ Action = 'Skip'; Expected = '{"area":"1","note":"keep","plan":"pro"}' }
            @{ Action = 'Null'; Expected = '{"area":"1","note":null,"plan":null}' }
            @{ Action = 'Empty'; Expected = '{"area":"1","note":"","plan":""}' }
            @{ Action = 'Unset'; Expected = '{"area":"1"}' }
        ) {
            $path = Join-Path $TestDrive 'blanks.csv'
            Set-Content $path 'distinct_id,area,plan,note', 'u1,1,,', 'u2,1,,'
            Set-UserProfile u2 -Property @{ plan = 'pro'; note = 'keep' }
            Import-UserProfileCsv $path -EmptyCell $action | Out-Null
            Get-Json u1 | Should -BeExactly $expected
            Get-Json u2 | Should -BeExactly $expected

            Set-UserProfile u1, u2 -Property @{ plan = 'pro'; note = 'keep' }
            Import-Csv $path | Set-UserProfile -EmptyCell $action -WarningVariable warnings
            Get-Json u1 | Should -BeExactly $expected
            Get-Json u2 | Should -BeExactly $expected
            $warnings | Should -BeNullOrEmpty
        }

        It 'removes properties in the same request as it sets others' {
            'distinct_id,plan,note', 'u1,free,', 'u1,,new' | ConvertFrom-Csv | Set-UserProfile -EmptyCell Unset
            Get-Json | Should -BeExactly '{"area":"Bern","note":"new"}'
            $server.RequestCount | Should -Be 3
        }

        It 'takes nothing in a row for nothing to set' {
            'distinct_id,plan', 'new,' | ConvertFrom-Csv | Set-UserProfile -WarningAction SilentlyContinue
            Get-Json new | Should -BeExactly '{}'
            'distinct_id,plan', 'gone,' | ConvertFrom-Csv | Set-UserProfile -EmptyCell Unset
            $server.ProfileCount | Should -Be 2
        }

        It 'skips DBNull of data rows, and empty values of dictionaries, Select-Object and JSON' {
            $table = [System.Data.DataTable]::new()
            'distinct_id', 'plan', 'note' | ForEach-Object { $null = $table.Columns.Add($_) }
            $null = $table.Rows.Add('u1', [DBNull]::Value, '')
            $table.Rows | Set-UserProfile -WarningAction SilentlyContinue
            @{ distinct_id = 'u1'; plan = ''; note = $null } | Set-UserProfile -WarningAction SilentlyContinue
            Get-Item $PSScriptRoot | Select-Object @{ n = 'distinct_id'; e = { 'u1' } }, plan, @{ n = 'note'; e = { $_.Missing } } | Set-UserProfile -WarningAction SilentlyContinue
            '{"distinct_id":"u1","plan":"","note":null}' | ConvertFrom-Json | Set-UserProfile -WarningAction SilentlyContinue
            Get-Json | Should -BeExactly '{"area":"Bern","note":"keep","plan":"pro"}'
        }

        It 'skips an empty line of Get-Content, which carries members of its own' {
            $path = Join-Path $TestDrive 'line.txt'
            Set-Content $path ''
            $line = Get-Content $path
            [pscustomobject]@{ distinct_id = 'u1'; note = $line }, @{ distinct_id = 'u1'; note = $line } | Set-UserProfile -WarningAction SilentlyContinue
            (Get-UserProfile u1).note | Should -BeExactly 'keep'
        }

        It 'sends blanks, and what is empty inside lists and objects' {
            '{"distinct_id":"u1","plan":" ","note":["",null],"area":{"a":"","b":null}}' | ConvertFrom-Json | Set-UserProfile -WarningVariable warnings
            Get-Json | Should -BeExactly '{"area":{"a":"","b":null},"note":["",null],"plan":" "}'
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike "*'plan' holds text with leading or trailing spaces*"
        }

        It 'sends what is given by name as it is' {
            Set-UserProfile u1 -Property ([ordered]@{ note = ''; plan = $null }) -WarningVariable warnings
            Get-Json | Should -BeExactly '{"area":"Bern","note":"","plan":null}'
            $warnings | Should -BeNullOrEmpty
        }

        It 'sends profiles as they are, also out of a file, unless -EmptyCell is given' {
            Set-UserProfile u1 -Property @{ note = ''; plan = $null }
            $profiles = Get-UserProfile
            Export-Clixml -InputObject $profiles -Path (Join-Path $TestDrive 'profiles.xml')
            $null = Start-UserProfileServer
            $profiles | Set-UserProfile -WarningVariable warnings
            Get-Json | Should -BeExactly '{"area":"Bern","note":"","plan":null}'
            Remove-UserProfile u1 -Force
            Import-Clixml (Join-Path $TestDrive 'profiles.xml') | Set-UserProfile -WarningVariable +warnings
            Get-Json | Should -BeExactly '{"area":"Bern","note":"","plan":null}'
            $warnings | Should -BeNullOrEmpty
            $profiles | Set-UserProfile -EmptyCell Unset
            Get-Json | Should -BeExactly '{"area":"Bern"}'
        }

        It 'sends an empty text that was set in a profile' {
            $profile = Get-UserProfile u1
            $profile.note = ''
            $profile | Set-UserProfile
            (Get-UserProfile u1).note | Should -BeExactly ''
        }

        It 'skips empty numbers and elements with the other operations' -ForEach @(
            @{ Operation = 'Add'; Value = 2; Expected = 2 }
            @{ Operation = 'Union'; Value = 'a'; Expected = 'a' }
            @{ Operation = 'Append'; Value = 'a'; Expected = 'a' }
            @{ Operation = 'SetOnce'; Value = 'a'; Expected = 'a' }
        ) {
            'distinct_id,n,plan', "u1,$value,", 'u1,,' | ConvertFrom-Csv | Set-UserProfile -Operation $operation -WarningAction SilentlyContinue -ErrorAction Stop
            (Get-UserProfile u1).n | Should -Be $expected
            (Get-UserProfile u1).plan | Should -BeExactly 'pro'
        }

        It 'refuses -EmptyCell <action> with -Operation <operation>' -ForEach @(
            @{ Operation = 'Add'; Action = 'Null' }
            @{ Operation = 'Append'; Action = 'Empty' }
            @{ Operation = 'SetOnce'; Action = 'Unset' }
        ) {
            { 'distinct_id,plan', 'u1,' | ConvertFrom-Csv | Set-UserProfile -Operation $operation -EmptyCell $action } | Should -Throw -ErrorId 'OptionNotForOperation,*'
        }

        It 'tells with -WhatIf what a row would set and remove' {
            $lines = Invoke-Pwsh "Import-Module '$((Get-Module ProfilesModule).Path)'; `$null = Start-UserProfileServer
                'distinct_id,plan,note', 'u1,a,', 'u2,,' | ConvertFrom-Csv | Set-UserProfile -EmptyCell Unset -WhatIf
                'distinct_id,plan,note', 'u1,a,', 'u2,,' | ConvertFrom-Csv | Set-UserProfile -EmptyCell Skip -WhatIf"
            $lines -replace '.*operation "(.*)" on target "(.*)"\.', '$2: $1' | Should -Be @(
                "profile 'u1': Set 1 property, and unset 1", "profile 'u2': Unset 2 properties", "profile 'u1': Set 1 property", "profile 'u2': Set 0 properties")
        }

        It 'passes on what was sent' {
            $row = 'distinct_id,plan,note', 'u1,free,' | ConvertFrom-Csv
            ($row | Set-UserProfile -PassThru -EmptyCell Skip).Properties | ConvertTo-Json -Compress | Should -BeExactly '{"plan":"free"}'
            ($row | Set-UserProfile -PassThru -EmptyCell Empty).Properties | ConvertTo-Json -Compress | Should -BeExactly '{"plan":"free","note":""}'
            ($row | Set-UserProfile -PassThru -EmptyCell Null).Properties | ConvertTo-Json -Compress | Should -BeExactly '{"plan":"free","note":null}'
            ($row | Set-UserProfile -PassThru -EmptyCell Unset).Properties | ConvertTo-Json -Compress | Should -BeExactly '{"plan":"free"}'
        }
    }

    Context 'Rows that failed' {
        It 'has nothing to do when nothing failed' {
            [pscustomobject]@{ distinct_id = 'a'; n = 1 } | Set-UserProfile -ErrorVariable failed
            $before = $server.RequestCount
            $failed.TargetObject | Set-UserProfile -ErrorAction Stop
            $failed.TargetObject | Set-UserProfile -Property @{ n = 2 } -ErrorAction Stop
            Set-UserProfile -InputObject $null -ErrorAction Stop
            $server.RequestCount | Should -Be $before
        }

        It 'reads on behind $null' {
            $null, @{ distinct_id = 'a'; n = 1 }, $null | Set-UserProfile -ErrorAction Stop
            (Get-UserProfile a).n | Should -Be 1
        }

        It 'refuses $null as an argument, which may be a variable that was never set' {
            { Set-UserProfile $null -Property @{ n = 1 } } | Should -Throw -ErrorId 'IdentifierIsNull,*'
            { [pscustomobject]@{ DistinctId = $null } | Set-UserProfile -Property @{ n = 1 } -ErrorAction Stop } | Should -Throw
            $server.RequestCount | Should -Be 0
        }

        It 'sends thousands of rows again that an import refused, empty cells left out as the import leaves them out' {
            $ids = 1..3000 | ForEach-Object { "u$_" }
            $ids | Set-UserProfile -Property @{ plan = 'old'; note = 'keep' }
            $path = Join-Path $TestDrive 'refused.csv'
            Set-Content $path (@('distinct_id,plan,age,note') + $ids.ForEach({ "$_,new,unknown," }))
            $result = Import-UserProfileCsv $path -PropertyType @{ age = 'Number' } -ErrorVariable failed -ErrorAction SilentlyContinue
            $result.Rejected | Should -Be 3000

            $failed.TargetObject | Set-UserProfile -ErrorAction Stop -WarningAction SilentlyContinue
            $profiles = Get-UserProfile | Group-Object { "$($_.plan) $($_.age) $($_.note)" }
            $profiles.Name | Should -BeExactly 'new unknown keep'
            $profiles.Count | Should -Be 3000
        }

        It 'sends rows again that failed a batch at a time' {
            $null = Start-UserProfileServer -Fault @{ Kind = 'Status'; Every = 2; Endpoint = 'Ingestion' }
            1..2000 | ForEach-Object { [pscustomobject]@{ distinct_id = "u$_"; n = $_ } } |
                Set-UserProfile -MaxConcurrency 1 -MaximumRetryCount 0 -MaxFailure 100 -ErrorVariable failed -ErrorAction SilentlyContinue
            $failed | Should -HaveCount 5
            $failed.TargetObject | Set-UserProfile -MaxConcurrency 1 -RetryIntervalSec 1 -BatchSize 1000 -ErrorAction Stop
            (Get-UserProfile).n | Sort-Object | Should -Be (1..2000)
        }
    }
}
