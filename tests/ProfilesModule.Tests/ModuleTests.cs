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
    public void Cmdlets_that_change_state_can_say_what_they_would_do()
    {
        using var session = new ModuleSession();
        var commands = session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => (CmdletInfo)c.BaseObject);
        var changing = commands.Where(c => c.Verb is "Set" or "Remove" or "Import" or "Export" or "Start" or "Stop").ToArray();
        Assert.Equal(8, changing.Length);
        Assert.All(changing, c => Assert.Contains("WhatIf", c.Parameters.Keys));
    }

    [Fact]
    public void Every_cmdlet_has_the_manners_of_a_microsoft_module()
    {
        using var session = new ModuleSession();
        var approved = new[] { typeof(VerbsCommon), typeof(VerbsCommunications), typeof(VerbsData), typeof(VerbsDiagnostic), typeof(VerbsLifecycle), typeof(VerbsOther), typeof(VerbsSecurity) }
            .SelectMany(t => t.GetFields()).Select(f => (string)f.GetValue(null)!).ToHashSet();
        var commands = session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => (CmdletInfo)c.BaseObject).ToArray();
        var docs = System.Xml.Linq.XDocument.Load(Path.Combine(ModuleSession.RepositoryRoot, "bin", "ProfilesModule.xml"))
            .Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")?.Value.Trim() ?? "");
        Assert.All(commands, command =>
        {
            Assert.Contains(command.Verb, approved);
            Assert.False(command.Noun.EndsWith('s'), command.Name);
            Assert.NotEmpty(command.OutputType);
            Assert.NotEqual("", docs[$"T:{command.ImplementingType.FullName}"]);
            Assert.True(command.ImplementingType.IsSealed, command.Name);
            var parameters = command.ImplementingType.GetProperties().Where(p => p.GetCustomAttributes<ParameterAttribute>().Any());
            Assert.All(parameters, p => Assert.NotEqual("", docs[$"P:{p.DeclaringType!.FullName}.{p.Name}"]));

            // Two sets that differ in nothing that must be given could not be told apart.
            var sets = command.ParameterSets.Select(s => string.Join(' ', s.Parameters.Where(p => p.IsMandatory).Select(p => p.Name).Order())).ToArray();
            Assert.Equal(sets.Distinct(), sets);
        });
    }

    [Fact]
    public void Other_modules_libraries_do_not_meet_ours()
    {
        using var session = new ModuleSession();
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.csv", "distinct_id,v\n1,a\n");
        session.Run("Start-UserProfileServer $db | Out-Null; Import-UserProfileCsv $path", new { path, db = folder.File("a.db") }).Succeeded();
        var context = System.Runtime.Loader.AssemblyLoadContext.All.Single(c => c.Assemblies.Any(a => a.GetName().Name == "CsvHelper"));
        Assert.Equal("ProfilesModule", context.Name);
        Assert.DoesNotContain(System.Runtime.Loader.AssemblyLoadContext.Default.Assemblies, a => a.GetName().Name is "CsvHelper" or "Microsoft.Data.Sqlite");
        Assert.DoesNotContain(context.Assemblies, a => a.GetName().Name is "ProfilesModule.Core");
    }
}
