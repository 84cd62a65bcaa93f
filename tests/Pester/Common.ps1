# Imports the built module once for every test file.
$manifest = Join-Path $PSScriptRoot '..' '..' 'ProfilesModule.psd1'
Import-Module (Resolve-Path $manifest) -Force
