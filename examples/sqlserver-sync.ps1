<#
.SYNOPSIS
Sends the users of a SQL Server database to Mixpanel: those that are new or have changed since the last run. Removes those that are gone.
.DESCRIPTION
A complete job for a scheduler; see the folder schedules. Try it with -WhatIf first.

The environment holds the secrets: USERS_DATABASE is the connection string, such as
Server=db.example.com;Database=crm;User ID=sync;Password=…
and MIXPANEL_TOKEN the token of the project.

Exit codes: 0 everything was sent. 1 the service or the module rejected rows, which are in the reject file; the next run sends them
again. 75 the database or the service cannot be reached; run the job again later. 2 the job cannot work until somebody corrects something.
.PARAMETER DataFolder
The folder for the state, the log and the rejected rows. Without the state, the next run sends every user.
.PARAMETER Endpoint
Another engage service, such as the embedded one. By default, the project is in the EU.
#>
#Requires -Version 7.4
[CmdletBinding(SupportsShouldProcess)]
param(
    [string] $DataFolder = (Join-Path $PSScriptRoot data),
    [uri] $Endpoint
)

$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../ProfilesModule.psd1"
$service = if ($Endpoint) { @{ Endpoint = $Endpoint } } else { @{ Region = 'EU' } }
Connect-UserProfileService -Token $env:MIXPANEL_TOKEN @service
$null = New-Item $DataFolder -ItemType Directory -Force -WhatIf:$false

$import = @{
    Provider           = 'SqlServer'
    ConnectionVariable = 'USERS_DATABASE'
    Query              = 'select id, name, email, plan, seats, signed_up from users'
    MappingPath        = Join-Path $PSScriptRoot users.mapping.json
    StatePath          = Join-Path $DataFolder users.state
    LogPath            = Join-Path $DataFolder users.log
    RejectPath         = Join-Path $DataFolder users.rejected.ndjson
    RemoveMissing      = $true        # Of more than 5 percent of the users, none: see -MaxRemovePercent.
    Confirm            = $false
    ErrorAction        = 'Continue'   # An error of one row does not end the job.
}
$result = Import-UserProfileQuery @import
$result
exit ($result ? $result.ExitCode : 2)
