using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace ProfilesModule.HelpBuilder;

/// <summary>
/// Help in MAML, the form that Get-Help reads for cmdlets of an assembly. Source of the form: Microsoft's description of help
/// for cmdlets, and the help files that come with PowerShell.
/// </summary>
internal sealed partial class MamlHelp(IReadOnlyList<CmdletModel> cmdlets, Documentation docs)
{
    private static readonly XNamespace Msh = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public XDocument Build() => new(new XElement(
        Msh + "helpItems",
        new XAttribute("schema", "maml"),
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        cmdlets.Select(Help)));

    private XElement Help(CmdletModel cmdlet)
    {
        var summary = docs.Summary(cmdlet.Type);
        return new(
            Command + "command",
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Info.Verb),
                new XElement(Command + "noun", cmdlet.Info.Noun),
                Description([FirstSentence().Match(summary[0]).Value])),
            Description(summary),
            new XElement(Command + "syntax", cmdlet.ParameterSets.Select(set => new XElement(
                Command + "syntaxItem",
                new XElement(Maml + "name", cmdlet.Name),
                CmdletModel.Parameters(set).Select(p => Parameter(cmdlet, p.Name, [p], withValues: true))))),
            new XElement(Command + "parameters", cmdlet.ParameterNames.Select(name => Parameter(cmdlet, name, Occurrences(cmdlet, name), withValues: false))),
            new XElement(Command + "inputTypes", Inputs(cmdlet)),
            new XElement(Command + "returnValues", Outputs(cmdlet)),
            docs.Remarks(cmdlet.Type) is { Count: > 0 } remarks ? new XElement(Maml + "alertSet", new XElement(Maml + "alert", remarks.Select(Paragraph))) : null,
            new XElement(Command + "examples", Examples(cmdlet)),
            new XElement(Maml + "relatedLinks", Related(cmdlet).Select(name => new XElement(
                Maml + "navigationLink", new XElement(Maml + "linkText", name), new XElement(Maml + "uri")))));
    }

    private static CommandParameterInfo[] Occurrences(CmdletModel cmdlet, string name) =>
        [.. cmdlet.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.Name == name)];

    /// <summary>A parameter, of one set or of all.</summary>
    private XElement Parameter(CmdletModel cmdlet, string name, CommandParameterInfo[] sets, bool withValues)
    {
        var first = sets[0];
        var description = Description(cmdlet, name);
        var position = sets.Select(p => p.Position).Where(p => p >= 0).Select(p => (int?)p).Min();
        var type = Nullable.GetUnderlyingType(first.ParameterType) ?? first.ParameterType;
        var isSwitch = type == typeof(SwitchParameter);
        var values = withValues ? Values(first.Attributes, type) : [];
        return new(
            Command + "parameter",
            new XAttribute("required", sets.All(p => p.IsMandatory)),
            new XAttribute("variableLength", type.IsArray),
            new XAttribute("globbing", cmdlet.Property(name)?.IsDefined(typeof(SupportsWildcardsAttribute)) == true),
            new XAttribute("pipelineInput", PipelineInput(sets)),
            new XAttribute("position", position is null ? "named" : XmlConvert.ToString(position.Value)),
            new XAttribute("aliases", first.Aliases is [] ? "none" : string.Join(", ", first.Aliases.Order(StringComparer.Ordinal))),
            new XElement(Maml + "name", name),
            Description(description),
            values is [] ? null : new XElement(Command + "parameterValueGroup", values.Select(v => new XElement(
                Command + "parameterValue", new XAttribute("required", false), new XAttribute("variableLength", false), v))),
            isSwitch ? null : new XElement(
                Command + "parameterValue", new XAttribute("required", true), new XAttribute("variableLength", type.IsArray), type.Name),
            new XElement(Dev + "type", new XElement(Maml + "name", type.Name), new XElement(Maml + "uri")),
            new XElement(Dev + "defaultValue", isSwitch ? "False" : Default(description)));
    }

    private IReadOnlyList<string> Description(CmdletModel cmdlet, string parameter)
    {
        if (cmdlet.Property(parameter) is { } property)
            return docs.Summary(property);
        return EngineParameters.Describe(parameter) is { } description
            ? [description]
            : throw new DocumentationException($"Nothing says what -{parameter} of {cmdlet.Name} is for.");
    }

    private static string Default(IReadOnlyList<string> description) =>
        description.Select(p => DefaultPhrase().Match(p)).FirstOrDefault(m => m.Success)?.Groups[1].Value ?? "None";

    private static string PipelineInput(CommandParameterInfo[] sets)
    {
        string?[] ways = [sets.Any(p => p.ValueFromPipeline) ? "ByValue" : null, sets.Any(p => p.ValueFromPipelineByPropertyName) ? "ByPropertyName" : null];
        return ways.Any(w => w is not null) ? $"True ({string.Join(", ", ways.OfType<string>())})" : "False";
    }

    private static IReadOnlyList<string> Values(IEnumerable<Attribute> attributes, Type type) =>
        attributes.OfType<ValidateSetAttribute>().FirstOrDefault()?.ValidValues is { } values ? [.. values]
        : type.IsEnum ? Enum.GetNames(type)
        : [];

    private IEnumerable<XElement> Inputs(CmdletModel cmdlet)
    {
        var inputs = cmdlet.ParameterNames.Select(name => Occurrences(cmdlet, name))
            .Where(sets => sets.Any(p => p.ValueFromPipeline || p.ValueFromPipelineByPropertyName))
            .OrderByDescending(sets => sets.Any(p => p.ValueFromPipeline))
            .ToArray();
        return inputs is []
            ? [TypeEntry("inputType", "None", ["This command does not accept pipeline input."])]
            : inputs.Select(sets => TypeEntry("inputType", (sets[0].ParameterType.GetElementType() ?? sets[0].ParameterType).FullName!, [$"-{sets[0].Name}: {string.Join(' ', Description(cmdlet, sets[0].Name))}"]));
    }

    private IEnumerable<XElement> Outputs(CmdletModel cmdlet) => cmdlet.Type.GetCustomAttributes<OutputTypeAttribute>()
        .SelectMany(a => a.Type)
        .Select(output => output.Type == typeof(void)
            ? TypeEntry("returnValue", "None", ["This command does not write output."])
            : TypeEntry("returnValue", output.Name, Written(cmdlet, output.Type)));

    private IReadOnlyList<string> Written(CmdletModel cmdlet, Type? type)
    {
        if (cmdlet.Property("PassThru") is { } passThru)
            return [$"With -PassThru: {string.Join(' ', docs.Summary(passThru))}"];
        return type?.Assembly == cmdlet.Type.Assembly ? docs.Summary(type) : [];
    }

    private IEnumerable<XElement> Examples(CmdletModel cmdlet)
    {
        var examples = docs.Examples(cmdlet.Type).ToArray();
        if (examples is [])
            throw new DocumentationException($"{cmdlet.Name} has no <example>.");
        return examples.Select((example, i) => new XElement(
            Command + "example",
            new XElement(Maml + "title", $"---------- Example {i + 1} ----------"),
            new XElement(Dev + "code", example.Code),

            // An empty paragraph keeps the next title apart.
            new XElement(Dev + "remarks", example.Remarks.Append("").Select(Paragraph))));
    }

    /// <summary>What the docs name, the other commands of the noun, and the overview.</summary>
    private IEnumerable<string> Related(CmdletModel cmdlet) =>
        docs.SeeAlso(cmdlet.Type)
            .Concat(cmdlets.Where(c => c.Info.Noun == cmdlet.Info.Noun && c != cmdlet).Select(c => c.Name))
            .Append("about_ProfilesModule")
            .Distinct();

    private static XElement TypeEntry(string element, string name, IReadOnlyList<string> description) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Maml + "name", name), new XElement(Maml + "uri")),
        Description(description));

    private static XElement Description(IEnumerable<string> paragraphs) => new(Maml + "description", paragraphs.Select(Paragraph));

    private static XElement Paragraph(string text) => new(Maml + "para", text);

    [GeneratedRegex(@"^.*?\.(?=\s|$)")]
    private static partial Regex FirstSentence();

    // In the docs of a parameter, "Default 200." is a value. Text after "Default:" describes what happens without one.
    [GeneratedRegex(@"\bDefault (.+?)\.(?=\s|$)")]
    private static partial Regex DefaultPhrase();
}
