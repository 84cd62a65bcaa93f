@{
    RootModule           = 'bin/ProfilesModule.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '4d0f1f2b-0f43-4f0e-9a35-2d6f3c1b8f57'
    Author               = 'The ProfilesModule authors'
    CompanyName          = 'The ProfilesModule authors'
    Copyright            = '(c) The ProfilesModule authors. MIT License.'
    Description          = 'Manages Mixpanel user profiles: imports them from CSV files, pipelines and database queries, reads, updates and removes them, and runs an embedded engage service to try and test everything offline.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    # In a folder with brackets in its name, PowerShell finds the types that TypesToProcess names only in assemblies listed here.
    RequiredAssemblies   = @('bin/ProfilesModule.dll')
    TypesToProcess       = @('bin/ProfilesModule.Types.ps1xml')
    FormatsToProcess     = @('bin/ProfilesModule.Format.ps1xml')
    CmdletsToExport      = @(
        'Connect-UserProfileService'
        'Disconnect-UserProfileService'
        'Export-UserProfileCsv'
        'Get-GroupProfile'
        'Get-UserProfile'
        'Get-UserProfileConnection'
        'Get-UserProfileImport'
        'Get-UserProfileServer'
        'Get-UserProfileSync'
        'Import-GroupProfileCsv'
        'Import-GroupProfileJson'
        'Import-GroupProfileQuery'
        'Import-UserProfileCsv'
        'Import-UserProfileJson'
        'Import-UserProfileQuery'
        'Join-UserProfile'
        'New-UserProfileMapping'
        'Remove-GroupProfile'
        'Remove-UserProfile'
        'Set-GroupProfile'
        'Set-UserProfile'
        'Show-UserProfile'
        'Start-UserProfileServer'
        'Stop-UserProfileServer'
        'Test-UserProfile'
        'Test-UserProfileConnection'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('Mixpanel', 'UserProfile', 'Engage', 'CSV', 'Import', 'PSEdition_Core', 'Windows', 'Linux', 'macOS')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
