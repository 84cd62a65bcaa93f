@{
    RootModule        = 'bin/ProfilesModule.dll'
    ModuleVersion     = '1.0'
    CmdletsToExport   = @('Get-Nothing')
    FunctionsToExport = @()
    AliasesToExport   = @()
    VariablesToExport = @()
}
