<#
.SYNOPSIS
Imports one partition of the users in CSV files, as a task of Slurm, Kubernetes or Azure Batch. All tasks together import every row.
.DESCRIPTION
See docs/scale.md, and the folders slurm, kubernetes and azure-batch, which start it. The same command starts a task for the first time
and again: the journal says which rows of the partition have an outcome. MIXPANEL_TOKEN is the token of the project.

Exit codes: 0 every row of the partition was accepted. 1 the service or the module rejected rows, which are in the reject file. 75 start the
task again: the service could not be reached, the task was ended, or its journal is still in use on another machine. 2 the task cannot work
until somebody corrects something.
.PARAMETER Path
The CSV files, the same in every task.
.PARAMETER DataFolder
The folder for the journal, the log and the rejected rows of each task, on storage that all tasks share.
.PARAMETER Partition
The number of the partition. By default, the engine that started the task says it.
.PARAMETER PartitionCount
The number of partitions, for engines that do not say it, such as Kubernetes.
.PARAMETER MappingPath
A mapping file with the parameters that shape updates; see docs/mapping.md.
.PARAMETER MaxUpdatesPerSecond
The limit of this task: the limit of the project divided by the number of tasks that run at the same time.
.PARAMETER Endpoint
Another engage service, such as the embedded one. By default, the project is in the EU.
#>
#Requires -Version 7.4
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string[]] $Path,

    [Parameter(Mandatory)]
    [string] $DataFolder,

    [string] $Partition = 'Auto',

    [int] $PartitionCount,

    [string] $MappingPath,

    [int] $MaxUpdatesPerSecond,

    [uri] $Endpoint
)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../ProfilesModule.psd1"
$service = if ($Endpoint) { @{ Endpoint = $Endpoint } } else { @{ Region = 'EU' } }
Connect-UserProfileService -Token $env:MIXPANEL_TOKEN @service
$null = New-Item $DataFolder -ItemType Directory -Force

$import = @{
    Path        = $Path
    Partition   = $Partition
    JournalPath = Join-Path $DataFolder 'users-{partition}.journal'
    Resume      = $true
    RejectPath  = Join-Path $DataFolder 'users-{partition}.rejected.csv'
    LogPath     = Join-Path $DataFolder 'users-{partition}.log'
    ErrorAction = 'Continue'   # An error of one row does not end the task.
}
foreach ($name in 'PartitionCount', 'MappingPath', 'MaxUpdatesPerSecond') {
    if ($PSBoundParameters.ContainsKey($name)) { $import[$name] = $PSBoundParameters[$name] }
}
$result = Import-UserProfileCsv @import
$result
exit ($result ? $result.ExitCode : 2)
