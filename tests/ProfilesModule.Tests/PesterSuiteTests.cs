using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests;

/// <summary>The Pester suite leaves no cmdlet out, and runs in the pwsh whose engine these tests host.</summary>
public sealed class PesterSuiteTests
{
    private static readonly string Folder = Path.Combine(ModuleSession.RepositoryRoot, "tests", "Pester");

    [Fact]
    public void Every_cmdlet_has_a_Pester_file_of_its_own_that_calls_it_in_two_tests()
    {
        using var session = new ModuleSession();
        Assert.All(session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => ((CmdletInfo)c.BaseObject).Name), name =>
        {
            var calling = Commands(Parse($"{name}.Tests.ps1"))
                .Where(c => c.GetCommandName() == "It" && Commands(c).Any(inner => inner.GetCommandName() == name));
            Assert.True(calling.Count() >= 2, $"{name} is called in fewer than two tests of its file.");
        });
    }

    [Fact]
    public void Every_Pester_file_is_a_script_without_errors_that_belongs_to_something()
    {
        using var session = new ModuleSession();
        var names = session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => ((CmdletInfo)c.BaseObject).Name).Concat(["Help", "Interrupt", "Partitions", "ProfilesModule"]).Select(n => $"{n}.Tests.ps1").ToArray();
        Assert.All(Directory.GetFiles(Folder, "*.Tests.ps1").Select(Path.GetFileName), file =>
        {
            _ = Parse(file!);
            Assert.Contains(file, names);
        });
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("build.ps1")]
    [InlineData(".ci/run")]
    public void Commands_start_the_version_of_PowerShell_that_the_tests_host(string file)
    {
        var commands = Regex.Matches(File.ReadAllText(Path.Combine(ModuleSession.RepositoryRoot, file)), @"dnx powershell(\S*)");
        Assert.NotEmpty(commands);
        Assert.All(commands, c => Assert.Equal($"@{PSVersionInfo.PSVersion}", c.Groups[1].Value));
    }

    private static ScriptBlockAst Parse(string file)
    {
        var script = Parser.ParseFile(Path.Combine(Folder, file), out _, out var errors);
        Assert.Empty(errors);
        return script;
    }

    private static IEnumerable<CommandAst> Commands(Ast script) => script.FindAll(a => a is CommandAst && a != script, searchNestedScriptBlocks: true).Cast<CommandAst>();
}
