using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ProfilesModule.Tests.Hosting;

/// <summary>A service over real HTTP that keeps what it applied and answers as a test says.</summary>
internal sealed class RecordingService : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly object _lock = new();

    public RecordingService()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Endpoint = new($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Endpoint.ToString());
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>How often each profile was set.</summary>
    public ConcurrentDictionary<string, int> Applied { get; } = new();

    /// <summary>The last value of each profile's properties.</summary>
    public ConcurrentDictionary<string, JsonElement> Profiles { get; } = new();

    public ConcurrentQueue<string> Bodies { get; } = new();

    public int Requests { get; private set; }

    /// <summary>What a refusal asks to wait, in seconds; null for nothing.</summary>
    public int? RetryAfter { get; set; }

    /// <summary>Answers a request; null to apply it. With a status of 0 the connection is broken off.</summary>
    public Func<int, JsonElement[], Task<(int Status, string Body)?>> Answer { get; set; } = (_, _) => Task.FromResult<(int, string)?>(null);

    public void Dispose() => _listener.Close();

    private async Task AcceptAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => HandleAsync(context));
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            Bodies.Enqueue(body);
            var records = context.Request.Url!.AbsolutePath == "/engage" ? Records(body) : [];
            int number;
            lock (_lock)
                number = ++Requests;
            var answer = await Answer(number, records);
            if (answer is null)
                Apply(records);
            var (status, text) = answer ?? (200, """{"error":null,"status":1}""");
            if (status == 0)
            {
                context.Response.Abort();
                return;
            }

            context.Response.StatusCode = status;
            if (RetryAfter is { } wait && status >= 400)
                context.Response.Headers["Retry-After"] = wait.ToString(CultureInfo.InvariantCulture);

            // Without a length the reply ends with a packet of its own, which a busy connection holds back.
            var reply = System.Text.Encoding.UTF8.GetBytes(text);
            context.Response.ContentLength64 = reply.Length;
            await context.Response.OutputStream.WriteAsync(reply);
            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The client went away, as some tests want it to.
        }
        catch
        {
            // What a test gets wrong must not leave the client waiting.
            context.Response.Abort();
            throw;
        }
    }

    private static JsonElement[] Records(string body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.EnumerateArray().Select(r => r.Clone())];
    }

    private void Apply(JsonElement[] records)
    {
        foreach (var record in records)
        {
            var id = record.GetProperty("$distinct_id").GetString()!;
            Applied.AddOrUpdate(id, 1, (_, count) => count + 1);
            if (record.TryGetProperty("$set", out var properties))
                Profiles[id] = properties;
        }
    }
}
