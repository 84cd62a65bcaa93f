<# What one writes without the module: Import-Csv, hashtables, ConvertTo-Json, Invoke-RestMethod, one request after the other. #>
param([string] $Path, [string] $Endpoint, [int] $BatchSize = 200)

$ErrorActionPreference = 'Stop'

function Send($records) {
    $json = ConvertTo-Json -InputObject @($records) -Depth 5 -Compress
    $reply = Invoke-RestMethod -Uri "${Endpoint}?verbose=1" -Method Post -Body ([Text.Encoding]::UTF8.GetBytes($json)) -ContentType 'application/json'
    if ($reply.status -ne 1) { Write-Error "A batch failed: $($reply.error)" }
}

$records = [Collections.Generic.List[object]]::new()
Import-Csv -LiteralPath $Path | ForEach-Object {
    $set = [ordered] @{}
    foreach ($property in $_.PSObject.Properties) {
        if ($property.Name -ne 'distinct_id') { $set[$property.Name] = $property.Value }
    }
    $records.Add([ordered] @{ '$token' = 'benchmark'; '$distinct_id' = $_.distinct_id; '$set' = $set })
    if ($records.Count -ge $BatchSize) {
        Send $records
        $records.Clear()
    }
}
if ($records.Count) { Send $records }
