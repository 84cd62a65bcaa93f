Describe 'New-UserProfileMapping' {
    BeforeAll {
        . $PSScriptRoot/Common.ps1
        $null = Start-UserProfileServer
        $path = Join-Path $TestDrive 'users.csv'
        'distinct_id,age,zip,joined,plan', '1,42,01234,2026-01-31,NULL', '2,7,99999,2026-02-01,pro' | Set-Content $path
    }

    AfterAll { Stop-UserProfileServer }

    It 'writes the types of the columns with their reasons, and what was specified' {
        $text = New-UserProfileMapping $path -NullText NULL
        $mapping = $text | ConvertFrom-Json -AsHashtable
        $mapping.identifierColumn | Should -Be distinct_id
        $mapping.nullText | Should -Be NULL
        $mapping.propertyType.age | Should -Be ExactNumber
        $mapping.propertyType.zip | Should -Be Text
        $mapping.propertyType.joined | Should -Be ExactDate
        $text | Should -BeLike '*"zip": "Text",  // line 2 *'
    }

    It 'writes a file that an import reads, and rejects what no longer has the type of its column' {
        $mapping = Join-Path $TestDrive 'users.mapping.json'
        (New-UserProfileMapping $path -DestinationPath $mapping).FullName | Should -Be $mapping
        (Import-UserProfileCsv $path -MappingPath $mapping).Accepted | Should -Be 2
        $later = Join-Path $TestDrive 'later.csv'
        'distinct_id,age,zip,joined,plan', '3,007,1,2026-01-31,', '4,8,1,yesterday,' | Set-Content $later
        $result = Import-UserProfileCsv $later -MappingPath $mapping -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Rejected | Should -Be 2
        "$($failed[0])" | Should -BeLike "later.csv, line 2: The column 'age' requires a number without leading zeros*holds a number in another form.*"
        "$($failed[1])" | Should -BeLike "later.csv, line 3: The column 'joined' requires *date*holds text.*"
    }

    It 'overwrites a mapping only with -Force' {
        $mapping = Join-Path $TestDrive 'kept.mapping.json'
        '{}' | Set-Content $mapping
        { New-UserProfileMapping $path -DestinationPath $mapping } | Should -Throw -ErrorId 'FileExists,*'
        New-UserProfileMapping $path -DestinationPath $mapping -Force -WhatIf
        Get-Content $mapping | Should -Be '{}'
        $null = New-UserProfileMapping $path -DestinationPath $mapping -Force
        (Get-Content $mapping -Raw | ConvertFrom-Json).identifierColumn | Should -Be distinct_id
    }
}
