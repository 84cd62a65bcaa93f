using System.Text;
using System.Text.Json;
using ProfilesModule.Rules;

namespace ProfilesModule.Mapping;

/// <summary>A value in a mapping file.</summary>
/// <param name="Line">The 1-based line where it begins.</param>
/// <param name="Value">
/// Text, a number, true or false, null, a list of <see cref="MappingNode"/>, or the members of an object as <see cref="MappingEntry"/>.
/// </param>
internal sealed record MappingNode(int Line, object? Value)
{
    /// <summary>The line of what has a text in the value: a member by its name, an element by its text. Otherwise its own.</summary>
    public int LineOf(string? text) => Value switch
    {
        IReadOnlyList<MappingEntry> entries => entries.FirstOrDefault(entry => entry.Name == text)?.Line ?? Line,
        IReadOnlyList<MappingNode> elements => elements.FirstOrDefault(element => element.Value as string == text)?.Line ?? Line,
        _ => Line,
    };
}

/// <summary>A member of an object in a mapping file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Line">The 1-based line of its name.</param>
/// <param name="Node">Its value.</param>
internal sealed record MappingEntry(string Name, int Line, MappingNode Node);

/// <summary>Reads mapping files: one JSON object, with comments and trailing commas.</summary>
internal ref struct MappingFile
{
    private readonly string _path;
    private readonly byte[] _text;
    private Utf8JsonReader _json;

    private MappingFile(string path, string text)
    {
        (_path, _text) = (path, Encoding.UTF8.GetBytes(text));
        _json = new(_text, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
    }

    /// <summary>The members of a mapping.</summary>
    /// <param name="path">The path of the file, for errors.</param>
    /// <param name="text">What it holds.</param>
    /// <exception cref="FailureException">It is not JSON, not an object, or has a member twice.</exception>
    public static IReadOnlyList<MappingEntry> Read(string path, string text)
    {
        var file = new MappingFile(path, text);
        try
        {
            file._json.Read();
            if (file._json.TokenType != JsonTokenType.StartObject)
                throw new FailureException(Failures.MappingNotJson(path, file.Line, "it must be an object: { … }"));
            var entries = file.Entries();
            file._json.Read();

            // It is for editors.
            entries.RemoveAll(entry => entry.Name == "$schema");
            return entries;
        }
        catch (JsonException e)
        {
            throw new FailureException(Failures.MappingNotJson(path, (int)(e.LineNumber ?? 0) + 1, Problem(e)));
        }
    }

    private readonly int Line => _text.AsSpan(0, (int)_json.TokenStartIndex).Count((byte)'\n') + 1;

    private List<MappingEntry> Entries()
    {
        var entries = new List<MappingEntry>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            var (name, line) = (Text(), Line);
            if (entries.Exists(entry => entry.Name == name))
                throw new FailureException(Failures.MappingMemberTwice(_path, line, name));
            _json.Read();
            entries.Add(new(name, line, Node()));
        }

        return entries;
    }

    private List<MappingNode> Elements()
    {
        var elements = new List<MappingNode>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
            elements.Add(Node());
        return elements;
    }

    private MappingNode Node()
    {
        var line = Line;
        object? value = _json.TokenType switch
        {
            JsonTokenType.StartObject => Entries(),
            JsonTokenType.StartArray => Elements(),
            JsonTokenType.String => Text(),
            JsonTokenType.Number => _json.GetDouble(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        };
        return new(line, value);
    }

    private readonly string Text()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FailureException(Failures.MappingNotJson(_path, Line, "the text has half of a surrogate pair"));
        }
    }

    // What follows is the place, in numbers from 0.
    private static string Problem(JsonException exception)
    {
        var place = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? exception.Message : exception.Message[..place]).TrimEnd('.');
    }
}
