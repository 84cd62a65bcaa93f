using System.Text;
using ProfilesModule.Rules;
using ProfilesModule.Server;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Page;

/// <summary>
/// The Users page, served by an embedded service: <c>/</c> and <c>/page/</c> are the page itself, <c>/app/</c> is what its scripts ask.
/// </summary>
internal sealed class UsersPage : IEngageRoute, IDisposable
{
    // Everything comes from this server, and nothing may be framed, posted or run but the page's own modules.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> Headers = new()
    {
        ["Content-Security-Policy"] = ContentSecurityPolicy,
        ["X-Content-Type-Options"] = "nosniff",
        ["Referrer-Policy"] = "no-referrer",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
    };

    private readonly PageSession _session;
    private readonly RemovalApi _removals;
    private readonly ImportApi _imports;
    private readonly ProjectApi _project;
    private readonly Dictionary<(string Method, string Path), Func<EngageRequest, CancellationToken, Task<Reply>>> _answers;

    /// <param name="server">The server that the page is part of.</param>
    /// <param name="store">Its profiles.</param>
    /// <param name="updates">Sends updates.</param>
    /// <param name="mappings">Knows the parameters of imports.</param>
    /// <param name="needsKey">Whether the page opens only with <see cref="NewAddress"/>.</param>
    /// <param name="snapshot">The project of another service that the page shows; null for the profiles of the server itself.</param>
    public UsersPage(
        EngageServer server, IProfileStore store, PageUpdates updates, IPageMappings mappings, bool needsKey, ProjectSnapshot? snapshot)
    {
        _project = new(snapshot);
        _session = new(server.Endpoint, needsKey);
        _removals = new(store, updates);
        _imports = new(server, store, updates, mappings);
        var table = new TableApi(store);
        var profile = new ProfileApi(store, updates, snapshot);
        var requests = new RequestsApi(server);
        _answers = new()
        {
            [("GET", "/app/project")] = Later(_ => _project.State()),
            [("POST", "/app/project/read")] = _project.ReadAsync,
            [("GET", "/app/profiles")] = Later(table.Rows),
            [("GET", "/app/count")] = Later(table.Count),
            [("GET", "/app/names")] = Later(table.Names),
            [("GET", "/app/profile")] = Later(profile.Get),
            [("GET", "/app/value")] = Later(profile.Value),
            [("POST", "/app/profile")] = OfProject(profile.SaveAsync),
            [("POST", "/app/removals")] = Later(_removals.Prepare),
            [("GET", "/app/removals/backup")] = Later(_removals.Backup),
            [("POST", "/app/removals/run")] = OfProject(_removals.RunAsync),
            [("POST", "/app/imports")] = Later(_imports.Start),
            [("POST", "/app/imports/part")] = Later(_imports.Append),
            [("POST", "/app/imports/look")] = Later(_imports.Look),
            [("POST", "/app/imports/check")] = Later(_imports.Check),
            [("POST", "/app/imports/run")] = OfProject(Later(_imports.Run)),
            [("POST", "/app/imports/stop")] = Later(_imports.Stop),
            [("GET", "/app/imports/state")] = Later(_imports.State),
            [("GET", "/app/imports/mapping")] = Later(_imports.MappingFile),
            [("GET", "/app/imports/rejects")] = Later(_imports.Rejects),
            [("GET", "/app/requests")] = Later(requests.List),
            [("GET", "/app/request")] = Later(requests.Get),
            [("POST", "/app/requests/clear")] = Later(requests.Clear),
            [("GET", "/app/faults")] = Later(_ => requests.Faults()),
            [("POST", "/app/faults")] = Later(requests.SetFaults),
        };
    }

    /// <inheritdoc cref="PageSession.NewAddress"/>
    public Uri NewAddress() => _session.NewAddress();

    public bool IsAt(string path) => path is "/" or "/app" || path.StartsWith("/page/", StringComparison.Ordinal)
        || path.StartsWith("/app/", StringComparison.Ordinal);

    public async Task<Reply> AnswerAsync(EngageRequest request, CancellationToken cancellation)
    {
        var reply = await RouteAsync(request, cancellation).ConfigureAwait(false);
        return reply with { Headers = Headers.Concat(reply.Headers).ToDictionary(header => header.Key, header => header.Value) };
    }

    public void Dispose()
    {
        _imports.Dispose();
        _removals.Dispose();
        _project.Dispose();
    }

    private async Task<Reply> RouteAsync(EngageRequest request, CancellationToken cancellation)
    {
        if (request.Path == "/")
            return Start(request);
        if (request.Path.StartsWith("/page/", StringComparison.Ordinal))
            return PageFile.Find(request.Path["/page/".Length..])?.ToReply() ?? Reply.Error(404, "the page has no such file");
        if (!_answers.TryGetValue((request.Method, request.Path), out var answer))
            return Reply.Error(404, $"nothing answers {request.Method} {request.Path}");

        // A download is a link, which carries no header; it changes nothing.
        var isDownload = request.Path is "/app/removals/backup" or "/app/value" or "/app/imports/mapping" or "/app/imports/rejects";
        if (!(isDownload ? _session.HasCookie(request) : _session.IsFromPage(request)))
            return Reply.Error(403, "the request does not come from an open page; load the page again");
        try
        {
            return await answer(request, cancellation).ConfigureAwait(false);
        }
        catch (FailureException e)
        {
            return Reply.Error(422, $"{e.Failure.Message} {e.Failure.Remedy}");
        }
        catch (BadRequestException e)
        {
            return Reply.Json(400, writer =>
            {
                writer.WriteString("error", e.Message);
                if (e.Position is { } position)
                    writer.WriteNumber("position", position);
            });
        }
    }

    private Reply Start(EngageRequest request)
    {
        if (!_session.Opens(request))
            return PageFile.Find("closed.html")!.ToReply() with { Status = 403 };

        // The key does not stay in the address bar and the history.
        var cookie = new Dictionary<string, string> { ["Set-Cookie"] = _session.Cookie };
        if (request.Query.ContainsKey(PageSession.KeyName))
            return new Reply(303, default) { Headers = new Dictionary<string, string>(cookie) { ["Location"] = "/" } };
        var page = Encoding.UTF8.GetString(PageFile.Find("index.html")!.Content);
        var content = Encoding.UTF8.GetBytes(page.Replace("{{session}}", _session.Key, StringComparison.Ordinal));
        return new Reply(200, content) { ContentType = "text/html; charset=utf-8", Headers = cookie };
    }

    // A change of profiles, which says of which project.
    private Func<EngageRequest, CancellationToken, Task<Reply>> OfProject(Func<EngageRequest, CancellationToken, Task<Reply>> answer) =>
        (request, cancellation) =>
        {
            _project.CheckName(request);
            return answer(request, cancellation);
        };

    private static Func<EngageRequest, CancellationToken, Task<Reply>> Later(Func<EngageRequest, Reply> answer) =>
        (request, _) => Task.FromResult(answer(request));
}
