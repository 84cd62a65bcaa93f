# Imports the built module once for every test file, in a session that nothing of the environment connects.
Remove-Item Env:MIXPANEL_*
$manifest = Join-Path $PSScriptRoot '..' '..' 'ProfilesModule.psd1'
Import-Module (Resolve-Path $manifest) -Force
