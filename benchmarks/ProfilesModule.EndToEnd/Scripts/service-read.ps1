<# Reads profiles of the embedded service on an SQLite file, and prints how long that took. #>
param([string] $Database, [int] $Rows)

Import-Module $PSScriptRoot/../../../ProfilesModule.psd1
$null = Start-UserProfileServer $Database
$count = 0
$watch = [Diagnostics.Stopwatch]::StartNew()
Get-UserProfile -First $Rows | ForEach-Object { $count++ }
"seconds=$($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))"
if ($count -ne $Rows) { throw "$count profiles were read, of $Rows." }
Stop-UserProfileServer
