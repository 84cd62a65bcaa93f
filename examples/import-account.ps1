<#
.SYNOPSIS
Shows one account of all tasks of partitioned-import.ps1.
.DESCRIPTION
Run it after the tasks, or meanwhile.

Exit codes: 0 every row was accepted. 1 rows were rejected. 75 tasks are missing or unfinished. 2 tasks have failed.
.PARAMETER DataFolder
The folder of the tasks.
#>
#Requires -Version 7.4
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $DataFolder
)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../ProfilesModule.psd1"
$account = Get-UserProfileImport (Join-Path $DataFolder 'users-*.log')
$account
exit ($account ? $account.ExitCode : 2)
