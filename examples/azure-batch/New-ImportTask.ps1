<#
.SYNOPSIS
Writes the tasks of an import with Azure Batch: one for each partition, and one that shows the account of all.
.DESCRIPTION
See docs/scale.md. The nodes of the pool have pwsh, and the module in /opt/ProfilesModule. The pool mounts a file share, such as Azure Files
with NFS, as data (mountConfiguration), which has the file and gets the journals, logs and rejected rows. The number of nodes and the task
slots of each say how many tasks run at the same time.

Azure Batch starts a task again after any exit code except 0, as often as -MaxRetryCount says, and tasks of a node that was preempted
without counting. So it also repeats 1 (rows were rejected) and 2 (it cannot work). That does no harm: an import that is finished sends
nothing.
.EXAMPLE
./New-ImportTask.ps1 -PartitionCount 16 -MaxUpdatesPerSecond 5000 > tasks.json
az batch job create --json-file job.json
az batch task create --job-id import-users --json-file tasks.json
.PARAMETER PartitionCount
The number of partitions.
.PARAMETER MaxUpdatesPerSecond
The limit of each task: the limit of the project divided by the number of tasks that run at the same time.
.PARAMETER MaxRetryCount
How often a task is started again.
#>
#Requires -Version 7.4
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [ValidateRange(1, 10000)]
    [int] $PartitionCount,

    [Parameter(Mandatory)]
    [ValidateRange(1, [int]::MaxValue)]
    [int] $MaxUpdatesPerSecond,

    [int] $MaxRetryCount = 10
)

$data = '"$AZ_BATCH_NODE_MOUNTS_DIR/data'
$pwsh = 'exec pwsh -NoProfile -NonInteractive -File /opt/ProfilesModule/examples'
$tasks = foreach ($partition in 0..($PartitionCount - 1)) {
    [ordered]@{
        id             = "users-$partition"
        commandLine    = "/bin/bash -c '$pwsh/partitioned-import.ps1 $data/users.csv`" $data/import`" " +
            "-Partition $partition -PartitionCount $PartitionCount -MaxUpdatesPerSecond $MaxUpdatesPerSecond'"
        constraints    = @{ maxTaskRetryCount = $MaxRetryCount }
        # The account is shown also if a task has failed.
        exitConditions = @{ default = @{ dependencyAction = 'satisfy' } }
    }
}
$account = [ordered]@{
    id          = 'account'
    commandLine = "/bin/bash -c '$pwsh/import-account.ps1 $data/import`"'"
    dependsOn   = @{ taskIds = @($tasks.id) }
}
ConvertTo-Json @($tasks; $account) -Depth 4
