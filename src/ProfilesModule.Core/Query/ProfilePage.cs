using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Query;

/// <summary>One page of the answer to a query.</summary>
/// <param name="Profiles">The profiles of the page.</param>
/// <param name="SessionId">What names the query when its next page is asked for.</param>
/// <param name="PageSize">How many profiles a full page has; null when the service did not say.</param>
/// <param name="Total">How many profiles the query has; null when the service did not say.</param>
/// <param name="Number">Which page it is, from 0; null when the service did not say.</param>
internal sealed record ProfilePage(IReadOnlyList<ProfileRecord> Profiles, string? SessionId, int? PageSize, long? Total, long? Number)
{
    // The members that are read beside the profiles.
    private static readonly string[] Others = ["session_id", "page_size", "total", "page", "status", "error"];

    /// <summary>Reads a page.</summary>
    /// <exception cref="JsonException">The body is not a page, or the service says that it failed.</exception>
    internal static ProfilePage Parse(ReadOnlySpan<byte> body, JsonContainers containers, ServiceText text)
    {
        // A property may be nested as deep as a request, inside a page.
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 128 });
        List<ProfileRecord>? profiles = null;
        var members = new Dictionary<string, string?>();
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The reply is not a JSON object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonValues.Text(ref json);
            json.Read();
            if (name == "results")
                profiles = ReadProfiles(ref json, containers);
            else if (Others.Contains(name) && (name != "session_id" || json.TokenType == JsonTokenType.String))
                members[name] = ReadText(ref json);
            else
                json.Skip();
        }

        // Only the end of the input may follow.
        json.Read();
        if (members.GetValueOrDefault("error") is { } error)
            throw new JsonException($"the service answered with an error: {text.Show(error)}");
        if (members.GetValueOrDefault("status") is { } status && !status.Equals("ok", StringComparison.OrdinalIgnoreCase))
            throw new JsonException($"the service answered with the status '{text.Show(status)}'");
        if (profiles is null)
            throw new JsonException("The reply has no results.");
        var pageSize = WholeNumber(members, "page_size") is > 0 and <= int.MaxValue and var size ? (int?)size : null;
        return new(
            profiles, members.GetValueOrDefault("session_id"), pageSize, WholeNumber(members, "total"), WholeNumber(members, "page"));
    }

    /// <summary>A number of profiles or of a page; null where the service did not say.</summary>
    private static long? WholeNumber(Dictionary<string, string?> members, string name) =>
        members.GetValueOrDefault(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue ? number
        : throw new JsonException($"The {name} of the reply is not a whole number.");

    /// <summary>Reads what the service says in words, or what stands in their place as its JSON; null where it says nothing.</summary>
    private static string? ReadText(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => JsonValues.Text(ref json),
        _ => JsonElement.ParseValue(ref json).GetRawText(),
    };

    private static List<ProfileRecord> ReadProfiles(ref Utf8JsonReader json, JsonContainers containers)
    {
        var profiles = new List<ProfileRecord>();
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("The results are not a list.");
        var names = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            profiles.Add(ReadProfile(ref json, names, containers, profiles.Count == 0 ? 0 : profiles[^1].Properties.Count));
        return json.TokenType == JsonTokenType.EndArray
            ? profiles
            : throw new JsonException("The results contain something that is not a profile.");
    }

    private static ProfileRecord ReadProfile(ref Utf8JsonReader json, MemberNames names, JsonContainers containers, int propertyCount)
    {
        object? id = null;
        OrderedDictionary? properties = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = names.Read(ref json);
            json.Read();
            switch (name)
            {
                case "$distinct_id":
                    id = JsonValues.Read(ref json, names);
                    break;
                case "$properties" when json.TokenType == JsonTokenType.StartObject:
                    properties = JsonValues.Object(ref json, names, containers, propertyCount);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return new(Convert.ToString(id, CultureInfo.InvariantCulture) ?? "", properties ?? containers.NewObject(0));
    }
}

/// <summary>A profile as the service returned it.</summary>
/// <param name="DistinctId">Its distinct id.</param>
/// <param name="Properties">Its properties in the service's order, case-sensitive, including <c>$last_seen</c>.</param>
internal sealed record ProfileRecord(string DistinctId, OrderedDictionary Properties)
{
    /// <summary>Values that a service returned contain no cycle; they are as deep as the reader of its pages takes them.</summary>
    public static readonly ValueWriter Values = new(value => value) { MaximumDepth = 128 };

    /// <summary>Writes the properties as members of an object that has the distinct id already, or elsewhere.</summary>
    public void WriteProperties(Utf8JsonWriter json)
    {
        foreach (DictionaryEntry property in Properties)
        {
            var name = (string)property.Key;
            if (name == "$distinct_id")
                continue;
            json.WritePropertyName(name);
            Values.Write(json, property.Value);
        }
    }
}
