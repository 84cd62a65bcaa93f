BeforeAll {
    . "$PSScriptRoot/Common.ps1"

    # What a command that imports a file of the test drive shows of its progress.
    function Get-Progress([scriptblock] $Script) {
        $job = Start-ThreadJob -InitializationScript ([scriptblock]::Create("Import-Module '$(Resolve-Path $manifest)'; Connect-UserProfileService -Token t -Endpoint $($server.Endpoint)")) $Script -ArgumentList $TestDrive
        $null = $job | Wait-Job
        $job.Progress
    }
}

Describe 'Import-UserProfileCsv' {
    BeforeEach {
        $server = Start-UserProfileServer
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'imports every row and accounts for it' {
        $path = Join-Path $TestDrive 'users.csv'
        1..1000 | ForEach-Object { [pscustomobject]@{ distinct_id = "u$_"; name = "Name, $_"; zip = '{0:d5}' -f $_ } } | Export-Csv $path
        $result = Import-UserProfileCsv $path
        $result.Accepted | Should -Be 1000
        $result.Requests | Should -Be 5
        $result.ExitCode | Should -Be 0
        (Get-UserProfile u7).zip | Should -BeExactly '00007'
        $server.ProfileCount | Should -Be 1000
    }

    It 'reads what Export-Csv writes with -Delimiter <delimiter> -Encoding <encoding>' -ForEach @(
        @{ Delimiter = ','; Encoding = 'utf8' }
        @{ Delimiter = ';'; Encoding = 'utf8BOM' }
        @{ Delimiter = "`t"; Encoding = 'unicode' }
        @{ Delimiter = '|'; Encoding = 'latin1' }
    ) {
        $path = Join-Path $TestDrive "dialect.csv"
        [pscustomobject]@{ id = 'x'; city = "Zürich `"a`", b; c|d`te`r`nf" } | Export-Csv $path -Delimiter $Delimiter -Encoding $Encoding
        $result = Import-UserProfileCsv $path -IdentifierColumn id -Delimiter $Delimiter -Encoding $Encoding
        $result.Accepted | Should -Be 1
        (Get-UserProfile x).city | Should -BeExactly "Zürich `"a`", b; c|d`te`r`nf"
    }

    It 'skips lines, takes quotes for text and ends after as many rows that cannot be parsed as are allowed' {
        $path = Join-Path $TestDrive 'report.csv'
        Set-Content $path 'A "report', '', 'distinct_id,height', "a,5'11`"", 'b', 'c'
        $result = Import-UserProfileCsv $path -SkipRows 2 -QuoteMode Lenient -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Accepted | Should -Be 1
        "$($failed[0])" | Should -BeLike 'report.csv, line 5: *'
        (Get-UserProfile a).height | Should -BeExactly "5'11`""
        $result = Import-UserProfileCsv $path -SkipRows 2 -QuoteMode Lenient -MaxParseErrors 1 -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.ExitCode | Should -Be 2
        $failed[-1].FullyQualifiedErrorId | Should -BeLike 'MaxParseErrorsReached,*'
    }

    It 'imports compressed files, of a wildcard as one run' {
        foreach ($name in 'one', 'two') {
            $gzip = [IO.Compression.GZipStream]::new([IO.File]::Create((Join-Path $TestDrive "$name.csv.gz")), [IO.Compression.CompressionLevel]::Optimal)
            $gzip.Write([Text.Encoding]::UTF8.GetBytes("distinct_id,v`n$name,x`n"))
            $gzip.Dispose()
        }
        (Import-UserProfileCsv (Join-Path $TestDrive '*.csv.gz')).Accepted | Should -Be 2
    }

    It 'refuses standard input in a job, where it carries no rows' {
        $module = (Get-Module ProfilesModule).Path
        $endpoint = $server.Endpoint
        Start-Job {
            Import-Module $using:module
            Connect-UserProfileService -Token t -Endpoint $using:endpoint
            $null = Import-UserProfileCsv - -ErrorVariable failed -ErrorAction SilentlyContinue
            $failed[0].FullyQualifiedErrorId
        } | Receive-Job -Wait -AutoRemoveJob | Should -BeLike 'StandardInputNotAvailable,*'
    }

    It 'names the line of a bad row, gives the row back and imports the others' {
        $path = Join-Path $TestDrive 'pipe[1].csv'
        Set-Content -LiteralPath $path 'distinct_id,v', 'a,1', ',2', 'c,3'
        $result = Import-UserProfileCsv -LiteralPath $path -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Accepted, $result.Rejected, $result.ExitCode | Should -Be 2, 1, 1
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeExactly 'MissingIdentifier,ProfilesModule.Commands.ImportUserProfileCsvCommand'
        "$($failed[0])" | Should -BeLike '*line 3*'
        $failed[0].TargetObject.v | Should -BeExactly '2'
    }

    It 'takes paths of drives, and files of Get-ChildItem whose names hold brackets' {
        Set-Content -LiteralPath 'TestDrive:/a[1].csv' 'distinct_id,v', 'a,1'
        Set-Content TestDrive:/b.csv 'distinct_id,v', 'b,1'
        (Import-UserProfileCsv TestDrive:/b.csv).Accepted | Should -Be 1
        (Get-ChildItem -LiteralPath 'TestDrive:/a[1].csv' | Import-UserProfileCsv).Accepted | Should -Be 1
        (Get-UserProfile).DistinctId | Sort-Object | Should -Be 'a', 'b'
    }

    It 'sends nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'whatif.csv'
        Set-Content $path 'distinct_id,v', 'a,1'
        (Import-UserProfileCsv $path -WhatIf).Skipped | Should -Be 1
        $server.RequestCount | Should -Be 0
    }

    It 'says which columns there are when the identifier is not among them' {
        $path = Join-Path $TestDrive 'other.csv'
        Set-Content $path 'user;plan', 'a;pro'
        { Import-UserProfileCsv $path -ErrorAction Stop } | Should -Throw -ErrorId 'IdentifierColumnNotFound,*'
        (Import-UserProfileCsv $path -ErrorAction SilentlyContinue).ExitCode | Should -Be 2
    }

    It 'completes identifier columns from the header of the file' {
        $path = Join-Path $TestDrive 'columns.csv'
        Set-Content $path "user_id;user name;o'clock", '1;2;3'
        (Complete "Import-UserProfileCsv '$path' -Delimiter ';' -IdentifierColumn u").CompletionText | Should -Be 'user_id', "'user name'"
        (Complete "Import-UserProfileCsv -Path '$path' ';' -IdentifierColumn o").CompletionText | Should -Be "'o''clock'"
        Complete "Import-UserProfileCsv -LiteralPath '$path' -IdentifierColumn zzz" | Should -BeNullOrEmpty
    }

    It 'shows a summary as a list of every member, and several as a table' {
        $path = Join-Path $TestDrive 'shown.csv'
        Set-Content $path 'distinct_id,v', 'a,1', 'b,2'
        $result = Import-UserProfileCsv $path
        $task = Import-UserProfileCsv $path -Partition 0 -PartitionCount 2
        ($task | Out-String -Width 200).Trim() -split '\r?\n' -replace '\s*:.*' | Should -Be $task.PSObject.Properties.Name
        $names = @($result.PSObject.Properties.Name) -notmatch 'Partition'
        ($result | Out-String -Width 200).Trim() -split '\r?\n' -replace '\s*:.*' | Should -Be $names
        $table = $result, $result | Format-Table -Force | Out-String -Width 80
        $table | Should -MatchExactly 'Read Accepted Unchanged Rejected Skipped Unknown Unsent ExitCode Files'
        [regex]::Matches($table, '(?m)^ +2 +2 +0 +0 +0 +0 +0 +0 shown\.csv').Count | Should -Be 2
    }

    It 'keeps refused rows, which the same command tries again' {
        $path = Join-Path $TestDrive 'rows.csv'
        $rejects = Join-Path $TestDrive 'refused.csv'
        Set-Content $path 'distinct_id,name', 'a,Ann', ',Bob', 'c,Carol,more', '"d","Dora, ""D"""'
        $result = Import-UserProfileCsv $path -RejectPath $rejects -ErrorAction SilentlyContinue
        $result.Rejected | Should -Be 2
        (Import-Csv $rejects)[0]._line | Should -Be 3
        (Get-Content $rejects)[1] | Should -BeLike ',Bob,3,*,MissingIdentifier'
        (Get-Content $rejects)[2] | Should -BeLike 'c,Carol,more,4,*,FieldCountMismatch'
        (Get-Content $rejects) -replace '^,Bob', 'b,Bob' | Set-Content $rejects
        $again = Import-UserProfileCsv $rejects -RejectPath (Join-Path $TestDrive 'again.csv') -ErrorAction SilentlyContinue
        $again.Accepted | Should -Be 1
        (Get-UserProfile b).name | Should -Be 'Bob'
        (Get-UserProfile b).PSObject.Properties.Name | Should -Not -Contain '_line'
    }

    It 'goes on with an import that ended early' {
        $path = Join-Path $TestDrive 'many.csv'
        $journal = Join-Path $TestDrive 'many.journal'
        1..2000 | ForEach-Object { [pscustomobject]@{ distinct_id = "j$_"; n = $_ } } | Export-Csv $path
        Stop-UserProfileServer
        $database = Join-Path $TestDrive 'many.db'
        $broken = Start-UserProfileServer -Path $database -Fault @{ Every = 5; Status = 401 }
        $result = Import-UserProfileCsv $path -JournalPath $journal -ErrorAction SilentlyContinue
        $result.ExitCode | Should -Be 2
        Stop-UserProfileServer
        $server = Start-UserProfileServer -Path $database -Port $broken.Endpoint.Port
        $resumed = Import-UserProfileCsv $path -JournalPath $journal -Resume
        $resumed.Accepted | Should -Be 2000
        $resumed.Resumed | Should -Be $result.Accepted
        $server.ProfileCount | Should -Be 2000
        (Import-UserProfileCsv $path -JournalPath $journal -Resume -WarningAction SilentlyContinue).Requests | Should -Be 0
    }

    It 'goes on with -Debug where nobody can be asked' {
        $path = Join-Path $TestDrive 'debug.csv'
        'distinct_id,$phone', '1,no phone', ',2', (3..600 | ForEach-Object { "$_,no phone" }) | ForEach-Object { $_ } | Set-Content $path
        $result = Wait-Pwsh (Start-Pwsh "
            `$server = Start-UserProfileServer -Debug
            `$r = Import-UserProfileCsv '$path' -Debug -WarningVariable w -ErrorAction SilentlyContinue
            `"`$(`$r.Read) read, `$(`$r.Accepted) accepted, `$(`$r.Rejected) rejected, `$(`$w.Count) warnings, `$(`$server.ProfileCount) stored`"")
        $result.Output | Should -BeLike '*DEBUG: Batch 3: *402-600*'
        $result.Output | Should -Not -BeLike '*VERBOSE*'
        $result.Output.TrimEnd() | Should -BeLike '*600 read, 599 accepted, 1 rejected, 2 warnings, 599 stored'
        $result.Errors | Should -BeNullOrEmpty
    }

    It 'writes its summary before a warning ends it' {
        $path = Join-Path $TestDrive 'warning.csv'
        Set-Content $path 'distinct_id,$phone', 'a,1', 'b,2', 'c,3'
        try { $null = Import-UserProfileCsv $path -BatchSize 1 -WarningAction Stop -OutVariable result } catch { $stopped = $_ }
        $stopped.FullyQualifiedErrorId | Should -BeLike 'ActionPreferenceStop,*'
        $result | Should -HaveCount 1
        $result[0].Accepted + $result[0].Unsent | Should -Be $result[0].Read
        $server.ProfileCount | Should -Be $result[0].Accepted
    }

    It 'shows one progress bar for all files, with the name, the pace and the rest, in 80 columns' {
        foreach ($name in 'users-2026-11-01', 'users-2026-11-02') {
            'distinct_id,n', (1..3000 | ForEach-Object { $_ % 500 ? "$_,$name" : ",$name" }) | ForEach-Object { $_ } | Set-Content (Join-Path $TestDrive "$name.csv")
        }
        $shown = Get-Progress { Import-UserProfileCsv (Join-Path $args[0] 'users-*.csv') -MaxUpdatesPerSecond 4000 -ErrorAction SilentlyContinue }
        $shown.Activity | Select-Object -Unique | Should -Be 'Import-UserProfileCsv'
        $shown.PercentComplete | Should -Be ($shown.PercentComplete | Sort-Object)
        $shown.Where({ $_.StatusDescription -like 'users-2026-11-01.csv, */s*' }).PercentComplete | Should -BeLessOrEqual 50
        $shown.Where({ $_.StatusDescription -like 'users-2026-11-02.csv, */s*' }).PercentComplete | Should -BeGreaterOrEqual 50
        $shown.StatusDescription -like '* rejected' | Should -Not -BeNullOrEmpty
        $shown.SecondsRemaining | Should -Contain 1
        $shown | ForEach-Object { "$($_.Activity) [$($_.StatusDescription) $($_.SecondsRemaining)s]".Length } | Should -BeLessOrEqual 79
    }

    It 'counts down a wait that the service asks for' {
        Stop-UserProfileServer
        $server = Start-UserProfileServer -Fault @{ Kind = 'Status'; First = 1; Status = 429; RetryAfter = 4 }
        $path = Join-Path $TestDrive 'waiting.csv'
        'distinct_id,n', (1..1000 | ForEach-Object { "$_,1" }) | ForEach-Object { $_ } | Set-Content $path
        $shown = Get-Progress { Import-UserProfileCsv (Join-Path $args[0] 'waiting.csv') }
        # The bar is shown once a second, at instants that the machine chooses: which seconds it shows is chance, that they go down is not.
        $seconds = $shown.StatusDescription | Select-String '^waiting\.csv, waiting (\d) s \(Retry-After\)$' | ForEach-Object { [int] $_.Matches.Groups[1].Value }
        $seconds | Should -Be ($seconds | Sort-Object -Descending)
        $seconds | ForEach-Object { $_ | Should -BeIn 1, 2, 3, 4 }
        @($seconds | Select-Object -Unique).Count | Should -BeGreaterOrEqual 2
        $shown[-1].StatusDescription | Should -BeLike '*/s, 1 retry'
    }

    It 'takes back what Export-Csv wrote of profiles, lists and objects with the type Json' {
        $path = Join-Path $TestDrive 'profiles.csv'
        Set-UserProfile a -Property @{ plan = 'pro'; roles = 'admin', 'dév'; one = , 1; none = @(); address = @{ city = 'Bern'; tags = 'x', $null } }
        Get-UserProfile | Where-Object plan -EQ pro | Export-Csv $path
        Set-UserProfile a -Property @{ roles = 'other'; one = 2; none = 3; address = 4 }
        (Import-UserProfileCsv $path -PropertyType @{ roles = 'Json'; one = 'Json'; none = 'Json'; address = 'Json' } 3> $null).Accepted | Should -Be 1
        $back = Get-UserProfile a
        $back.roles | Should -Be 'admin', 'dév'
        $back.one | Should -Be 1
        $back.none.Count | Should -Be 0
        $back.address.city, $back.address.tags[0] | Should -Be 'Bern', 'x'
        $back.address.tags | Should -HaveCount 2
    }

    It 'takes back profiles of Import-Clixml that Export-Csv wrote, without what is no property' {
        Set-UserProfile a -Property @{ roles = 'admin', 'dev' }
        Get-UserProfile a | Export-Clixml (Join-Path $TestDrive 'a.clixml')
        $path = Join-Path $TestDrive 'a.csv'
        Import-Clixml (Join-Path $TestDrive 'a.clixml') | Export-Csv $path
        Remove-UserProfile a -Force
        (Import-UserProfileCsv $path -PropertyType @{ roles = 'Json' } 3> $null).Accepted | Should -Be 1
        (Get-UserProfile a).roles | Should -Be 'admin', 'dev'
        (Get-UserProfile a).PSObject.Properties.Name | Should -Be 'DistinctId', 'UpdatedAt', 'roles'
    }

    It 'refuses what Export-Csv writes in place of <Name>' -ForEach @(
        @{ Name = 'a list'; Value = 'a', 'b' }
        @{ Name = 'bytes'; Value = [byte[]](1, 2) }
        @{ Name = 'a table'; Value = @{ a = 1 } }
        @{ Name = 'an ordered table'; Value = [ordered]@{ a = 1 } }
        @{ Name = 'an ArrayList'; Value = [Collections.ArrayList](1, 2) }
        @{ Name = 'a generic list'; Value = [Collections.Generic.List[string]]('a', 'b') }
        @{ Name = 'the keys of a dictionary'; Value = [Collections.Generic.Dictionary[string, object]]::new().Keys }
        @{ Name = 'an object'; Value = [pscustomobject]@{ a = 1; b = 'x y' } }
        @{ Name = 'a list of tables'; Value = Write-Output -NoEnumerate (@{ a = 1 }, @{ a = 2 }) }
        @{ Name = 'a credential'; Value = [pscredential]::new('u', (ConvertTo-SecureString x -AsPlainText)) }
        @{ Name = 'a secret'; Value = ConvertTo-SecureString x -AsPlainText }
        @{ Name = 'XML'; Value = ([xml]'<a><b c="d"/></a>').a.b }
        @{ Name = 'a data row'; Value = [Data.DataTable]::new().NewRow() }
    ) {
        $path = Join-Path $TestDrive 'lost.csv'
        [pscustomobject]@{ distinct_id = 'a'; plan = 'pro'; lost = $Value }, [pscustomobject]@{ distinct_id = 'b'; plan = 'pro'; lost = 'text' } | Export-Csv $path
        $result = Import-UserProfileCsv $path -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Accepted, $result.Rejected | Should -Be 1, 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'LostValue,*'
        "$($failed[0])" | Should -BeLike "*'lost'*"
        Get-UserProfile | ForEach-Object DistinctId | Should -Be 'b'
    }

    It 'takes texts that only look like them' {
        $texts = 'System.Object[] is what it said', 'System', 'System.Title', 'System.Read', 'System.IO.IOException', 'System.Collections.Generic.KeyNotFoundException',
        'Microsoft.Teams', 'Microsoft Collection', 'Microsoft.WindowsCalculator_8wekyb3d8bbwe', '@{name}', '@ann', 'user.roles[]', 'Notes [2]', 'Deserialized.', '[1]', 'Dear @{x=1}', 'Enum.Value',
        (Get-Date).DayOfWeek, [ConsoleColor]::Red, [version]'1.2.3', [guid]::NewGuid(), [timespan]::FromHours(1), [uri]'https://example.com/a[1]'
        $path = Join-Path $TestDrive 'kept.csv'
        0..($texts.Count - 1) | ForEach-Object { [pscustomobject]@{ distinct_id = "t$_"; text = $texts[$_] } } | Export-Csv $path
        $result = Import-UserProfileCsv $path
        $result.Accepted | Should -Be $texts.Count
        (Get-UserProfile t0).text | Should -BeExactly $texts[0]
    }

    It 'refuses it as the identifier, in a list and in a column that -ExpandName makes a member' {
        $path = Join-Path $TestDrive 'places.csv'
        Set-Content $path 'distinct_id,tags,o.a', 'System.Object[],x,1', 'b,x;System.Object[],2', 'c,@{a=1; b=2},3', 'd,x,System.Collections.Hashtable'
        $result = Import-UserProfileCsv $path -PropertyType @{ tags = 'List' } -ExpandName -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Rejected | Should -Be 4
        $failed.FullyQualifiedErrorId | Should -BeLike 'LostValue,*'
    }

    It 'keeps twenty thousand refused rows, which can be sent again' {
        $path = Join-Path $TestDrive 'phones.csv'
        'distinct_id,$phone', (1..20000 | ForEach-Object { "$_,none" }) | ForEach-Object { $_ } | Set-Content $path
        $result = Import-UserProfileCsv $path -Strict -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Rejected | Should -Be 20000
        $failed | Should -HaveCount 20000
        $failed.TargetObject | Set-UserProfile -WarningAction SilentlyContinue
        $server.ProfileCount | Should -Be 20000
    }

    It 'shows the first refused row as any error and those like it in one line each' {
        $path = Join-Path $TestDrive 'shown-errors.csv'
        'distinct_id,n', (1..1000 | ForEach-Object { ",$_" }) | ForEach-Object { $_ } | Set-Content $path
        $result = Wait-Pwsh (Start-Pwsh "`$null = Start-UserProfileServer; `$null = Import-UserProfileCsv '$path' -ErrorVariable failed; `$ErrorView = 'CategoryView'; `$failed[9]")
        $lines = $result.Errors.TrimEnd() -split '\r?\n'
        $lines[0] | Should -BeLike "*shown-errors.csv, line 2: *'distinct_id'*"
        $lines -match 'Recommendation: ' | Should -HaveCount 1
        $lines.Count | Should -BeLessThan 1010
        $lines[-1] | Should -BeLike "Import-UserProfileCsv: shown-errors.csv, line 1001: *'distinct_id'*"
        $result.Output | Should -BeLike 'InvalidData: *'
    }

    It 'tells of the rows beyond a hundred of one error as one, where the reject file has them' {
        $path = Join-Path $TestDrive 'many-refused.csv'
        $rejects = Join-Path $TestDrive 'many-refused.bad.csv'
        'distinct_id,n', (1..20000 | ForEach-Object { ",$_" }), 'a,1,2', 'b,3' | ForEach-Object { $_ } | Set-Content $path
        $result = Import-UserProfileCsv $path -RejectPath $rejects -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Rejected, $result.Accepted | Should -Be 20001, 1
        $failed | Group-Object FullyQualifiedErrorId -NoElement | ForEach-Object Count | Should -Be 1, 101
        $rest = $failed[-1]
        $rest.FullyQualifiedErrorId | Should -Be $failed[0].FullyQualifiedErrorId
        $rest.CategoryInfo.Category | Should -Be $failed[0].CategoryInfo.Category
        "$rest" | Should -BeLike "*19,900 *MissingIdentifier*'$rejects'*"
        $rest.TargetObject | Should -Be $rejects
        (Get-Content $rejects).Count | Should -Be 20002
    }

    It 'takes its parameters from a mapping file, unless they are specified' {
        $path = Join-Path $TestDrive 'mapped.csv'
        $mapping = Join-Path $TestDrive 'mapped.mapping.json'
        'key,age,plan', 'm1,42,NULL' | Set-Content $path
        '{ "identifierColumn": "key", // the key of the table', '"propertyType": { "age": "Number" }, "nullText": ["NULL"] }' | Set-Content $mapping
        (Import-UserProfileCsv $path -MappingPath $mapping).Accepted | Should -Be 1
        $profile = Get-UserProfile m1
        $profile.age | Should -Be 42
        $profile.Properties.Keys | Should -Not -Contain plan
        (Import-UserProfileCsv $path -MappingPath $mapping -NullText '-').Accepted | Should -Be 1
        (Get-UserProfile m1).plan | Should -Be NULL
    }

    It 'completes encodings' {
        $line = 'Import-UserProfileCsv a.csv -Encoding utf8'
        $completions = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText
        $completions | Should -Contain 'utf8BOM'
    }

    It 'completes the members of its summary' {
        $line = '(Import-UserProfileCsv a.csv).Exit'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Contain 'ExitCode'
    }

    It 'completes delimiters, time zones and cultures as they can be run' {
        (Complete 'Import-UserProfileCsv a.csv -Delimiter ').CompletionText | Should -Be "','", "';'", '"`t"', "'|'"
        (Complete 'Import-UserProfileCsv a.csv -Delimiter tab').CompletionText | Should -Be '"`t"'
        (Complete 'Import-GroupProfileCsv a.csv -TimeZone Europe/Vi').CompletionText | Should -Contain 'Europe/Vienna'
        (Complete 'Test-UserProfile a.csv -TimeZone Vienna').CompletionText | Should -Contain 'Europe/Vienna'
        $culture = Complete 'Import-UserProfileCsv a.csv -Culture de-A'
        $culture.CompletionText | Should -Contain 'de-AT'
        ($culture | Where-Object CompletionText -EQ de-AT).ToolTip | Should -BeLike 'German*'
        $path = Join-Path $TestDrive 'tabs.csv'
        "distinct_id`tv", "a`t1" | Set-Content $path
        Invoke-Expression "(Import-UserProfileCsv '$path' -Delimiter $((Complete 'Import-UserProfileCsv a.csv -Delimiter tab').CompletionText)).Accepted" | Should -Be 1
    }
}
