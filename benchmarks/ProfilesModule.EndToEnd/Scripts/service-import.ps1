<# Imports a file into the embedded service on a new SQLite file, and prints how long the import took. #>
param([string] $Database, [string] $Path, [int] $Rows)

Import-Module $PSScriptRoot/../../../ProfilesModule.psd1
$server = Start-UserProfileServer $Database
$watch = [Diagnostics.Stopwatch]::StartNew()
$result = Import-UserProfileCsv $Path -BatchSize 2000 -MaxConcurrency 4 -PropertyType @{ age = 'Number'; ltv = 'Number'; active = 'Boolean' }
"seconds=$($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))"
if ($result.Accepted -ne $Rows -or $server.ProfileCount -ne $Rows) { throw "$($result.Accepted) rows were accepted and $($server.ProfileCount) profiles are stored, of $Rows." }
Stop-UserProfileServer
