BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'The module in a folder with brackets in its name' {
    BeforeAll {
        $folder = Join-Path $TestDrive 'a [b]' 'ProfilesModule'
        $null = New-Item $folder -ItemType Directory
        $built = Join-Path $PSScriptRoot '..' '..'
        foreach ($part in 'ProfilesModule.psd1', 'bin', 'en-US') {
            Copy-Item (Join-Path $built $part) $folder -Recurse
        }
        $import = "`$ErrorActionPreference = 'Stop'; `$module = Join-Path '$folder' 'ProfilesModule.psd1'; Import-Module `$module; "
    }

    It 'can be imported by its path, and shows its help' {
        $lines = Invoke-Pwsh "$import (Get-Help Import-UserProfileCsv).Synopsis; Get-Help about_ProfilesModule_Errors"
        $lines[0] | Should -BeLike 'Imports user profiles*'
        $lines -match 'IdentifierColumnNotFound' | Should -Not -BeNullOrEmpty
    }

    It 'is found when a command of it is called, and can be imported again' {
        $lines = Invoke-Pwsh "`$env:PSModulePath = '$(Split-Path $folder)' + [IO.Path]::PathSeparator + `$env:PSModulePath
            Get-UserProfileServer; (Get-Module ProfilesModule).ModuleBase; $import (Get-Command -Module ProfilesModule).Count"
        $lines | Should -Be $folder, (Get-Command -Module ProfilesModule).Count
    }

    It 'keeps profiles in a file, imports CSV, and shows profiles and what is behind them' {
        Set-Content -LiteralPath (Join-Path $folder 'users.csv') 'distinct_id,$name', '1,Alice', '2,Bob'
        $lines = Invoke-Pwsh "$import Set-Location -LiteralPath '$folder'
            `$null = Start-UserProfileServer dev.db
            (Import-UserProfileCsv -LiteralPath users.csv).Accepted
            Get-UserProfile | Sort-Object DistinctId
            (Get-UserProfile 1).Properties['`$name']"
        $lines[0] | Should -Be 2
        $lines | Should -Contain Alice
        $lines -match '^DistinctId +UpdatedAt +Name' | Should -HaveCount 1
        $lines -match '^2 .* Bob' | Should -HaveCount 1
        Test-Path -LiteralPath (Join-Path $folder 'dev.db') | Should -BeTrue
    }

    It 'can be imported by threads and jobs' {
        Invoke-Pwsh "$import `$endpoint = (Start-UserProfileServer).Endpoint
            1..3 | ForEach-Object -Parallel { Import-Module `$using:module; Connect-UserProfileService -Endpoint `$using:endpoint -Token t; Set-UserProfile `$_ -Property @{ n = 1 } }
            Start-Job { Import-Module `$using:module; Connect-UserProfileService -Endpoint `$using:endpoint -Token t; (Get-UserProfile | Measure-Object n -Sum).Sum } | Receive-Job -Wait" |
            Should -Be 3
    }
}

Describe 'What several commands on one line show' {
    BeforeAll {
        $path = Join-Path $TestDrive 'users.csv'
        Set-Content $path 'distinct_id,$name,$email', '1,Alice,nobody', '2,Bob,b@example.com'
        $import = "Import-Module '$(Resolve-Path (Join-Path $PSScriptRoot '..' '..' 'ProfilesModule.psd1'))'"
    }

    It 'is a table of profiles after <_>' -ForEach @(
        '$null = Start-UserProfileServer; $null = Import-UserProfileCsv $path'
        '$null = Start-UserProfileServer; Import-UserProfileCsv $path'
        'Start-UserProfileServer; Import-UserProfileCsv $path'
        'Start-UserProfileServer; Get-UserProfileConnection; Test-UserProfileConnection; Import-UserProfileCsv $path'
    ) {
        $lines = Invoke-Pwsh "$import; `$path = '$path'; $_; Get-UserProfile | Sort-Object DistinctId"
        $lines -match '^DistinctId +UpdatedAt +Name' | Should -HaveCount 1
        $lines -match '^[12] .* (Alice|Bob) ' | Should -HaveCount 2
    }

    It 'is a table of <Rows>, whatever else came before, in any order' -ForEach @(
        @{ Rows = 'profiles'; Header = '^DistinctId +UpdatedAt +Name'; Command = { Get-UserProfile } }
        @{ Rows = 'findings'; Header = '^Severity +Rule'; Command = { $result.Findings } }
        @{ Rows = 'group profiles'; Header = '^GroupId +GroupKey +UpdatedAt'; Command = { Get-GroupProfile -DataGroupId 1 -GroupKey company } }
    ) {
        $server = Start-UserProfileServer -GroupType @{ company = 1 }
        try {
            $result = Import-UserProfileCsv $path -WarningAction Ignore
            Set-GroupProfile g -GroupKey company -Property @{ n = 1 }
            $others = $server, (Get-UserProfileConnection), $result, (Test-UserProfile $path)[-1], (Test-UserProfileConnection)
            $shown = & $Command
            foreach ($first in $others) {
                foreach ($second in $others) {
                    $lines = ($first, $second, $shown | Write-Output | Out-String -Width 120) -split '\r?\n'
                    $lines -match $Header | Should -HaveCount 1
                    $lines -match '^(UpdatedAt|Severity) +:' | Should -BeNullOrEmpty
                }
            }
        }
        finally {
            Stop-UserProfileServer
        }
    }
}
