using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfilesModule.Mapping;

/// <summary>Writes a mapping file: its members, each with the reason beside it as a comment.</summary>
internal sealed class MappingText
{
    /// <summary>The reason of a member whose parameter the user specified.</summary>
    public const string Specified = "specified";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Json, string Comment, bool IsMember)> _lines = [];

    private static string Schema
    {
        get
        {
            var folder = Path.GetDirectoryName(typeof(MappingText).Assembly.Location)!;
            return new Uri(Path.Combine(folder, "..", "en-US", "mapping.schema.json")).AbsoluteUri;
        }
    }

    /// <summary>Begins a mapping.</summary>
    /// <param name="source">The file or the query that it is made from.</param>
    /// <param name="specified">The members whose parameters the user specified.</param>
    public static MappingText Of(string source, IEnumerable<KeyValuePair<string, JsonNode?>> specified)
    {
        var text = new MappingText();
        text.AddNote($"From {Quoted(source)}. Correct what is not as intended: imports do what is written here.");
        text.Add("$schema", Schema, "for editors");
        foreach (var (name, value) in specified)
            text.Add(name, value, Specified);
        return text;
    }

    /// <summary>A text as it is written in JSON, which a comment can hold too.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text, Readable);

    /// <summary>Adds a line that is only a comment.</summary>
    public void AddNote(string text) => _lines.Add(("", text, false));

    /// <summary>Adds a member.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="reason">Why it has that value.</param>
    public void Add(string name, JsonNode? value, string reason) =>
        _lines.Add(($"{Quoted(name)}: {value?.ToJsonString(Readable) ?? "null"}", reason, true));

    /// <summary>Adds a member whose value is an object that has a reason beside each of its members.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="members">The members of its value.</param>
    public void Add(string name, MappingText members) => _lines.Add(($"{Quoted(name)}: {members.Object("    ", "  ")}", "", true));

    /// <inheritdoc/>
    public override string ToString() => Object("  ", "") + "\n";

    private string Object(string indent, string outerIndent)
    {
        var text = new StringBuilder("{\n");
        var last = _lines.FindLastIndex(line => line.IsMember);
        for (var i = 0; i < _lines.Count; i++)
        {
            var (json, comment, isMember) = _lines[i];
            text.Append(indent).Append(json).Append(isMember && i < last ? "," : "");
            if (comment.Length > 0)
                text.Append(isMember ? "  // " : "// ").Append(comment.ReplaceLineEndings(" "));
            text.Append('\n');
        }

        return text.Append(outerIndent).Append('}').ToString();
    }
}
