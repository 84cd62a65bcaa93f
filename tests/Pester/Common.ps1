# Imports the built module once for every test file, in a session that nothing of the environment connects.
Remove-Item Env:MIXPANEL_*
$manifest = Join-Path $PSScriptRoot '..' '..' 'ProfilesModule.psd1'
Import-Module (Resolve-Path $manifest) -Force

# Starts a script in a pwsh of its own that can ask nobody. The tool's own command is a shim that passes no signal on, so this starts what it starts.
function Start-Pwsh([string] $Script) {
    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
    if ((Split-Path $start.FileName -LeafBase) -eq 'dotnet') { $start.ArgumentList.Add("$PSHOME/pwsh.dll") }
    '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$(Resolve-Path $manifest)'; $Script" | ForEach-Object { $start.ArgumentList.Add($_) }
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

# Runs a script in a process of its own, with the pwsh that runs this one, and writes its lines of output and errors, without colors.
# The .NET tool's pwsh is an assembly that dotnet runs.
function Invoke-Pwsh([string] $Script) {
    $assembly = @(if ((Split-Path ([Environment]::ProcessPath) -LeafBase) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
    & ([Environment]::ProcessPath) @assembly -NoProfile -NonInteractive -Command "`$PSStyle.OutputRendering = 'PlainText'; $Script" 2>&1 | ForEach-Object ToString
}

# What PowerShell offers at the end of a line.
function Complete([string] $Line) {
    [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches | Where-Object ResultType -EQ ParameterValue
}
