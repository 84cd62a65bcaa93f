# Runs this folder's tests with one version of Pester and writes what came of them, for build.ps1. Invoke-Pester does as well.
param(
    [Parameter(Mandatory)] [string] $Pester,
    [Parameter(Mandatory)] [string] $ResultPath
)

$ErrorActionPreference = 'Stop'
Import-Module $Pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$run = Invoke-Pester -Configuration $configuration

function Format-Failure($Name, $ErrorRecords) {
    "Failed: $Name"
    foreach ($record in $ErrorRecords) {
        "  $record"
        $record.ScriptStackTrace -split '\r?\n' | Where-Object { $_ -match '\.Tests\.ps1' } | ForEach-Object { "  $_" }
    }
}

@{
    Passed   = $run.PassedCount
    Failed   = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
    Skipped  = $run.SkippedCount + $run.NotRunCount + $run.InconclusiveCount
    Elapsed  = $run.Duration.ToString()
    Messages = @(
        foreach ($test in $run.Failed) { Format-Failure $test.ExpandedPath $test.ErrorRecord }
        foreach ($block in $run.FailedBlocks) { Format-Failure $block.ExpandedPath $block.ErrorRecord }
        foreach ($container in $run.FailedContainers) { Format-Failure $container.Item $container.ErrorRecord }
        foreach ($test in $run.Skipped) { "Skipped: $($test.ExpandedPath) $($test.ErrorRecord)".TrimEnd() }
    )
} | ConvertTo-Json | Set-Content $ResultPath
