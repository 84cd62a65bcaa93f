using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using ProfilesModule.Server.Faults;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Ingestion;
using ProfilesModule.Server.Query;
using ProfilesModule.Server.Requests;
using ProfilesModule.Server.Storage;
using ProfilesModule.Server.Updates;
using ProfilesModule.Server.Where;

namespace ProfilesModule.Server;

/// <summary>
/// The engage service in this process: ingestion and query of user and group profiles over HTTP on 127.0.0.1, with the
/// replies of the real service. It has no geo database: <c>ip</c> and <c>$ip</c> are accepted and have no effect.
/// </summary>
/// <remarks>Safe for use by several threads at once.</remarks>
internal sealed class EngageServer : IDisposable
{
    // What a web server takes by default.
    private const int MaximumUrlLength = 8 * 1024;

    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(900);

    private readonly IProfileStore _store;
    private readonly TimeProvider _time;
    private readonly Project _project;
    private readonly FaultPlan _faults;
    private readonly HttpListener _listener;
    private readonly BrowserGuard _guard;
    private readonly DelayedReads _reads;
    private readonly IngestionEndpoint _ingestion;
    private readonly QueryEndpoint _query;
    private readonly IEngageRoute[] _routes;
    private readonly ConcurrentDictionary<HttpListenerContext, Task> _inFlight = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private long _requestCount;
    private int _disposed;

