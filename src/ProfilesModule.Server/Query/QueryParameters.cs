using System.Globalization;
using System.Text;
using System.Text.Json;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;
using ProfilesModule.Server.Where;

namespace ProfilesModule.Server.Query;

/// <summary>The parameters of a query request, from its query string and its form or JSON body.</summary>
/// <exception cref="BadRequestException">Any member: a parameter cannot be read, or is not supported.</exception>
internal sealed class QueryParameters
{
    // These choose or order profiles. To ignore one would answer another question than the one asked.
    private static readonly string[] NotSupported = ["search", "behaviors", "limit", "sort_key", "sort_order"];

    private readonly Dictionary<string, string> _values;

    public QueryParameters(EngageRequest request)
    {
        _values = new(request.Query, StringComparer.Ordinal);
        foreach (var (name, value) in ReadBody(request))
            _values[name] = value;
    }

    /// <summary>The session whose page is asked for, or null.</summary>
    public string? SessionId => Value("session_id");

    /// <summary>The page, from 0.</summary>
    public int Page => Value("page") switch
    {
        null => 0,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) => page,
        _ => throw new BadRequestException("page must be a number, 0 or greater"),
    };

    /// <param name="cohorts">The condition of each cohort.</param>
    public SnapshotQuery ToQuery(IReadOnlyDictionary<long, WhereExpression> cohorts)
    {
        if (Array.Find(NotSupported, name => Value(name) is not null) is { } unsupported)
            throw new BadRequestException($"{unsupported} is not supported by this server");

        var distinctId = Value("distinct_id");
        var distinctIds = Strings("distinct_ids");
        string[] ids = [.. distinctId is null ? [] : (string[])[distinctId], .. distinctIds ?? []];
        return new()
        {
            DataGroupId = DataGroupId(),
            DistinctIds = distinctId is null && distinctIds is null ? null : ids.Distinct(StringComparer.Ordinal).ToList(),
            Filters = [.. Filters(cohorts)],
            OutputProperties = Strings("output_properties")?.ToHashSet(StringComparer.Ordinal),
        };
    }

    private IEnumerable<WhereExpression> Filters(IReadOnlyDictionary<long, WhereExpression> cohorts)
    {
        if (Value("filter_by_cohort") is { } cohort)
        {
            var id = Json("filter_by_cohort", Encoding.UTF8.GetBytes(cohort), CohortId);
            yield return cohorts.GetValueOrDefault(id) ?? throw new BadRequestException($"filter_by_cohort, unknown cohort {id}");
        }

        // It would list the ids of a cohort that have no profile. Here every member has one, so either value gives the same.
        if (Value("include_all_users") is not (null or "0" or "1") and var all && !bool.TryParse(all, out _))
            throw new BadRequestException("include_all_users must be true or false");

        // selector is the old name, which mixpanel-utils still sends. Given beside the new one, it chooses profiles too.
        foreach (var name in (string[])["where", "selector"])
        {
            if (Value(name) is { } expression)
                yield return WhereExpression.Parse(name, expression);
        }
    }

    private long DataGroupId() => Value("data_group_id") switch
    {
        null => ProfileKey.Users,
        var text when ProfileKey.TryParseDataGroupId(text, out var id) => id,
        _ => throw new BadRequestException("data_group_id must be the id of a group type, a whole number"),
    };

    // Clients send what they do not use as an empty string.
    private string? Value(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private List<string>? Strings(string name) => Value(name) is { } text
        ? Json(name, Encoding.UTF8.GetBytes(text), root => root.ValueKind == JsonValueKind.Array
            ? root.EnumerateArray().Select(element => Text(name, element)).ToList()
            : throw NotStrings(name))
        : null;

    private static string Text(string name, JsonElement element) =>
        element.ValueKind is JsonValueKind.String or JsonValueKind.Number ? element.ToString() : throw NotStrings(name);

    private static BadRequestException NotStrings(string name) => new($"{name} must be a JSON list of strings");

    // In {"id":123}.
    private static long CohortId(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("id", out var id)
        && long.TryParse(id.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadRequestException("filter_by_cohort must be a JSON object with the id of a cohort, such as {\"id\":123}");

    private static Dictionary<string, string> ReadBody(EngageRequest request) => request.MediaType == "application/json"
        ? Json("the body", request.Body, root => root.ValueKind == JsonValueKind.Object
            ? Members(root)
            : throw new BadRequestException("the body must be a JSON object"))
        : EngageRequest.ParseForm(Encoding.UTF8.GetString(request.Body.Span));

    private static Dictionary<string, string> Members(JsonElement root)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            values[member.Name] = member.Value.ValueKind switch
            {
                JsonValueKind.String => member.Value.GetString()!,
                JsonValueKind.Null => "",
                _ => member.Value.GetRawText(),
            };
        }

        return values;
    }

    private static T Json<T>(string name, ReadOnlyMemory<byte> text, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BadRequestException($"{name} is not valid JSON: {e.Message}");
        }
    }
}

/// <summary>What a query asks for.</summary>
internal sealed record SnapshotQuery
{
    /// <summary>The group type that is asked for, or <see cref="ProfileKey.Users"/>.</summary>
    public required long DataGroupId { get; init; }

    /// <summary>The profiles to look up, each once; null for all.</summary>
    public required IReadOnlyList<string>? DistinctIds { get; init; }

    /// <summary>The conditions, all of which must be true for a profile.</summary>
    public required IReadOnlyList<WhereExpression> Filters { get; init; }

    /// <summary>The properties to return; null for all.</summary>
    public required IReadOnlySet<string>? OutputProperties { get; init; }

    /// <summary>How many profiles of a snapshot match.</summary>
    /// <exception cref="BadRequestException">A filter cannot be evaluated.</exception>
    public long Count(IProfileSnapshot snapshot) =>
        DistinctIds is null && Filters.Count == 0 ? snapshot.Count(DataGroupId) : Matches(snapshot, 0).LongCount();

    /// <summary>The matching profiles from a position on: a position of the snapshot, or for a list of ids an index in that list.</summary>
    /// <exception cref="BadRequestException">A filter cannot be evaluated.</exception>
    public IEnumerable<StoredProfile> Matches(IProfileSnapshot snapshot, long position)
    {
        var profiles = DistinctIds is null ? snapshot.ReadFrom(DataGroupId, position) : LookUp(DistinctIds, snapshot, position);
        return profiles.Where(profile => Filters.All(filter => filter.Matches(profile)));
    }

    private IEnumerable<StoredProfile> LookUp(IReadOnlyList<string> distinctIds, IProfileSnapshot snapshot, long position)
    {
        for (var i = (int)position; i < distinctIds.Count; i++)
        {
            if (snapshot.Find(new(DataGroupId, distinctIds[i])) is { } profile)
                yield return profile with { Position = i };
        }
    }
}
