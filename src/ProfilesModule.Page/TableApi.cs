using System.Globalization;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;
using ProfilesModule.Server.Where;

namespace ProfilesModule.Page;

/// <summary>What the table of profiles shows.</summary>
internal sealed class TableApi(IProfileStore store)
{
    private const int MaximumRows = 500;
    private const int ProfilesForNames = 1000;

    // The columns that the table always has.
    private static readonly string[] FixedColumns = ["$name", "$email", "$last_seen"];

    private Task? _preparation;

    /// <summary>
    /// The profiles of <c>text</c> and <c>where</c>, by <c>sort</c> and <c>desc</c>, from <c>offset</c> on: <c>count</c> of them, with the
    /// values of <c>columns</c>.
    /// </summary>
    public Reply Rows(EngageRequest request)
    {
        // The first table shows without it; most searches come later.
        _preparation ??= Task.Run(store.PrepareSelections);
        var columns = FixedColumns.Concat(Texts(request.Query.GetValueOrDefault("columns") ?? "[]")).Distinct().ToList();
        var count = Math.Min(Number(request, "count", 50), MaximumRows);
        using var snapshot = store.OpenSnapshot();
        var rows = snapshot.Read(Selection(request.Query), Number(request, "offset", 0), count + 1).ToList();
        return Reply.Json(200, writer =>
        {
            writer.WriteStartArray("rows");
            foreach (var profile in rows.Take(count))
                WriteRow(writer, profile, columns);
            writer.WriteEndArray();
            writer.WriteBoolean("more", rows.Count > count);
        });
    }

    /// <summary>How many profiles <c>text</c> and <c>where</c> have.</summary>
    public Reply Count(EngageRequest request)
    {
        using var snapshot = store.OpenSnapshot();
        var count = snapshot.Count(Selection(request.Query));
        return Reply.Json(200, writer => writer.WriteNumber("count", count));
    }

    /// <summary>The names of properties: the reserved ones, and those of the first profiles.</summary>
    public Reply Names(EngageRequest request)
    {
        using var snapshot = store.OpenSnapshot();
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var profile in snapshot.ReadFrom(ProfileKey.Users, 0).Take(ProfilesForNames))
        {
            using var document = JsonDocument.Parse(profile.Properties);
            names.UnionWith(document.RootElement.EnumerateObject().Select(property => property.Name));
        }

        return Reply.Json(200, writer =>
        {
            writer.WriteStartArray("used");
            foreach (var name in names)
                writer.WriteStringValue(name);
            writer.WriteEndArray();
            writer.WriteStartObject("reserved");
            foreach (var property in ReservedProperties.All)
                writer.WriteString(property.Name, property.Meaning);
            writer.WriteEndObject();
        });
    }

    /// <summary>The selection that parameters describe.</summary>
    /// <exception cref="BadRequestException">The condition is not valid.</exception>
    public static ProfileSelection Selection(IReadOnlyDictionary<string, string> parameters)
    {
        var where = Text(parameters, "where");
        return new()
        {
            Text = Text(parameters, "text"),
            Condition = where is null ? null : WhereExpression.Parse("where", where).Matches,
            SortBy = Text(parameters, "sort"),
            Descending = Text(parameters, "desc") is not null,
        };
    }

    private static string? Text(IReadOnlyDictionary<string, string> parameters, string name) =>
        parameters.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;

    private static int Number(EngageRequest request, string name, int otherwise)
    {
        if (!request.Query.TryGetValue(name, out var text))
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadRequestException($"{name} must be a whole number");
    }

    private static string[] Texts(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(json) ?? [];
        }
        catch (JsonException)
        {
            throw new BadRequestException("columns must be a JSON list of strings");
        }
    }

    private static void WriteRow(Utf8JsonWriter writer, StoredProfile profile, List<string> columns)
    {
        using var document = JsonDocument.Parse(profile.Properties);
        writer.WriteStartObject();
        writer.WriteString("id", profile.DistinctId);
        writer.WriteStartObject("values");
        foreach (var column in columns)
        {
            if (!document.RootElement.TryGetProperty(column, out var value))
                continue;
            writer.WriteStartObject(column);
            writer.WriteString("kind", PropertyValue.Kind(value));
            writer.WriteString("text", PropertyValue.Preview(value, 200));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
