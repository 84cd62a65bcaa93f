<#
.SYNOPSIS
Registers the job with the Windows Task Scheduler, to run every hour.
.DESCRIPTION
Set the variables USERS_DATABASE and MIXPANEL_TOKEN for the user of the task before, for example with
[Environment]::SetEnvironmentVariable('MIXPANEL_TOKEN', $token, 'User') in a session of this user.
#>
#Requires -Version 7.4
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [pscredential] $Credential,

    [string] $Script = 'C:\Program Files\ProfilesModule\examples\sqlserver-sync.ps1',

    [string] $DataFolder = 'C:\ProgramData\ProfilesSync'
)

$action = New-ScheduledTaskAction -Execute pwsh.exe -Argument "-NoProfile -NonInteractive -File `"$Script`" -DataFolder `"$DataFolder`""
$trigger = New-ScheduledTaskTrigger -Once -At (Get-Date).Date -RepetitionInterval (New-TimeSpan -Hours 1)
$settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -StartWhenAvailable -RunOnlyIfNetworkAvailable
if ($PSCmdlet.ShouldProcess('ProfilesSync', 'Register the task')) {
    Register-ScheduledTask -TaskName ProfilesSync -Action $action -Trigger $trigger -Settings $settings -User $Credential.UserName `
        -Password $Credential.GetNetworkCredential().Password
}
