BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Get-UserProfileSync' {
    BeforeEach {
        $null = Start-UserProfileServer
        $state = Join-Path $TestDrive "$(New-Guid).db"
        $csv = Join-Path $TestDrive 'users.csv'
    }

    AfterEach {
        Stop-UserProfileServer
    }

    It 'lists the runs with their counts' {
        Set-Content $csv "distinct_id,plan`nu1,free`nu2,pro"
        $null = Import-UserProfileCsv $csv -StatePath $state
        Set-Content $csv "distinct_id,plan`nu1,free`nu2,free"
        $null = Import-UserProfileCsv $csv -StatePath $state
        $runs = Get-UserProfileSync $state
        $runs.Run | Should -Be 1, 2
        $runs.Accepted | Should -Be 2, 1
        $runs.Unchanged | Should -Be 0, 1
        $runs.ExitCode | Should -Be 0, 0
        $runs[1].Source | Should -Be $csv
        $runs[1].Started | Should -BeGreaterOrEqual $runs[0].Started
        $runs[0].MappingHash | Should -Be $runs[1].MappingHash
    }

    It 'says by which run a profile was last sent' {
        Set-Content $csv "distinct_id,plan`nu1,free`n007,pro"
        $null = Import-UserProfileCsv $csv -StatePath $state
        Set-Content $csv "distinct_id,plan,city`nu1,free,Rome`n007,pro,"
        $null = Import-UserProfileCsv $csv -StatePath $state
        $entry = Get-UserProfileSync $state u1
        $entry.Run | Should -Be 2
        $entry.Status | Should -Be Accepted
        $entry.Hash | Should -Match '^[0-9a-f]{32}$'
        $entry.Property | Should -Be plan, city
        (Get-UserProfileSync $state -DistinctId 007).Run | Should -Be 1
        { Get-UserProfileSync $state nobody -ErrorAction Stop } | Should -Throw -ErrorId 'ProfileNotInState,*'
    }

    It 'shows users and groups apart' {
        @{ distinct_id = 'x'; a = 1 } | Set-UserProfile -StatePath $state
        @{ group_id = 'x'; a = 1 } | Set-GroupProfile -GroupKey company -StatePath $state
        (Get-UserProfileSync $state x).GroupKey | Should -Be $null, 'company'
        (Get-UserProfileSync $state).Source | Should -Be 'Set-UserProfile', 'Set-GroupProfile'
    }
}
