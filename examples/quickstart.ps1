# A CSV file into the embedded engage service, and out again.
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../ProfilesModule.psd1"

# A service in this process, with its profiles in memory. The session is connected to it.
Start-UserProfileServer

# 603 rows in batches of 200, and what the service said to each batch. The columns name and email become $name and $email.
Import-UserProfileCsv "$PSScriptRoot/users.csv" -IdentifierColumn user_id -UseReservedName -Verbose

# One profile updated through the pipeline. Numbers and lists keep their type.
[pscustomobject]@{ user_id = 123; plan = 'enterprise'; seats = 25; roles = 'admin', 'billing' } |
    Set-UserProfile -IdentifierProperty user_id

Get-UserProfile -DistinctId 123, 456, 789

Remove-UserProfile -DistinctId 789 -Force
"Profiles left: $(@(Get-UserProfile).Count)"

Stop-UserProfileServer
