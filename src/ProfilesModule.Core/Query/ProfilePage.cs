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
public sealed record ProfilePage(IReadOnlyList<ProfileRecord> Profiles, string? SessionId, int? PageSize, long? Total)
{
    /// <summary>Whether no further page exists. Source: official query description, "page".</summary>
    public bool IsLast => Profiles.Count == 0 || SessionId is null || Profiles.Count < PageSize;

    /// <summary>Reads a page.</summary>
    /// <param name="body">The body of the reply.</param>
    /// <param name="containers">What makes the lists and objects of its profiles.</param>
    /// <exception cref="JsonException">The body is not a page.</exception>
    internal static ProfilePage Parse(ReadOnlySpan<byte> body, JsonContainers containers)
    {
        // A property may be nested as deep as a request, inside a page.
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 128 });
        List<ProfileRecord>? profiles = null;
        string? session = null;
        int? pageSize = null;
        long? total = null;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The reply is no JSON object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonValues.Text(ref json);
            json.Read();
            switch (name)
            {
                case "results":
                    profiles = ReadProfiles(ref json, containers);
                    break;
                case "session_id":
                    session = json.TokenType == JsonTokenType.String ? JsonValues.Text(ref json) : null;
                    break;
                case "page_size":
                    pageSize = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var size) ? size : null;
                    break;
                case "total":
                    total = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var count) ? count : null;
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        // Only the end of the input may follow.
        json.Read();
        if (profiles is null)
            throw new JsonException("The reply has no results.");
        if (session is null && profiles.Count > 0 && profiles.Count >= pageSize)
            throw new JsonException("The reply is a full page without a session, so that the pages behind it could not be read.");
        return new(profiles, session, pageSize, total);
    }

    private static List<ProfileRecord> ReadProfiles(ref Utf8JsonReader json, JsonContainers containers)
    {
        var profiles = new List<ProfileRecord>();
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("The results are no list.");
        var names = new MemberNames();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            profiles.Add(ReadProfile(ref json, names, containers, profiles.Count == 0 ? 0 : profiles[^1].Properties.Count));
        return json.TokenType == JsonTokenType.EndArray ? profiles : throw new JsonException("The results hold something that is no profile.");
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
