using System.Collections.Concurrent;
using System.Net;

namespace ProfilesModule.Server;

/// <summary>
/// The engage service in this process: the ingestion and the query of user and group profiles over HTTP on 127.0.0.1, with the
/// replies of the real service. It has no geo database: <c>ip</c> and <c>$ip</c> are accepted and have no effect.
/// </summary>
/// <remarks>Safe for use by several threads at once.</remarks>
internal sealed class EngageServer : IDisposable
{
    // What a web server takes by default.
    private const int MaximumUrlLength = 8 * 1024;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(900);

    private readonly HttpListener _listener;
    private readonly EngageService _service;
    private readonly FaultyService _faulty;
    private readonly IProfileStore _store;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<HttpListenerContext, Task> _inFlight = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly BrowserGuard _guard;
    private readonly TimeSpan _bodyTimeout;
    private readonly Task _accepting;
    private long _requestCount;
    private int _disposed;

    private EngageServer(HttpListener listener, int port, EngageService service, EngageServerOptions options, FaultPlan faults, IProfileStore store, TimeProvider time)
    {
        _guard = new BrowserGuard(port, options.AllowedOrigins ?? []);
        _bodyTimeout = options.BodyTimeout;
        _listener = listener;
        _service = service;
        _faulty = new FaultyService(service, faults, time);
        _store = store;
        _time = time;
        Endpoint = new Uri($"http://127.0.0.1:{port}/");
        StartTime = time.GetUtcNow();
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>The root of the service, such as <c>http://127.0.0.1:50123/</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>When the server started, UTC.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>How many requests have arrived, refused ones included.</summary>
    public long RequestCount => Interlocked.Read(ref _requestCount);

    /// <summary>
    /// How many updates have been applied. One with a foreign token, an unknown group key, or a <c>$time</c> before that of
    /// an update that its profile has got is not.
    /// </summary>
    public long UpdateCount => _service.UpdateCount;

    /// <summary>How many profiles the store holds, those of users and of groups together.</summary>
    /// <exception cref="ObjectDisposedException">The server has been disposed.</exception>
    public long ProfileCount
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return _store.Count;
        }
    }

    /// <summary>Whether the server answers requests: true until it is disposed.</summary>
    public bool IsRunning => _disposed == 0;

    /// <summary>Starts a server. It listens when this returns.</summary>
    /// <param name="options">How it listens and what it lets in.</param>
    /// <param name="store">Holds the profiles. The server owns it from here on, and disposes it when it fails to start, too.</param>
    /// <param name="time">The clock behind <c>$last_seen</c> and the expiry of query sessions; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">The port that was asked for is taken, or none could be opened.</exception>
    public static EngageServer Start(EngageServerOptions options, IProfileStore store, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        time ??= TimeProvider.System;
        EngageService? service = null;
        try
        {
            var faults = new FaultPlan(options.Faults, time);
            service = new EngageService(options, store, time);
            HttpListener listener = LoopbackListener.Start(options.Port, out int port);
            return new EngageServer(listener, port, service, options, faults, store, time);
        }
        catch
        {
            service?.Dispose();
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The id that the query of group profiles takes as <c>data_group_id</c>: the one of <see cref="EngageServerOptions.GroupTypes"/>,
    /// or one derived from the key, the same on every server, where no group types were given.
    /// </summary>
    /// <param name="groupKey">The group key, such as <c>company</c>; letter case counts.</param>
    /// <returns>A whole number of up to 19 digits, of either sign, as text; null if group types were given and the key is none.</returns>
    public string? FindDataGroupId(string groupKey)
    {
        ArgumentNullException.ThrowIfNull(groupKey);
        return _service.FindDataGroupId(groupKey);
    }

    /// <summary>
    /// Stops listening, cuts off the requests in flight and disposes the store. An update whose reply was sent is stored;
    /// one whose reply was cut off may be.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _stopping.Cancel();

        // The listener itself would wait a second for the rest of each request before it let go of it.
        foreach (HttpListenerContext context in _inFlight.Keys)
            context.Response.CutOff();
        _listener.Abort();
        Task.WaitAll([_accepting, .. _inFlight.Values], StopTimeout);
        _service.Dispose();
        _store.Dispose();
        _stopping.Dispose();
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
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // One request that broke off while it was accepted ends here too; the loop must outlive it.
                continue;
            }

            // Nobody waits for one whose body does not come.
            Interlocked.Increment(ref _requestCount);
            _inFlight.TryAdd(context, ServeAsync(context));
            if (_inFlight.TryGetValue(context, out Task? serving) && serving.IsCompleted)
                _inFlight.TryRemove(context, out _);
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        await Task.Yield();
        try
        {
            using RequestBody? body = await ReadAsync(context).ConfigureAwait(false);
            if (body is not null && await AnswerAsync(context, body).ConfigureAwait(false) is { } reply)
                await reply.SendAsync(context.Response, _stopping.Token).ConfigureAwait(false);
            else
                context.Response.CutOff();
        }
        catch (Exception e) when (_stopping.IsCancellationRequested || e is HttpListenerException or IOException or InvalidOperationException)
        {
            // The client went away or the server is stopping: nobody is left to answer.
            context.Response.CutOff();
        }
        finally
        {
            _inFlight.TryRemove(context, out _);
        }
    }

    // Null when the body did not come in time.
    private async Task<RequestBody?> ReadAsync(HttpListenerContext context)
    {
        Task<RequestBody> reading = RequestBody.ReadAsync(context.Request, _stopping.Token);
        try
        {
            return await reading.WaitAsync(_bodyTimeout, _time, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // Cutting the connection ends the reading, which HttpListener cannot cancel.
            context.Response.CutOff();
            _ = reading.ContinueWith(static late => { if (late.IsCompletedSuccessfully) late.Result.Dispose(); else _ = late.Exception; }, TaskScheduler.Default);
            return null;
        }
    }

    // Null cuts the connection.
    private async Task<Reply?> AnswerAsync(HttpListenerContext context, RequestBody body)
    {
        try
        {
            EngageRequest request = EngageRequest.From(context.Request, body.Content, _time.GetUtcNow());
            ServerFaultEndpoint? endpoint = EngageService.EndpointOf(request.Path);
            if ((_guard.Check(context.Request, endpoint) ?? _guard.Open(context, endpoint)) is { } answer)
                return answer;
            if (context.Request.RawUrl?.Length > MaximumUrlLength)
                return Reply.UriTooLong();
            if (body.IsTooLarge)
                return Reply.TooLarge($"request exceeds max limit of {RequestBody.MaximumLength} bytes");
            return await _faulty.AnswerAsync(request, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException && !_stopping.IsCancellationRequested)
        {
            // A full disk, say. The client must hear that it is the server's fault, so that it retries.
            return Reply.Error(500, e.Message);
        }
    }
}
