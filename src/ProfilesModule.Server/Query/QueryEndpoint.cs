using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;
using ProfilesModule.Server.Where;

namespace ProfilesModule.Server.Query;

/// <summary>Answers <c>/api/query/engage</c>: one page of the profiles that match.</summary>
/// <param name="reads">The profiles.</param>
/// <param name="cohorts">The condition of each cohort.</param>
/// <param name="account">What a query must authenticate with; null for no authentication.</param>
/// <param name="pageSize">How many profiles a page holds.</param>
/// <param name="time">The clock.</param>
internal sealed class QueryEndpoint(
    DelayedReads reads, IReadOnlyDictionary<long, WhereExpression> cohorts, (string UserName, string Secret)? account, int pageSize,
    TimeProvider time) : IEngageRoute, IDisposable
{
    // As in a Basic header.
    private readonly byte[]? _credentials = account is var (userName, secret)
        ? Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{secret}")))
        : null;

    private readonly QuerySessions _sessions = new(time);

    public bool IsAt(string path) => path is "/api/query/engage" or "/api/2.0/engage";

    public Task<Reply> AnswerAsync(EngageRequest request, CancellationToken cancellation) => Task.FromResult(Answer(request));

    public void Dispose() => _sessions.Dispose();

    private Reply Answer(EngageRequest request)
    {
        if (!IsAuthorized(request.Authorization))
            return Reply.Error(401, "Unable to authenticate request");
        try
        {
            var parameters = new QueryParameters(request);
            var query = parameters.ToQuery(cohorts);
            var page = parameters.Page;
            return page == 0 ? FirstPage(query) : LaterPage(parameters.SessionId, page);
        }
        catch (BadRequestException e)
        {
            return Reply.Json(400, writer =>
            {
                writer.WriteString("request", request.Path);
                writer.WriteString("error", e.Message);
            });
        }
    }

    private bool IsAuthorized(string? authorization) => _credentials is null
        || (AuthenticationHeaderValue.TryParse(authorization, out var header)
            && header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header.Parameter ?? ""), _credentials));

    private Reply FirstPage(SnapshotQuery query)
    {
        var session = new QuerySession(query, reads.Open(), pageSize, time.GetUtcNow());
        try
        {
            var profiles = session.ReadPage(0)!;
            var reply = Page(session, 0, profiles);
            if (session.WasReadToEnd)
                _sessions.Finish(session, 0, profiles);
            else
                _sessions.Add(session);
            return reply;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private Reply LaterPage(string? sessionId, int page)
    {
        if (sessionId is null)
            throw new BadRequestException("page needs the session_id of the first page");
        if (_sessions.Find(sessionId) is not { } session || session.ReadPage(page) is not { } profiles)
            throw new BadRequestException("session_id is unknown or has expired");
        if (session.WasReadToEnd)
            _sessions.Finish(session, page, profiles);
        return Page(session, page, profiles);
    }

    private Reply Page(QuerySession session, int page, IReadOnlyList<StoredProfile> profiles) => Reply.Json(200, writer =>
    {
        writer.WriteStartArray("results");
        foreach (var profile in profiles)
        {
            writer.WriteStartObject();
            writer.WriteString("$distinct_id", profile.DistinctId);
            writer.WritePropertyName("$properties");
            WriteProperties(writer, profile.Properties, session.Query.OutputProperties);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("page", page);
        writer.WriteString("session_id", session.Id);
        writer.WriteNumber("page_size", pageSize);
        writer.WriteNumber("total", session.Total);
        writer.WriteString("status", "ok");
        writer.WriteString("computed_at", session.StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture));
    }, Capacity(profiles));

    // A page is an object of the large heap, of which every few end in a full collection: it gets its room at once, not by growing.
    private static int Capacity(IReadOnlyList<StoredProfile> profiles) =>
        4608 + profiles.Sum(profile => 64 + (3 * profile.DistinctId.Length) + profile.Properties.Length);

    private static void WriteProperties(Utf8JsonWriter writer, ReadOnlyMemory<byte> properties, IReadOnlySet<string>? names)
    {
        if (names is null)
        {
            writer.WriteRawValue(properties.Span, skipInputValidation: true);
            return;
        }

        using var document = JsonDocument.Parse(properties);
        writer.WriteStartObject();
        foreach (var property in document.RootElement.EnumerateObject().Where(property => names.Contains(property.Name)))
            property.WriteTo(writer);
        writer.WriteEndObject();
    }
}
