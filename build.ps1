<#
.SYNOPSIS
Builds, tests and packages the module. A thin front of the dotnet commands; nothing depends on it.
.PARAMETER Task
Build fills bin/ and en-US/, so that ProfilesModule.psd1 can be imported in place. Test runs the xunit suites, and the Pester suite
where Pester 5.5 or later is installed. Package stages the module into output/ProfilesModule/<version>. Clean removes what was built.
.PARAMETER Configuration
Debug or Release. Package always uses Release.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

function Invoke-DotNet {
    dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $args failed with exit code $LASTEXITCODE." }
}

Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Build' {
            Invoke-DotNet build -c $Configuration
        }
        'Test' {
            Invoke-DotNet test -c $Configuration
            $pester = Get-Module Pester -ListAvailable | Where-Object Version -ge '5.5' | Sort-Object Version -Descending | Select-Object -First 1
            if (-not $pester) {
                Write-Warning 'The Pester suite was not run: Pester 5.5 or later is not installed.'
                break
            }
            # A child process, because a binary module cannot be unloaded and would lock bin/.
            & (Get-Process -Id $PID).Path -NoProfile -Command "Import-Module '$($pester.Path)'; Invoke-Pester -Path tests/Pester -CI"
            if ($LASTEXITCODE -ne 0) { throw "The Pester suite failed with exit code $LASTEXITCODE." }
        }
        'Package' {
            Invoke-DotNet build -c Release
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
