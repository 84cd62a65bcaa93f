BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Remove-UserProfile' {
    BeforeEach {
        $server = Start-UserProfileServer
        1..5 | ForEach-Object { @{ distinct_id = "u$_" } } | Set-UserProfile
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
}
