BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Join-UserProfile' {
    BeforeAll {
        $server = Start-UserProfileServer
        1..3 | ForEach-Object { [ordered]@{ distinct_id = "u$_"; plan = "plan $_"; '$email' = "u$_@example.com" } } | Set-UserProfile
    }
    AfterAll {
        Stop-UserProfileServer
    }

    It 'joins the rows of a CSV file and exports the added columns' {
        $path = Join-Path $TestDrive events.csv
        'user_id,event', 'nobody,login', 'u1,login', 'u2,logout' | Set-Content $path
        Import-Csv $path | Join-UserProfile plan -IdentifierProperty user_id | ConvertTo-Csv |
            Should -Be '"user_id","event","profile_plan"', '"nobody","login",', '"u1","login","plan 1"', '"u2","logout","plan 2"'
    }

    It 'joins the lines of a raw export, whose distinct id is nested' {
        $lines = '{"event":"login","properties":{"time":1,"distinct_id":"u3"}}', '{"event":"login","properties":{"time":2,"distinct_id":"nobody"}}'
        $joined = $lines | ConvertFrom-Json | Join-UserProfile -Prefix user_
        $joined[0].user_plan | Should -BeExactly 'plan 3'
        $joined[0].'user_$email' | Should -BeExactly 'u3@example.com'
        $joined[1].properties.time | Should -Be 2
        $joined[1].psobject.Properties.Name | Should -Not -Contain user_plan
        $lines | ConvertFrom-Json -AsHashtable | Join-UserProfile plan | ForEach-Object profile_plan | Should -Be 'plan 3', $null
    }

    It 'exports lists and objects as their JSON' {
        Set-UserProfile lists -Property @{ roles = 'a', 'b'; address = @{ city = 'Bern' } }
        [pscustomobject]@{ distinct_id = 'lists' } | Join-UserProfile roles, address | ConvertTo-Csv | ConvertFrom-Csv |
            ForEach-Object { $_.profile_roles, $_.profile_address } | Should -Be '["a","b"]', '{"city":"Bern"}'
        Remove-UserProfile lists -Force
    }

    It 'writes what was read when the commands before it were stopped' {
        1..5000 | ForEach-Object { @{ distinct_id = "u$_" } } | Select-Object -First 3 | Join-UserProfile plan |
            ForEach-Object profile_plan | Should -Be 'plan 1', 'plan 2', 'plan 3'
    }

    It 'asks for no more than the commands behind it want' {
        $before = $server.RequestCount
        1..5000 | ForEach-Object { @{ distinct_id = "u$_" } } | Join-UserProfile | Select-Object -First 3 | Should -HaveCount 3
        $server.RequestCount - $before | Should -Be 1
    }

    It 'leaves the objects that were piped as they are' {
        $event = [pscustomobject]@{ distinct_id = 'u1' }
        $event | Join-UserProfile | Should -Not -BeNullOrEmpty
        $event.psobject.Properties.Name | Should -Be distinct_id
    }

    It 'refuses lines that are no objects yet' {
        '{"event":"login"}' | Join-UserProfile -ErrorVariable refused -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'EventNotReadable,*'
    }

    It 'joins in a job and comes back with the columns' {
        $module = (Get-Module ProfilesModule).Path
        $endpoint = $server.Endpoint
        $rows = 'distinct_id,event', 'u1,login', 'u2,logout' | ConvertFrom-Csv
        Start-Job {
            Import-Module $using:module
            Connect-UserProfileService -Token t -ProjectId 1 -Endpoint $using:endpoint -ServiceAccount ([pscredential]::new('job', (ConvertTo-SecureString s -AsPlainText)))
            $using:rows | Join-UserProfile plan
        } | Receive-Job -Wait -AutoRemoveJob | ForEach-Object profile_plan | Should -Be 'plan 1', 'plan 2'
    }

    It 'takes $null for no event' {
        $null, @{ distinct_id = 'u1' }, $null | Join-UserProfile plan -ErrorAction Stop | ForEach-Object profile_plan | Should -Be 'plan 1'
    }
}
