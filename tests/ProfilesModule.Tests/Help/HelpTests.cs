using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Help;

public sealed partial class HelpTests : IDisposable
{
    private static readonly Dictionary<string, XElement> Docs =
        XDocument.Load(Path.Combine(ModuleSession.RepositoryRoot, "bin", "ProfilesModule.xml")).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value);

    private readonly ModuleSession _session = new();

    public void Dispose() => _session.Dispose();

    private static XElement DocsOf(string member) =>
        Docs[member].Element("inheritdoc") is { } inherited ? Docs[inherited.Attribute("cref")!.Value] : Docs[member];

    [Fact]
    public void Help_says_what_the_docs_of_every_cmdlet_say()
    {
        Assert.All(Commands(), command =>
        {
            var docs = Docs[$"T:{command.ImplementingType.FullName}"];
            var help = Help(command);
            Assert.Equal(command.Name, Text(help, "Name"));
            Says(docs.Element("summary")!, Paragraphs(help, "description"));
            Assert.StartsWith(Text(help, "Synopsis"), Paragraphs(help, "description"), StringComparison.Ordinal);
            Assert.EndsWith(".", Text(help, "Synopsis"), StringComparison.Ordinal);
            if (docs.Element("remarks") is { } remarks)
                Says(remarks, Paragraphs(Member(help, "alertSet")!, "alert"));

            var examples = Items(Member(help, "examples")!, "example").ToArray();
            Assert.NotEmpty(examples);
            Assert.Equal(docs.Elements("example").Select(e => Words(e.Element("code")!.Value)), examples.Select(e => Words(Text(e, "code"))));
            Assert.All(docs.Elements("example").Zip(examples), pair => Says(pair.First.Element("para")!, Paragraphs(pair.Second, "remarks")));
        });
    }

    [Fact]
    public void Help_says_what_the_docs_of_every_parameter_say_and_what_the_engine_knows_of_it()
    {
        Assert.All(Commands(), command =>
        {
            var help = Help(command);
            var documented = Items(Member(help, "parameters")!, "parameter").ToDictionary(p => Text(p, "name"));
            var parameters = command.Parameters.Values.Where(p => !Cmdlet.CommonParameters.Contains(p.Name)).ToArray();
            Assert.Equal(parameters.Select(p => p.Name).Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
            Assert.All(parameters, parameter =>
            {
                var text = documented[parameter.Name];
                Assert.NotEqual("", Paragraphs(text, "description"));
                if (command.ImplementingType.GetProperty(parameter.Name) is { } property)
                    Says(DocsOf($"P:{property.DeclaringType!.FullName}.{property.Name}").Element("summary")!, Paragraphs(text, "description"));

                var sets = parameter.ParameterSets.Values;
                var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
                Assert.Equal(type.Name, Text(text, "type", "name"));
                Assert.Equal(parameter.Aliases.Order(StringComparer.Ordinal), Text(text, "aliases").Split(", ").Where(a => a != "none"));
                Assert.Equal(sets.All(s => s.IsMandatory), bool.Parse(Text(text, "required")));
                Assert.Equal(sets.Any(s => s.ValueFromPipeline), Text(text, "pipelineInput").Contains("ByValue", StringComparison.Ordinal));
                Assert.Equal(sets.Any(s => s.ValueFromPipelineByPropertyName), Text(text, "pipelineInput").Contains("ByPropertyName", StringComparison.Ordinal));
                Assert.Equal(sets.Any(s => s.Position >= 0) ? $"{sets.Where(s => s.Position >= 0).Min(s => s.Position)}" : "named", Text(text, "position"));
                Assert.Equal(parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any(), bool.Parse(Text(text, "globbing")));
            });
        });
    }

    [Theory]
    [InlineData("Set-UserProfile", "BatchSize", "200")]
    [InlineData("Import-UserProfileCsv", "Operation", "Set")]
    [InlineData("Import-UserProfileCsv", "Delimiter", "a comma")]
    [InlineData("Remove-UserProfile", "Force", "False")]
    [InlineData("Start-UserProfileServer", "Port", "None")]
    public void Help_has_the_default_of_a_parameter(string command, string parameter, string value)
    {
        var help = Assert.Single(_session.Run("Get-Help $command -Parameter $parameter", new { command, parameter }).Succeeded().Output);
        Assert.Equal(value, Text(help, "defaultValue"));
    }

    [Fact]
    public void Help_has_a_syntax_for_every_parameter_set()
    {
        Assert.All(Commands(), command =>
        {
            var sets = Items(Member(Help(command), "syntax")!, "syntaxItem")
                .Select(s => string.Join(' ', Items(s, "parameter").Select(p => Text(p, "name")).Order(StringComparer.Ordinal)));
            var expected = command.ParameterSets
                .Select(s => string.Join(' ', s.Parameters.Select(p => p.Name).Where(p => !Cmdlet.CommonParameters.Contains(p)).Order(StringComparer.Ordinal)));
            Assert.Equal(expected.Order(StringComparer.Ordinal), sets.Order(StringComparer.Ordinal));
        });
        var operation = Items(Items(Member(Help(Command("Set-UserProfile")), "syntax")!, "syntaxItem").First(), "parameter").Single(p => Text(p, "name") == "Operation");
        Assert.Equal(["Set", "SetOnce", "Add", "Append", "Union", "Remove"], Items(Member(operation, "parameterValueGroup")!, "parameterValue").Select(v => v.ToString()));
    }

    [Fact]
    public void Help_says_what_comes_in_and_what_goes_out()
    {
        var set = Help(Command("Set-UserProfile"));
        Assert.Equal(["ProfilesModule.ProfileId", "System.Management.Automation.PSObject"], Items(Member(set, "inputTypes")!, "inputType").Select(i => Text(i, "type", "name")));
        Assert.Equal(["ProfilesModule.UserProfile"], Items(Member(set, "returnValues")!, "returnValue").Select(i => Text(i, "type", "name")));
        Assert.Equal(["None"], Items(Member(Help(Command("Disconnect-UserProfileService")), "returnValues")!, "returnValue").Select(i => Text(i, "type", "name")));
        Assert.All(Commands(), command => Assert.NotEmpty(Items(Member(Help(command), "returnValues")!, "returnValue")));
    }

    [Fact]
    public void Every_example_is_a_script_whose_commands_have_the_parameters_that_it_gives_them()
    {
        var commands = Commands().ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        Assert.All(commands.Values, command => Assert.All(Docs[$"T:{command.ImplementingType.FullName}"].Elements("example"), example =>
        {
            var script = Parser.ParseInput(example.Element("code")!.Value, out _, out var errors);
            Assert.Empty(errors);
            var calls = script.FindAll(a => a is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>().ToArray();
            Assert.Contains(calls, c => c.GetCommandName() == command.Name);
            Assert.All(calls.Where(c => CommandNames().IsMatch(c.GetCommandName())), c => Assert.Contains(c.GetCommandName(), commands.Keys));
            Assert.All(calls.Where(c => commands.ContainsKey(c.GetCommandName())), c =>
                Assert.All(c.CommandElements.OfType<CommandParameterAst>(), p => Assert.NotNull(commands[c.GetCommandName()].ResolveParameter(p.ParameterName))));
        }));
    }

    [Fact]
    public void Related_links_lead_to_help_that_exists()
    {
        Assert.All(Commands(), command =>
        {
            var links = Items(Member(Help(command), "relatedLinks")!, "navigationLink").Select(l => Text(l, "linkText")).ToArray();
            Assert.Contains("about_ProfilesModule", links);
            Assert.DoesNotContain(command.Name, links);
            Assert.All(links, link => Assert.Single(_session.Run("Get-Help $link", new { link }).Succeeded().Output));
        });
    }

    [Fact]
    public void Every_about_topic_of_the_source_is_found()
    {
        var topics = Directory.GetFiles(Path.Combine(ModuleSession.RepositoryRoot, "docs", "about"), "*.help.txt");
        Assert.NotEmpty(topics);
        Assert.All(topics, file =>
        {
            var topic = Path.GetFileName(file)[..^".help.txt".Length];
            var help = Assert.Single(_session.Run("Get-Help $topic", new { topic }).Succeeded().Output);
            Assert.Equal(File.ReadAllText(file).Trim(), help.ToString().Trim());

            // Pages of Get-Help are 80 columns wide where a console is.
            Assert.All(File.ReadLines(file), line => Assert.InRange(line.Length, 0, 79));
        });
    }

    [Fact]
    public void The_overview_names_parameters_that_exist()
    {
        var overview = File.ReadAllText(Path.Combine(ModuleSession.RepositoryRoot, "docs", "about", "about_ProfilesModule.help.txt"));
        var commands = Commands();
        Assert.All(CommandNames().Matches(overview).Select(m => m.Value).Distinct(), name => Assert.Contains(name, commands.Select(c => c.Name)));
        var known = commands.SelectMany(c => c.Parameters.Keys).ToHashSet(StringComparer.OrdinalIgnoreCase);
        known.Add("Parallel");
        Assert.All(ParameterNames().Matches(overview).Select(m => m.Groups[1].Value).Distinct(), name => Assert.Contains(name, known));
    }

    private CmdletInfo[] Commands() => [.. _session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => (CmdletInfo)c.BaseObject)];

    private CmdletInfo Command(string name) => Commands().Single(c => c.Name == name);

    private PSObject Help(CmdletInfo command) => Assert.Single(_session.Run("Get-Help $name -Full", new { name = command.Name }).Succeeded().Output);

    /// <summary>Markup shows in help as words of its own; the text around it must be there as it stands.</summary>
    private static void Says(XElement docs, string help) =>
        Assert.All(docs.DescendantNodes().OfType<XText>().Select(t => Words(t.Value)).Where(t => t.Length > 0), text => Assert.Contains(text, Words(help), StringComparison.Ordinal));

    private static string Words(string text) => Whitespace().Replace(text, " ").Trim();

    private static object? Member(object? of, string name) => PSObject.AsPSObject(of!).Properties[name]?.Value;

    private static string Text(object? of, params string[] path) => path.Aggregate(of, (at, name) => at is null ? null : Member(at is IList list ? list[0] : at, name))?.ToString() ?? "";

    private static IEnumerable<object> Items(object of, string name) => Member(of, name) switch
    {
        null => [],
        IEnumerable list and not string => list.Cast<object>(),
        var single => [single],
    };

    private static string Paragraphs(object of, string name) => string.Join(' ', Items(of, name).Select(p => Text(p, "Text"))).Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();

    [GeneratedRegex(@"\b[A-Z][a-z]+-(User|Group)Profile\w*")]
    private static partial Regex CommandNames();

    [GeneratedRegex(@"(?<=[\s(])-([A-Z]\w+)")]
    private static partial Regex ParameterNames();
}
