@{
    RootModule        = 'bin/Release/ProfilesModule.EmptyModule.dll'
    ModuleVersion     = '1.0'
    CmdletsToExport   = @('Set-Nothing')
    FunctionsToExport = @()
    AliasesToExport   = @()
    VariablesToExport = @()
}
