BeforeDiscovery {
    . "$PSScriptRoot/Common.ps1"
    $commands = (Get-Command -Module ProfilesModule).Name
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
}

Describe 'Get-Help <_>' -ForEach $commands {
    It 'shows every part' {
        $full = Get-Help $_ -Full | Out-String -Width 200
        foreach ($part in 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'INPUTS', 'OUTPUTS', 'Example 1', 'RELATED LINKS') {
            $full | Should -MatchExactly $part
        }
        Get-Help $_ -Examples | Out-String -Width 200 | Should -MatchExactly ([regex]::Escape($_))
    }

    It 'has examples in which every command that is installed has the parameters that it is given' {
        foreach ($example in (Get-Help $_ -Examples).examples.example) {
            $script = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $null)
            foreach ($call in $script.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $command = Get-Command $call.GetCommandName() -CommandType Cmdlet, Function -ErrorAction Ignore
                foreach ($element in $call.CommandElements) {
                    if ($command -and $element -is [System.Management.Automation.Language.CommandParameterAst]) {
                        { $command.ResolveParameter($element.ParameterName) } | Should -Not -Throw
                    }
                }
            }
        }
    }
}

Describe 'Get-Help about_ProfilesModule' {
    It 'shows the overview' {
        Get-Help about_ProfilesModule | Out-String | Should -MatchExactly 'ENVIRONMENT VARIABLES'
    }
}
