using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ProfilesModule.Server;

/// <summary>Answers <c>/api/query/engage</c>: one page of the profiles that match.</summary>
internal sealed class QueryEndpoint : IDisposable
{
    private readonly DelayedReads _reads;
    private readonly Cohorts _cohorts;
    private readonly TimeProvider _time;
    private readonly int _pageSize;
    private readonly byte[]? _credentials;
    private readonly QuerySessions _sessions;

    public QueryEndpoint(DelayedReads reads, Cohorts cohorts, EngageServerOptions options, TimeProvider time)
    {
        _reads = reads;
        _cohorts = cohorts;
        _time = time;
        _pageSize = options.PageSize;
        _credentials = options.ServiceAccountUserName is null
            ? null
            : Encoding.UTF8.GetBytes($"{options.ServiceAccountUserName}:{options.ServiceAccountSecret}");
        _sessions = new QuerySessions(time);
    }

    public Reply Handle(EngageRequest request)
    {
        if (!IsAuthorized(request.Authorization))
            return Reply.Error(401, "Unable to authenticate request");
        try
        {
            QueryParameters parameters = QueryParameters.From(request);
            SnapshotQuery query = parameters.ToQuery(_cohorts);
            int page = parameters.Page;
            return page == 0 ? FirstPage(query) : LaterPage(parameters.SessionId, page);
        }
        catch (QueryRefusedException e)
        {
            return Reply.Json(400, writer =>
            {
                writer.WriteString("request", request.Path);
                writer.WriteString("error", e.Message);
            });
        }
    }

    public void Dispose() => _sessions.Dispose();

    private bool IsAuthorized(string? authorization)
    {
        if (_credentials is null)
            return true;
        const string scheme = "Basic ";
        if (authorization is null || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var given = new byte[authorization.Length];
        return Convert.TryFromBase64String(authorization[scheme.Length..].Trim(), given, out int length)
            && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), _credentials);
    }

    private Reply FirstPage(SnapshotQuery query)
    {
        DateTimeOffset now = _time.GetUtcNow();
        string id = string.Create(
            CultureInfo.InvariantCulture, $"{now.ToUnixTimeMilliseconds()}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant()}");
        var session = new QuerySession(id, query, _reads.Open(), _pageSize, now);
        bool isKept = false;
        try
        {
            IReadOnlyList<StoredProfile> profiles = session.ReadPage(0)!;
            Reply reply = Page(session, 0, profiles);

            isKept = true;
            if (session.WasReadToEnd)
                _sessions.Finish(session, 0, profiles);
            else
                _sessions.Add(session);
            return reply;
        }
        finally
        {
            if (!isKept)
                session.Dispose();
        }
    }

    private Reply LaterPage(string? sessionId, int page)
    {
        if (sessionId is null)
            throw new QueryRefusedException("page needs the session_id of the first page");
        if (_sessions.Find(sessionId) is not { } session || session.ReadPage(page) is not { } profiles)
            throw new QueryRefusedException("session_id is unknown or has expired");
        if (session.WasReadToEnd)
            _sessions.Finish(session, page, profiles);
        return Page(session, page, profiles);
    }

    private Reply Page(QuerySession session, int page, IReadOnlyList<StoredProfile> profiles) => Reply.Json(200, capacity: Capacity(profiles), members: writer =>
    {
        writer.WriteStartArray("results");
        foreach (StoredProfile profile in profiles)
        {
            writer.WriteStartObject();
            writer.WriteString("$distinct_id", profile.DistinctId);
            writer.WritePropertyName("$properties");
            WriteProperties(writer, profile.Properties.Span, session.Query.OutputProperties);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNumber("page", page);
        writer.WriteString("session_id", session.Id);
        writer.WriteNumber("page_size", _pageSize);
        writer.WriteNumber("total", session.Total);
        writer.WriteString("status", "ok");
        writer.WriteString("computed_at", session.StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture));
    });

    // A page is an object of the large heap, of which every few end in a full collection: it gets its room at once, not by growing.
    private static int Capacity(IReadOnlyList<StoredProfile> profiles)
    {
        const int ofPage = 4096 + 512;
        const int ofProfile = 64;
        return ofPage + profiles.Sum(profile => ofProfile + (3 * profile.DistinctId.Length) + profile.Properties.Length);
    }

    private static void WriteProperties(Utf8JsonWriter writer, ReadOnlySpan<byte> properties, IReadOnlySet<string>? names)
    {
        if (names is null)
        {
            writer.WriteRawValue(properties, skipInputValidation: true);
            return;
        }

        var reader = new Utf8JsonReader(properties);
        writer.WriteStartObject();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (names.Contains(name))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(properties[start..(int)reader.BytesConsumed], skipInputValidation: true);
            }
        }
        writer.WriteEndObject();
    }
}
