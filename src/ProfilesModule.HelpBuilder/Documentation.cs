using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ProfilesModule.HelpBuilder;

/// <summary>An example of a cmdlet.</summary>
/// <param name="Code">What to type.</param>
/// <param name="Remarks">What it does.</param>
internal sealed record DocumentedExample(string Code, IReadOnlyList<string> Remarks);

/// <summary>The documentation file that the compiler made of the /// docs.</summary>
internal sealed partial class Documentation
{
    private readonly Dictionary<string, XElement> _members;

    private Documentation(XDocument file) => _members = file.Descendants("member").ToDictionary(m => m.Attribute("name")!.Value);

    public static Documentation Load(string path) => new(XDocument.Load(path, LoadOptions.PreserveWhitespace));

    /// <summary>The paragraphs of a summary.</summary>
    /// <exception cref="DocumentationException">There is none.</exception>
    public IReadOnlyList<string> Summary(MemberInfo member) =>
        Find(member)?.Element("summary") is { } summary && Paragraphs(summary) is { Count: > 0 } paragraphs
            ? paragraphs
            : throw new DocumentationException($"{Key(member)} has no <summary>.");

    /// <summary>The paragraphs of the remarks; none when there are none.</summary>
    public IReadOnlyList<string> Remarks(Type type) => Find(type)?.Element("remarks") is { } remarks ? Paragraphs(remarks) : [];

    /// <summary>The examples of a cmdlet.</summary>
    /// <exception cref="DocumentationException">One of them has no code or does not say what it does.</exception>
    public IEnumerable<DocumentedExample> Examples(Type type)
    {
        foreach (var example in Find(type)?.Elements("example") ?? [])
        {
            var code = example.Element("code")?.Value ?? throw new DocumentationException($"An <example> of {type.Name} has no <code>.");
            var remarks = example.Elements("para").Select(Text).ToArray();
            if (remarks is [])
                throw new DocumentationException($"An <example> of {type.Name} does not say in a <para> what it does.");
            yield return new(Dedented(code), remarks);
        }
    }

    /// <summary>The names of what a cmdlet's docs send the reader to.</summary>
    public IEnumerable<string> SeeAlso(Type type) => Find(type)?.Elements("seealso").Select(Reference) ?? [];

    /// <summary>The docs of a member, or of the one that they are inherited from.</summary>
    private XElement? Find(MemberInfo member)
    {
        var docs = _members.GetValueOrDefault(Key(member));
        return docs?.Element("inheritdoc")?.Attribute("cref") is { } inherited ? _members.GetValueOrDefault(inherited.Value) : docs;
    }

    private static string Key(MemberInfo member) => member is Type type ? $"T:{type.FullName}" : $"P:{member.DeclaringType!.FullName}.{member.Name}";

    private static IReadOnlyList<string> Paragraphs(XElement element) =>
        [.. (element.Elements("para").Any() ? element.Elements("para").Select(Text) : [Text(element)]).Where(t => t.Length > 0)];

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => code.Value,
                XElement { Name.LocalName: "see" } see => Reference(see),
                XElement { Name.LocalName: "paramref" } parameter => parameter.Attribute("name")!.Value,
                XElement other => throw new DocumentationException($"Help does not know <{other.Name}>, in '{element.Value.Trim()}'."),
                _ => "",
            });
        }

        return Whitespace().Replace(text.ToString(), " ").Trim();
    }

    /// <summary>What a reader of help calls it: a command, a parameter, or the last part of a name.</summary>
    private static string Reference(XElement see)
    {
        if ((see.Attribute("href") ?? see.Attribute("langword")) is { } plain)
            return plain.Value;
        var target = see.Attribute("cref")!.Value;
        var name = target[(target.LastIndexOf('.') + 1)..];
        return target.StartsWith("T:", StringComparison.Ordinal) && CommandClass().Match(name) is { Success: true } command
            ? $"{command.Groups[1].Value}-{command.Groups[2].Value}"
            : target.Contains("Command.", StringComparison.Ordinal) ? $"-{name}" : name;
    }

    private static string Dedented(string code)
    {
        var lines = code.Trim('\n', '\r').TrimEnd().Split('\n').Select(l => l.TrimEnd()).ToArray();
        var indent = lines.Where(l => l.Length > 0).Select(l => l.Length - l.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select(l => l.Length > indent ? l[indent..] : l.TrimStart()));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();

    // Every command class is named so: verb, noun, Command.
    [GeneratedRegex("^([A-Z][a-z]+)([A-Z]\\w+)Command$")]
    private static partial Regex CommandClass();
}
