#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tries, tests and packages the module. A thin front of the dotnet commands.
.DESCRIPTION
Runs in pwsh 7.4 and later. Where only the .NET 10 SDK is installed, it brings pwsh: dotnet dnx powershell@7.6.9 --yes build.ps1 Test
.PARAMETER Task
QuickStart builds the module and runs examples/quickstart.ps1 with it. Build fills bin/ and en-US/, so that ProfilesModule.psd1 can
be imported in place. Test runs xunit and Pester, and ends with one line of totals. Package stages the module into
output/ProfilesModule/<version>. Clean removes what was built.
.PARAMETER Configuration
Debug or Release. Package always uses Release.
.PARAMETER Suite
What Test runs: XUnit, Pester or both.
.PARAMETER PesterVersion
The versions of Pester that Test runs the Pester suite with. Default: the first of PesterVersions in Directory.Packages.props.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('QuickStart', 'Build', 'Test', 'Package', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    [ValidateSet('XUnit', 'Pester')]
    [string[]] $Suite = ('XUnit', 'Pester'),

    [string[]] $PesterVersion
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

# A process of its own for each suite and script, because a binary module cannot be unloaded and would lock bin/.
# The .NET tool runs pwsh.dll with dotnet.
$pwsh = [Environment]::ProcessPath
$pwshArguments = @(if ([IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' }) + '-NoProfile'

function Invoke-Build([string] $Project) {
    $output = dotnet build $Project -c $Configuration -v quiet -nologo
    $failed = $LASTEXITCODE -ne 0
    if ($failed -or $output -match ': warning ') { $output | Out-Host }
    if ($failed) { throw "The build of $Project failed." }
}

# Runs the xunit suites and returns the totals of each; what failed is on the screen. Takes further arguments of dotnet test.
function Invoke-XUnit {
    $results = Join-Path ([IO.Path]::GetTempPath()) "ProfilesModule-$([guid]::NewGuid())"
    dotnet test @args --no-build -c $Configuration -v quiet -nologo --results-directory $results --logger trx --logger 'console;verbosity=minimal' |
        Where-Object { $_ -and $_ -notmatch '^(Test run for|A total of|Results File|VSTest version|Passed!|Failed!|\[xUnit)|\[(SKIP|FAIL)\]$' } | Out-Host
    $exitCode = $LASTEXITCODE
    $totals = foreach ($file in Get-ChildItem $results -Filter *.trx) {
        # The second file of one second has [1] in its name.
        $run = ([xml](Get-Content -LiteralPath $file -Raw)).TestRun
        $counters = $run.ResultSummary.Counters
        foreach ($skipped in $run.Results.UnitTestResult | Where-Object outcome -EQ 'NotExecuted') {
            "Skipped: $($skipped.testName): $(($skipped['Output'])?.InnerText)" | Out-Host
        }
        [pscustomobject]@{
            Suite   = [IO.Path]::GetFileNameWithoutExtension($run.TestDefinitions.UnitTest[0].TestMethod.codeBase)
            Passed  = [int] $counters.passed
            Failed  = [int] $counters.total - [int] $counters.passed - [int] $counters.notExecuted
            Skipped = [int] $counters.notExecuted
            Elapsed = [datetime] $run.Times.finish - [datetime] $run.Times.start
        }
    }
    Remove-Item $results -Recurse -ErrorAction Ignore

    # A test host that died has written no results, or not all of them.
    if ($exitCode -ne 0 -and -not ($totals | Where-Object Failed -GT 0)) { throw "dotnet test failed with exit code $exitCode and no test that failed." }
    $totals
}

# Columns, types, filters and dates mean the same in every culture: the tests of them run once more in each of these.
function Invoke-XUnitInCulture {
    foreach ($culture in 'de-DE', 'tr-TR', 'ar-SA', 'th-TH') {
        $env:TEST_CULTURE = $culture
        try {
            foreach ($total in Invoke-XUnit tests/ProfilesModule.Core.Tests --filter 'FullyQualifiedName~Sources|FullyQualifiedName~Rules|FullyQualifiedName~Query|FullyQualifiedName~Wire') {
                $total.Suite += " in $culture"
                $total
            }
        }
        finally {
            $env:TEST_CULTURE = $null
        }
    }
}

# Runs the Pester suite and returns its totals; what failed is on the screen.
function Invoke-PesterSuite([string] $Version) {
    $packages = (dotnet nuget locals global-packages --list) -replace '^global-packages: '
    $manifest = Join-Path $packages pester $Version tools Pester.psd1
    $result = New-TemporaryFile
    $output = & $pwsh @pwshArguments -NonInteractive -File tests/Pester/Run.ps1 -Pester $manifest -ResultPath $result *>&1
    $totals = Get-Content $result -Raw | ConvertFrom-Json
    Remove-Item $result
    if (-not $totals) { throw "Pester $Version did not run: $($output | Select-Object -Last 20 | Out-String)" }
    $totals.Messages | Out-Host
    [pscustomobject]@{ Suite = "Pester $Version"; Passed = $totals.Passed; Failed = $totals.Failed; Skipped = $totals.Skipped; Elapsed = [timespan] $totals.Elapsed }
}

Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'QuickStart' {
            Invoke-Build src/ProfilesModule
            & $pwsh @pwshArguments -File examples/quickstart.ps1
            if ($LASTEXITCODE -ne 0) { throw "The quick start failed with exit code $LASTEXITCODE." }
        }
        'Build' {
            Invoke-Build ProfilesModule.sln
        }
        'Test' {
            Invoke-Build ProfilesModule.sln
            # pwsh -File passes a list as one text.
            $PesterVersion = @($PesterVersion -split ',' -ne '')
            if (-not $PesterVersion) {
                $PesterVersion = ([xml](Get-Content Directory.Packages.props -Raw)).Project.PropertyGroup.PesterVersions.Split(';')[0]
            }
            $totals = @(
                if ('XUnit' -in $Suite) { Invoke-XUnit; Invoke-XUnitInCulture }
                if ('Pester' -in $Suite) { foreach ($version in $PesterVersion) { Invoke-PesterSuite $version } }
            )
            foreach ($total in $totals) {
                '{0}: {1} passed, {2} failed, {3} skipped in {4:n0} s' -f $total.Suite, $total.Passed, $total.Failed, $total.Skipped, $total.Elapsed.TotalSeconds
            }
            $sum = $totals | Measure-Object Passed, Failed, Skipped -Sum | ForEach-Object Sum
            "$($sum[0]) passed, $($sum[1]) failed, $($sum[2]) skipped"
            if ($sum[0] -eq 0 -or $sum[1] -gt 0) { exit 1 }
        }
        'Package' {
            $Configuration = 'Release'
            Invoke-Build src/ProfilesModule
            $version = (Import-PowerShellDataFile ProfilesModule.psd1).ModuleVersion
            $folder = "output/ProfilesModule/$version"
            if (Test-Path $folder) { Remove-Item $folder -Recurse }
            $null = New-Item $folder -ItemType Directory
            Copy-Item ProfilesModule.psd1, LICENSE, THIRD-PARTY-NOTICES.md, CHANGELOG.md, README.md, bin, en-US $folder -Recurse
            Get-Item $folder
        }
        'Clean' {
            Get-ChildItem -Directory -Recurse -Include bin, en-US, obj, output, TestResults | Where-Object FullName -NotMatch '[\\/]\.git[\\/]' | Remove-Item -Recurse -Force
        }
    }
}
finally {
    Pop-Location
}
