# Takes the screenshots of the Users page in docs/images, with the built module and Chromium. Run it when the page looks different:
#   dotnet dnx powershell@7.6.9 --yes tests/Screenshots.ps1
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../ProfilesModule.psd1')
$folder = (New-Item (Join-Path $PSScriptRoot '../docs/images') -ItemType Directory -Force).FullName
$chromium = Get-Command chromium, chromium-browser -CommandType Application -ErrorAction Ignore | Select-Object -First 1
if (-not $chromium) { throw 'Chromium is not installed.' }

# One request after the other, so that the profiles are in the order of the file.
$server = Start-UserProfileServer
$csv = Join-Path $PSScriptRoot '../examples/users.csv'
$null = Import-UserProfileCsv $csv -IdentifierColumn user_id -UseReservedName -InferType -MaxConcurrency 1 -InformationAction Ignore
$address = $server | Show-UserProfile -PassThru

# As wide as GitHub shows them. Lit subpixels would double the size of the files.
$pictures = @(
    @{ Name = 'users.png'; View = ''; Scheme = 'light'; Height = 480 }
    @{ Name = 'profile.png'; View = '#/profile/123'; Scheme = 'dark'; Height = 560 }
)
foreach ($picture in $pictures) {
    $arguments = @(
        '--headless', '--no-sandbox', '--hide-scrollbars', '--disable-lcd-text', '--virtual-time-budget=5000'
        "--blink-settings=preferredColorScheme=$($picture.Scheme -eq 'dark' ? 0 : 1)"
        "--window-size=860,$($picture.Height)"
        "--screenshot=$(Join-Path $folder $picture.Name)"
    )
    & $chromium @arguments "$address$($picture.View)" 2>$null
}

Stop-UserProfileServer
Get-ChildItem $folder | Select-Object Name, Length
