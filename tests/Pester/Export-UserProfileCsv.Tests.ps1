BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Export-UserProfileCsv' {
    BeforeEach {
        $server = Start-UserProfileServer
        Set-UserProfile a -Property @{ plan = 'pro'; seats = 5 }
        Set-UserProfile b -Property @{ plan = 'free'; tags = 'x', 'y' }
        $path = Join-Path $TestDrive 'profiles.csv'
    }
    AfterEach {
        Stop-UserProfileServer
        Remove-Item (Join-Path $TestDrive '*') -Force
    }

    It 'writes what Import-Csv reads' {
        Export-UserProfileCsv $path | Should -BeNullOrEmpty
        $rows = Import-Csv $path
        $rows.'$distinct_id' | Should -Be 'a', 'b'
        $rows[0].PSObject.Properties.Name | Should -Be '$distinct_id', 'plan', 'seats', 'tags'
        $rows[0].seats | Should -BeExactly '5'
        $rows[1].tags | ConvertFrom-Json | Should -Be 'x', 'y'
    }

    It 'writes what Import-UserProfileCsv takes back' {
        Export-UserProfileCsv $path -Where 'properties["plan"] == "pro"'
        $null = Start-UserProfileServer
        (Import-UserProfileCsv $path).Accepted | Should -Be 1
        (Get-UserProfile a).plan | Should -BeExactly 'pro'
    }

    It 'writes named properties in their order' {
        (Export-UserProfileCsv -LiteralPath $path -Property seats, plan -PassThru).Name | Should -BeExactly 'profiles.csv'
        (Get-Content $path)[0] | Should -BeExactly '$distinct_id,seats,plan'
    }

    It 'overwrites a file as Export-Csv does' {
        Set-Content $path 'before'
        { Export-UserProfileCsv $path -NoClobber } | Should -Throw -ErrorId 'FileExists,*'
        Set-ItemProperty $path IsReadOnly $true
        { Export-UserProfileCsv $path } | Should -Throw -ErrorId 'FileReadOnly,*'
        Get-Content $path | Should -BeExactly 'before'
        Export-UserProfileCsv $path -Force
        Get-Content $path | Should -HaveCount 3
        (Get-Item $path).IsReadOnly | Should -BeTrue
    }

    It 'takes paths of the session' {
        Push-Location $TestDrive
        try { Export-UserProfileCsv 'here.csv' } finally { Pop-Location }
        Join-Path $TestDrive 'here.csv' | Should -Exist
        Export-UserProfileCsv 'TestDrive:\drive.csv'
        Join-Path $TestDrive 'drive.csv' | Should -Exist
    }

    It 'writes nothing with -WhatIf' {
        Export-UserProfileCsv $path -WhatIf
        $path | Should -Not -Exist
    }

    It 'exports what a spreadsheet or a script goes on with' {
        Import-Csv (Export-UserProfileCsv $path -PassThru) | Group-Object plan | Select-Object Name, Count | Sort-Object Name |
            ConvertTo-Csv | Should -Be '"Name","Count"', '"free","1"', '"pro","1"'
    }

    It 'exports in a job, from a connection of its own' {
        $module = (Get-Module ProfilesModule).Path
        $endpoint = $server.Endpoint
        Start-Job {
            Import-Module $using:module
            Connect-UserProfileService -Token t -ProjectId 1 -Endpoint $using:endpoint -ServiceAccount ([pscredential]::new('job', (ConvertTo-SecureString s -AsPlainText)))
            Export-UserProfileCsv $using:path -Property plan
        } | Receive-Job -Wait -AutoRemoveJob
        (Import-Csv $path).plan | Should -Be 'pro', 'free'
    }
}
