using System.Management.Automation;
using System.Reflection;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void The_manifest_exports_exactly_the_cmdlet_classes()
    {
        using var session = new ModuleSession();
        var commands = session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => (CmdletInfo)c.BaseObject).ToArray();
        var classes = commands[0].ImplementingType.Assembly.GetTypes()
            .Select(t => t.GetCustomAttribute<CmdletAttribute>())
            .OfType<CmdletAttribute>()
            .Select(a => $"{a.VerbName}-{a.NounName}");
        Assert.Equal(classes.Order(), commands.Select(c => c.Name).Order());
    }

    [Fact]
    public void The_version_is_that_of_the_manifest_everywhere()
    {
        using var session = new ModuleSession();
        var module = (PSModuleInfo)Assert.Single(session.Run("Get-Module ProfilesModule").Succeeded().Output).BaseObject;
        var assembly = module.ExportedCmdlets["Set-UserProfile"].ImplementingType.Assembly;
        Assert.Equal(module.Version, new Version(assembly.GetName().Version!.ToString(3)));
    }

    [Fact]
    public void Cmdlets_that_change_state_can_say_what_they_would_do_and_those_that_read_cannot()
    {
        // The verbs of PSScriptAnalyzer's rule on ShouldProcess, and those that write to a service or a file.
        var changing = new[] { "New", "Set", "Remove", "Start", "Stop", "Restart", "Reset", "Update", "Add", "Clear", "Import", "Export" };
        using var session = new ModuleSession();
        var commands = session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => (CmdletInfo)c.BaseObject).ToArray();
        Assert.All(commands.Where(c => changing.Contains(c.Verb)), c => Assert.Contains("WhatIf", c.Parameters.Keys));
        Assert.All(commands.Where(c => c.Verb == "Get"), c => Assert.DoesNotContain("WhatIf", c.Parameters.Keys));
    }

    [Fact]
    public void Every_cmdlet_has_the_manners_of_a_microsoft_module()
    {
        using var session = new ModuleSession();
        var approved = new[] { typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle), typeof(VerbsOther), typeof(VerbsSecurity) }
            .SelectMany(t => t.GetFields()).Select(f => (string)f.GetValue(null)!).ToHashSet();
        var commands = session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => (CmdletInfo)c.BaseObject).ToArray();
        var members = System.Xml.Linq.XDocument.Load(Path.Combine(ModuleSession.RepositoryRoot, "bin", "ProfilesModule.xml"))
            .Descendants("member").ToDictionary(m => m.Attribute("name")!.Value);
        string Summary(string member) =>
            !members.TryGetValue(member, out var docs) ? ""
            : docs.Element("inheritdoc")?.Attribute("cref") is { } inherited ? Summary(inherited.Value)
            : docs.Element("summary")?.Value.Trim() ?? "";
        Assert.All(commands, command =>
        {
            Assert.Contains(command.Verb, approved);
            Assert.False(command.Noun.EndsWith('s'), command.Name);
            Assert.NotEmpty(command.OutputType);
            Assert.NotEqual("", Summary($"T:{command.ImplementingType.FullName}"));
            Assert.NotEmpty(members[$"T:{command.ImplementingType.FullName}"].Elements("example"));
            Assert.True(command.ImplementingType.IsSealed, command.Name);
            var parameters = command.ImplementingType.GetProperties().Where(p => p.GetCustomAttributes<ParameterAttribute>().Any());
            Assert.All(parameters, p => Assert.NotEqual("", Summary($"P:{p.DeclaringType!.FullName}.{p.Name}")));
        });
    }

    [Fact]
    public void No_two_parameter_sets_are_ambiguous()
    {
        using var session = new ModuleSession();
        var commands = session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => (CmdletInfo)c.BaseObject);
        Assert.All(commands, command =>
        {
            var sets = command.ParameterSets;
            for (var i = 0; i < sets.Count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    Assert.True(AreToldApartByName(sets[i], sets[j]), $"{command.Name}: {sets[i].Name} and {sets[j].Name}");

                    // An argument without a name, or a piped object, may be for a parameter of either.
                    Assert.True(!Compete(sets[i], sets[j]) || sets.Any(s => s.IsDefault), $"{command.Name} needs a default for {sets[i].Name} and {sets[j].Name}");
                }
            }
        });
    }

    /// <summary>Whether the names of what is given always choose one of two sets, and can choose either.</summary>
    private static bool AreToldApartByName(CommandParameterSetInfo left, CommandParameterSetInfo right)
    {
        if (!Mandatory(left).All(name => Has(right, name)) || !Mandatory(right).All(name => Has(left, name)))
            return true;

        // What fits both goes to the default, so that the other one must have something of its own to be asked for with.
        return new[] { (Set: left, Other: right), (Set: right, Other: left) }.Any(pair => pair.Set.IsDefault && pair.Other.Parameters.Any(p => !Has(pair.Set, p.Name)));
    }

    private static bool Compete(CommandParameterSetInfo left, CommandParameterSetInfo right) => left.Parameters.Any(l => right.Parameters.Any(r =>
        l.Name != r.Name && ((l.Position >= 0 && l.Position == r.Position) || (l.ValueFromPipeline && r.ValueFromPipeline))));

    private static IEnumerable<string> Mandatory(CommandParameterSetInfo set) => set.Parameters.Where(p => p.IsMandatory).Select(p => p.Name);

    private static bool Has(CommandParameterSetInfo set, string parameter) => set.Parameters.Any(p => p.Name == parameter);

    [Fact]
    public void Other_modules_libraries_do_not_meet_ours()
    {
        using var session = new ModuleSession();
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.csv", "distinct_id,v\n1,a\n");
        session.Run("Start-UserProfileServer $db | Out-Null; Import-UserProfileCsv $path", new { path, db = folder.File("a.db") }).Succeeded();
        var context = System.Runtime.Loader.AssemblyLoadContext.All.Single(c => c.Assemblies.Any(a => a.GetName().Name == "CsvHelper"));
        Assert.Equal("ProfilesModule", context.Name);
        Assert.DoesNotContain(System.Runtime.Loader.AssemblyLoadContext.Default.Assemblies, a => a.GetName().Name == "CsvHelper");

        // Tests have a Microsoft.Data.Sqlite too.
        Assert.Contains(context.Assemblies, a => a.GetName().Name == "Microsoft.Data.Sqlite");
        Assert.DoesNotContain(context.Assemblies, a => a.GetName().Name is "ProfilesModule.Core" or "ProfilesModule.Server");
    }
}
