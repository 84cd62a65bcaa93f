<#
Sends rows of one kind through the pipeline and prints how long that took. A row that goes before them brings about what the
first one costs. Every kind has the same values: text, two dates, a whole number, a decimal one, a Boolean.
#>
param([string] $Endpoint, [string] $Path, [string] $Kind)

Import-Module $PSScriptRoot/../../../ProfilesModule.psd1
$lines = [IO.File]::ReadAllLines($Path)
$names = $lines[0].Split("`t")
$types = @{ signup_date = [datetime]; last_login = [datetime]; age = [int]; ltv = [double]; active = [bool] }
$table = [Data.DataTable]::new()
foreach ($name in $names) {
    $type = $types[$name]
    if (-not $type) { $type = [string] }
    $null = $table.Columns.Add($name, $type)
}
$utc = [Globalization.DateTimeStyles]::AdjustToUniversal
$rows = [Collections.Generic.List[object]]::new()
foreach ($line in $lines) {
    if ($rows.Count -eq 0) { $line = "first`t" + $lines[1].Substring($lines[1].IndexOf("`t") + 1) }
    $f = $line.Split("`t")
    $signup = [datetime]::Parse($f[5], [cultureinfo]::InvariantCulture, $utc)
    $login = [datetime]::Parse($f[6], [cultureinfo]::InvariantCulture, $utc)
    $age = [int] $f[7]
    $ltv = [double]::Parse($f[8], [cultureinfo]::InvariantCulture)
    $active = $f[9] -eq 'true'
    $rows.Add($(switch ($Kind) {
        'DataRow' { , $table.Rows.Add($f[0], $f[1], $f[2], $f[3], $f[4], $signup, $login, $age, $ltv, $active, $f[10], $f[11]) }
        'Hashtable' { @{ distinct_id = $f[0]; name = $f[1]; email = $f[2]; department = $f[3]; plan = $f[4]; signup_date = $signup; last_login = $login; age = $age; ltv = $ltv; active = $active; city = $f[10]; tags = $f[11] } }
        'Object' { [pscustomobject] @{ distinct_id = $f[0]; name = $f[1]; email = $f[2]; department = $f[3]; plan = $f[4]; signup_date = $signup; last_login = $login; age = $age; ltv = $ltv; active = $active; city = $f[10]; tags = $f[11] } }
    }))
}

Connect-UserProfileService -Endpoint $Endpoint -Token benchmark
$rows[0] | Set-UserProfile
$rows.RemoveAt(0)
[GC]::Collect()
$watch = [Diagnostics.Stopwatch]::StartNew()
$rows | Set-UserProfile -BatchSize 2000 -MaxConcurrency 4 -ErrorAction Stop
"seconds=$($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))"