    private EngageServer(EngageServerOptions options, IProfileStore store, TimeProvider time)
    {
        // What can fail comes before what must be disposed.
        options.Validate();
        (_store, _time) = (store, time);
        _project = new(options.Token, options.GroupTypes, options.Aliases);
        _faults = new(time) { Faults = options.Faults };
        var cohorts = Cohorts(options);
        _listener = LoopbackListener.Start(options.Port, out var port);

        _guard = new(port, options.AllowedOrigins);
        _reads = new(store, options.ReadDelay, time);
        _ingestion = new(store, _reads, _project);
        _query = new(_reads, cohorts, options.ServiceAccount, options.PageSize, time);
        Endpoint = new($"http://127.0.0.1:{port}/");
        StartTime = time.GetUtcNow();
        IEngageRoute[] service = options.HasService ? [_ingestion, _query] : [];
        _routes = [.. service, .. options.Routes.Select(route => route(this))];
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>The root of the service, such as <c>http://127.0.0.1:50123/</c>.</summary>
    public Uri Endpoint { get; }

    public DateTimeOffset StartTime { get; }

    /// <summary>How many requests have arrived, refused ones included.</summary>
    public long RequestCount => Interlocked.Read(ref _requestCount);

    /// <summary>
    /// How many updates have been applied. One with another token, an unknown group key, or a <c>$time</c> before that of an earlier
    /// update of its profile is not.
    /// </summary>
    public long UpdateCount => _ingestion.UpdateCount;

    /// <summary>How many profiles the store holds, those of users and of groups together.</summary>
    /// <exception cref="ObjectDisposedException">The server has been disposed.</exception>
    public long ProfileCount => IsRunning ? _store.Count : throw new ObjectDisposedException(nameof(EngageServer));

    /// <summary>The last requests to the service itself.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>The faults of the service. Setting them starts to count anew.</summary>
    /// <exception cref="ArgumentException">A fault is not valid.</exception>
    public IReadOnlyList<ServerFault> Faults
    {
        get => _faults.Faults;
        set
        {
            foreach (var fault in value)
                fault.Validate();
            _faults.Faults = value;
        }
    }

    /// <summary>Whether the server answers requests: true until it is disposed.</summary>
    public bool IsRunning => _disposed == 0;

    /// <summary>Starts a server. It listens when this returns.</summary>
    /// <param name="options">How it listens and what it lets in.</param>
    /// <param name="store">Holds the profiles. The server owns it from here on, and disposes it when it fails to start, too.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    /// <exception cref="IOException">The requested port is taken, or no port could be opened.</exception>
    public static EngageServer Start(EngageServerOptions options, IProfileStore store, TimeProvider? time = null)
    {
        try
        {
            return new(options, store, time ?? TimeProvider.System);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The id that the query of group profiles takes as <c>data_group_id</c>: the one of <see cref="EngageServerOptions.GroupTypes"/>, or
    /// without those one derived from the key, the same on every server. Null if group types were given without this key.
    /// </summary>
    public string? FindDataGroupId(string groupKey) => _project.FindDataGroupId(groupKey)?.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc cref="IngestionEndpoint.Try"/>
    public void Try(ReadOnlyMemory<byte> data, IProfileTransaction transaction) => _ingestion.Try(data, _time.GetUtcNow(), transaction);

    /// <summary>
    /// Stops listening, cuts off the requests in flight and disposes the store. An update whose reply was sent is stored;
    /// one whose reply was cut off may be.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _stopping.Cancel();

        // The listener itself would wait a second for the rest of each request.
        foreach (var context in _inFlight.Keys)
            CutOff(context.Response);
        _listener.Abort();
        Task.WaitAll([_accepting, .. _inFlight.Values], StopTimeout);
        foreach (var route in _routes.OfType<IDisposable>())
            route.Dispose();
        _ingestion.Dispose();
        _reads.Dispose();
        _store.Dispose();
        _stopping.Dispose();
    }

    private static Dictionary<long, WhereExpression> Cohorts(EngageServerOptions options)
    {
        try
        {
            return options.Cohorts.ToDictionary(entry => entry.Key, entry => WhereExpression.Parse($"cohort {entry.Key}", entry.Value));
        }
        catch (BadRequestException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                // One request that broke off while it was accepted ends here too; the loop must outlive it.
                continue;
            }

            // Requests are served side by side, so that one whose body does not come holds up no other.
            Interlocked.Increment(ref _requestCount);
            var serving = _inFlight[context] = ServeAsync(context);
            _ = serving.ContinueWith(_ => _inFlight.TryRemove(context, out var _), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        await Task.Yield();
        try
        {
            // HttpListener cannot cancel the reading of a body; cutting off the connection ends it.
            var reading = RequestBody.ReadAsync(context.Request, _stopping.Token);
            var body = await reading.WaitAsync(BodyTimeout, _time, _stopping.Token).ConfigureAwait(false);
            if (await AnswerAsync(context, body).ConfigureAwait(false) is { } reply)
                await reply.SendAsync(context.Response, _stopping.Token).ConfigureAwait(false);
            else
                CutOff(context.Response);
        }
        catch (Exception e) when (_stopping.IsCancellationRequested
            || e is TimeoutException or HttpListenerException or IOException or InvalidOperationException)
        {
            // The body did not come, the client went away or the server is stopping: nobody is left to answer.
            CutOff(context.Response);
        }
    }

    // Null cuts the connection.
    private async Task<Reply?> AnswerAsync(HttpListenerContext context, ReadOnlyMemory<byte>? body)
    {
        try
        {
            var request = new EngageRequest(context.Request, body ?? default, _time.GetUtcNow());
            var route = Array.Find(_routes, route => route.IsAt(request.Path));
            if (_guard.Check(context, takesUpdates: route == _ingestion) is { } answer)
                return answer;
            if (context.Request.RawUrl?.Length > MaximumUrlLength)
                return Reply.UriTooLong;
            if (body is null)
                return Reply.TooLarge(RequestBody.MaximumLength, "bytes");
            if (route is null || request.Method is not ("POST" or "GET"))
                return Reply.Error(404, $"nothing answers {request.Method} {request.Path}");
            ServerFaultEndpoint? endpoint = route switch
            {
                IngestionEndpoint => ServerFaultEndpoint.Ingestion,
                QueryEndpoint => ServerFaultEndpoint.Query,
                _ => null,
            };
            return endpoint is null
                ? await route.AnswerAsync(request, _stopping.Token).ConfigureAwait(false)
                : await AnswerAsync(endpoint.Value, request, route).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException && !_stopping.IsCancellationRequested)
        {
            // A full disk, say. The client must learn that it is the server's fault, so that it retries.
            return Reply.Error(500, e.Message);
        }
    }

    private async Task<Reply?> AnswerAsync(ServerFaultEndpoint endpoint, EngageRequest request, IEngageRoute route)
    {
        var start = _time.GetTimestamp();
        var fault = _faults.Next(endpoint, request);
        var reply = await _faults.AnswerAsync(fault, request, route, _stopping.Token).ConfigureAwait(false);
        Requests.Add(request, reply, fault, _time.GetElapsedTime(start));
        return reply;
    }

    /// <summary>Ends a connection without an answer, or in the middle of one.</summary>
    private static void CutOff(HttpListenerResponse response)
    {
        try
        {
            // Outside Windows HttpListener still sends the headers. With these nobody takes them for an answer: an error,
            // whose body never comes.
            response.StatusCode = 500;
            response.ContentLength64 = 1;
        }
        catch (InvalidOperationException)
        {
            // The headers have been sent.
        }

        try
        {
            response.Abort();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or InvalidOperationException or NullReferenceException)
        {
            // Closed already, or being closed by the thread that answers, which HttpListener does not guard against.
        }
    }
}
