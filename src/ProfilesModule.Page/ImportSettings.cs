using System.Text.Json;
using System.Text.Json.Nodes;
using ProfilesModule.Server.Http;
using ProfilesModule.Sources;

namespace ProfilesModule.Page;

/// <summary>What somebody chose on the page about a file, which becomes the members of a mapping.</summary>
internal sealed record ImportSettings
{
    private const string UsualEncoding = "utf8";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The name of the encoding.</summary>
    public string Encoding { get; init; } = UsualEncoding;

    /// <summary>What separates fields.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Whether the first row has the names of the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>The index of the column with the identifier; null for the one that an import finds.</summary>
    public int? Identifier { get; init; }

    /// <summary>Whether each row of a file without an identifier gets a random one.</summary>
    public bool IsRandom { get; init; }

    /// <summary>What becomes of the columns; empty for what an import does with them.</summary>
    public IReadOnlyList<ChosenColumn> Columns { get; init; } = [];

    /// <summary>The settings in a request; null if it leaves them to the page.</summary>
    /// <exception cref="BadRequestException">They are not valid.</exception>
    public static ImportSettings? Of(JsonElement body)
    {
        try
        {
            return body.TryGetProperty("settings", out var settings) ? settings.Deserialize<ImportSettings>(Options) : null;
        }
        catch (JsonException e)
        {
            throw new BadRequestException(e.Message);
        }
    }

    /// <summary>The settings that a file seems to need.</summary>
    public static ImportSettings Of(CsvForm form) =>
        new() { Encoding = form.Encoding ?? UsualEncoding, Delimiter = form.Delimiter.ToString(), HasHeader = form.HasHeader };

    /// <summary>The members of the mapping that only say how the file is written.</summary>
    /// <param name="count">How many columns it has.</param>
    public JsonObject Form(int count)
    {
        // The documentation's own import is an edit of the page, which leaves the time of the last update alone.
        var members = new JsonObject { ["ignoreTime"] = true };
        if (Encoding != UsualEncoding)
            members["encoding"] = Encoding;
        if (Delimiter != ",")
            members["delimiter"] = Delimiter;
        if (!HasHeader)
            members["header"] = new JsonArray([.. Names(count).Select(name => JsonValue.Create(name))]);
        else if (Columns.Count == 0)
            members["useReservedName"] = true;
        return members;
    }

    /// <summary>All members of the mapping.</summary>
    /// <param name="count">How many columns the file has.</param>
    /// <param name="literal">The name of a column where wildcards have a meaning.</param>
    public JsonObject Members(int count, Func<string, string> literal)
    {
        var members = Form(count);
        if (IsRandom)
            members["randomIdentifier"] = true;
        else if (Identifier is { } index && index >= 0 && index < Columns.Count)
            members["identifierColumn"] = NameOf(Columns[index]) is { Length: > 0 } name ? name : $"{index + 1}";

        // Columns without a name are never properties.
        var others = Columns.Where((column, i) => (IsRandom || i != Identifier) && NameOf(column).Trim().Length > 0).ToList();
        JsonNode?[] left = [.. others.Where(column => !column.IsImported).Select(column => JsonValue.Create(literal(NameOf(column))))];
        if (left.Length > 0)
            members["excludeProperty"] = new JsonArray(left);
        others.RemoveAll(column => !column.IsImported);
        Add(members, "propertyMap", others.Where(column => HasHeader && column.Property != column.Header), column => column.Property);
        Add(members, "propertyType", others.Where(column => column.Type is { Length: > 0 }), column => column.Type!);
        return members;
    }

    // Columns without names have those of their properties.
    private IEnumerable<string> Names(int count) =>
        Columns.Count == count ? Columns.Select(NameOf) : Enumerable.Range(1, count).Select(number => $"column_{number}");

    private string NameOf(ChosenColumn column) => HasHeader ? column.Header : column.Property;

    private void Add(JsonObject members, string name, IEnumerable<ChosenColumn> columns, Func<ChosenColumn, string> value)
    {
        var table = new JsonObject();
        foreach (var column in columns)
            table[NameOf(column)] = value(column);
        if (table.Count > 0)
            members[name] = table;
    }
}

/// <summary>What somebody chose about a column.</summary>
/// <param name="Header">Its name in the file.</param>
/// <param name="Property">The property that it becomes.</param>
/// <param name="Type">Its type; empty or null for that of its first rows.</param>
/// <param name="IsImported">Whether it becomes a property.</param>
internal sealed record ChosenColumn(string Header, string Property, string? Type, bool IsImported);
