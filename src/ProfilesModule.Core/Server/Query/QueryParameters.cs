using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ProfilesModule.Server;

/// <summary>The parameters of a query request, from its query string and its form or JSON body.</summary>
internal sealed class QueryParameters
{
    // These choose or order profiles. To pass one over would answer another question than the one asked.
    private static readonly string[] NotSupported =
        ["search", "behaviors", "limit", "sort_key", "sort_order"];

    private readonly Dictionary<string, string> _values;

    private QueryParameters(Dictionary<string, string> values) => _values = values;

    /// <summary>The session whose page is asked for, or null.</summary>
    public string? SessionId => Value("session_id");

    /// <summary>The page, from 0.</summary>
    /// <exception cref="QueryRefusedException">It is not a number.</exception>
    public int Page => Value("page") switch
    {
        null => 0,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int page) => page,
        _ => throw new QueryRefusedException("page must be a number, 0 or greater"),
    };

    /// <exception cref="QueryRefusedException">The body cannot be read.</exception>
    public static QueryParameters From(EngageRequest request)
    {
        var values = new Dictionary<string, string>(request.Query, StringComparer.Ordinal);
        foreach ((string name, string value) in ReadBody(request))
            values[name] = value;
        return new QueryParameters(values);
    }

    /// <summary>What is asked for.</summary>
    /// <param name="cohorts">The cohorts that may be asked for.</param>
    /// <exception cref="QueryRefusedException">A parameter cannot be read or is not supported.</exception>
    public SnapshotQuery ToQuery(Cohorts cohorts)
    {
        foreach (string name in NotSupported)
        {
            if (Value(name) is not null)
                throw new QueryRefusedException($"{name} is not supported by this server");
        }

        var ids = new List<string>();
        if (Value("distinct_id") is { } distinctId)
            ids.Add(distinctId);
        if (Strings("distinct_ids") is { } distinctIds)
            ids.AddRange(distinctIds);
        bool all = Value("distinct_id") is null && Value("distinct_ids") is null;
        return new SnapshotQuery
        {
            DataGroupId = DataGroupId(),
            DistinctIds = all ? null : ids.Distinct(StringComparer.Ordinal).ToList(),
            Filters = Filters(cohorts),
            OutputProperties = Strings("output_properties")?.ToHashSet(StringComparer.Ordinal),
        };
    }

    private List<ProfileFilter> Filters(Cohorts cohorts)
    {
        var filters = new List<ProfileFilter>();
        if (Value("filter_by_cohort") is { } cohort)
        {
            long id = CohortParameter.ReadId(cohort);
            filters.Add(cohorts.Find(id) ?? throw new QueryRefusedException($"filter_by_cohort, unknown cohort {id}"));
        }
        if (Value("include_all_users") is { } includeAllUsers)
            CohortParameter.CheckIncludeAllUsers(includeAllUsers);
        // The old name, which mixpanel-utils still sends. One that is given beside the new one chooses profiles too.
        foreach (string name in (string[])["where", "selector"])
        {
            if (Value(name) is { } expression)
                filters.Add(ProfileFilter.Parse(name, expression));
        }
        return filters;
    }

    private long DataGroupId()
    {
        if (Value("data_group_id") is not { } text)
            return ProfileKey.Users;
        return GroupTypes.TryParse(text, out long id)
            ? id
            : throw new QueryRefusedException("data_group_id must be the id of a group type, a whole number");
    }

    private static Dictionary<string, string> ReadBody(EngageRequest request)
    {
        if (request.MediaType != "application/json")
            return FormFields.Parse(Encoding.UTF8.GetString(request.Body.Span));
        try
        {
            using JsonDocument document = JsonDocument.Parse(request.Body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new QueryRefusedException("the body must be a JSON object");

            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.String => property.Value.GetString()!,
                    JsonValueKind.Null => "",
                    _ => property.Value.GetRawText(),
                };
            }
            return values;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new QueryRefusedException($"the body is not valid JSON: {e.Message}");
        }
    }

    // Clients send what they do not use as an empty string.
    private string? Value(string name) => _values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    private List<string>? Strings(string name)
    {
        if (Value(name) is not { } text)
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Array)
                return document.RootElement.EnumerateArray().Select(element => Text(name, element)).ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new QueryRefusedException($"{name} is not valid JSON: {e.Message}");
        }
        throw new QueryRefusedException($"{name} must be a JSON list of strings");
    }

    private static string Text(string name, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number => element.GetRawText(),
        _ => throw new QueryRefusedException($"{name} must be a JSON list of strings"),
    };
}
