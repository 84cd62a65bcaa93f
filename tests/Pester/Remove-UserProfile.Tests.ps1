BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Remove-UserProfile' {
    BeforeEach {
        $server = Start-UserProfileServer
        1..5 | ForEach-Object { @{ distinct_id = "u$_"; n = $_ } } | Set-UserProfile
    }
    AfterEach {
        Stop-UserProfileServer
    }

    It 'removes named profiles' {
        Remove-UserProfile u1, u2 -Confirm:$false
        (Get-UserProfile).DistinctId | Sort-Object | Should -Be 'u3', 'u4', 'u5'
    }

    It 'removes what is piped to it' {
        Get-UserProfile | Where-Object DistinctId -ne u3 | Remove-UserProfile -Force
        (Get-UserProfile).DistinctId | Should -Be 'u3'
    }

    It 'removes nothing with -WhatIf, not even with -Force' {
        Get-UserProfile | Remove-UserProfile -Force -WhatIf
        $server.ProfileCount | Should -Be 5
    }

    It 'refuses an object that has no distinct id' {
        { [pscustomobject]@{ name = 'u1' } | Remove-UserProfile -Force -ErrorAction Stop } | Should -Throw
        $server.ProfileCount | Should -Be 5
    }

    It 'removes by filter what is true, and nothing with -WhatIf' {
        Remove-UserProfile -Where 'properties["n"] > 3' -WhatIf
        $server.ProfileCount | Should -Be 5
        Remove-UserProfile -Where 'properties["n"] > 3' -Confirm:$false
        (Get-UserProfile).DistinctId | Should -Be 'u1', 'u2', 'u3'
        Remove-UserProfile -PropertyEquals @{ n = 2 } -Force
        (Get-UserProfile).DistinctId | Should -Be 'u1', 'u3'
        { Remove-UserProfile -PropertyEquals @{} -Force } | Should -Throw
        $server.ProfileCount | Should -Be 2
    }

    It 'restores from its backup, as text from CSV' {
        $path = Join-Path $TestDrive 'backup.csv'
        Remove-UserProfile -PropertyEquals @{ n = 4 } -BackupPath $path -Force
        $server.ProfileCount | Should -Be 4
        (Import-Csv $path).'$distinct_id' | Should -BeExactly 'u4'
        Import-UserProfileCsv $path -IgnoreTime | Out-Null
        (Get-UserProfile u4).n | Should -BeExactly '4'
    }

    It 'restores from its backup, exactly from lines of JSON' {
        $path = Join-Path $TestDrive 'backup.jsonl'
        Set-UserProfile u4 -Property @{ tags = 'a', 1; at = '2024-05-06T07:08:09' }
        $before = Get-UserProfile u4
        Remove-UserProfile u4 -BackupPath $path -Confirm:$false
        Get-Content $path | ConvertFrom-Json -AsHashtable | Set-UserProfile -IgnoreTime
        $after = Get-UserProfile u4
        $after.Properties | ConvertTo-Json | Should -BeExactly ($before.Properties | ConvertTo-Json)
        $after.UpdatedAt | Should -Be $before.UpdatedAt
    }

    It 'removes nothing that is not found or cannot be written' {
        Remove-UserProfile u1, nobody -BackupPath (Join-Path $TestDrive 'one.csv') -Force -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeExactly 'ProfileNotFound,ProfilesModule.Commands.RemoveUserProfileCommand'
        { Remove-UserProfile u2 -BackupPath (Join-Path $TestDrive 'one.csv') -Force } | Should -Throw -ErrorId 'BackupExists,*'
        { Remove-UserProfile u2 -BackupPath (Join-Path $TestDrive 'none' 'two.csv') -Force } | Should -Throw -ErrorId 'PathNotFound,*'
        $server.ProfileCount | Should -Be 4
    }

    It 'removes those of the rows of a CSV file that a script chooses' {
        $path = Join-Path $TestDrive 'leavers.csv'
        'user_id,left_on', 'u1,2026-01-31', 'u2,', 'u4,2026-02-28' | Set-Content $path
        Import-Csv $path | Where-Object left_on | Remove-UserProfile -IdentifierProperty user_id -Force -PassThru | Should -Be 'u1', 'u4'
        (Get-UserProfile).DistinctId | Sort-Object | Should -Be 'u2', 'u3', 'u5'
    }

    It 'removes in parallel runspaces' {
        $connection = Get-UserProfileConnection
        $module = (Get-Module ProfilesModule).Path
        1..5 | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:module
            Remove-UserProfile "u$_" -Connection $using:connection -Force
        }
        $server.ProfileCount | Should -Be 0
    }

    It 'has nothing to do with $null of the pipeline, and refuses it as an argument' {
        $null, 'u1' | Remove-UserProfile -Force -ErrorAction Stop
        $null, @{ id = 'u2' } | Remove-UserProfile -IdentifierProperty id -Force -ErrorAction Stop
        $null, 'u3' | Remove-UserProfile -BackupPath (Join-Path $TestDrive 'null.csv') -Force -ErrorAction Stop
        (Get-UserProfile).DistinctId | Sort-Object | Should -Be 'u4', 'u5'
        { Remove-UserProfile $null -Force } | Should -Throw -ErrorId 'IdentifierIsNull,*'
        { [pscustomobject]@{ DistinctId = $null } | Remove-UserProfile -Force -ErrorAction Stop } | Should -Throw
        $server.ProfileCount | Should -Be 2
    }
}
