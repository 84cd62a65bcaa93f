# Imports the built module once for every test file, in a session that nothing of the environment connects.
Remove-Item Env:MIXPANEL_*
$manifest = Join-Path $PSScriptRoot '..' '..' 'ProfilesModule.psd1'
Import-Module (Resolve-Path $manifest) -Force

# What starts the pwsh that runs this one. The tool's own command is a shim that passes no signal on, so this is what the shim starts:
# an assembly that dotnet runs.
$pwsh, $pwshArguments = [Environment]::ProcessPath, @(if ((Split-Path ([Environment]::ProcessPath) -LeafBase) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })

# Starts a script in a pwsh of its own that can ask nobody.
function Start-Pwsh([string] $Script) {
    $start = [Diagnostics.ProcessStartInfo]::new($pwsh)
    $pwshArguments + '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$(Resolve-Path $manifest)'; $Script" | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.Environment['NO_COLOR'] = '1'
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $process
}

# Waits for such a process and gives back its two streams.
function Wait-Pwsh([Diagnostics.Process] $Process) {
    $errors = $Process.StandardError.ReadToEndAsync()
    $output = $Process.StandardOutput.ReadToEnd()
    [pscustomobject]@{ Output = $output; Errors = $errors.Result }
}

# Runs a script in a pwsh of its own, and writes its lines of output and errors, without colors.
function Invoke-Pwsh([string] $Script) {
    & $pwsh @pwshArguments -NoProfile -NonInteractive -Command "`$PSStyle.OutputRendering = 'PlainText'; $Script" 2>&1 | ForEach-Object ToString
}

# What PowerShell offers at the end of a line.
function Complete([string] $Line) {
    [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches | Where-Object ResultType -EQ ParameterValue
}
