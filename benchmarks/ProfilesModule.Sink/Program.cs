// Counts what is sent to /engage and keeps nothing. GET /stats, POST /reset, POST /config {"delayMs":100}.
// The first line it prints is its address.
using System.Buffers;
using System.Net;
using System.Text.Json;
using ProfilesModule.Benchmarks.Sink;

var accepted = """{"status":1,"error":null}"""u8.ToArray();
var refused = """{"status":0,"error":"not an array of records"}"""u8.ToArray();
var state = new SinkState();

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, 0);
    kestrel.AddServerHeader = false;
    kestrel.Limits.MinRequestBodyDataRate = null;
});
var app = builder.Build();
app.Run(context => context.Request.Path.Value switch
{
    "/engage" => EngageAsync(context),
    "/stats" => context.Response.WriteAsJsonAsync(state.Counters()),
    "/reset" => Reset(),
    "/config" => ConfigureAsync(context),
    _ => NotFound(context),
});
await app.StartAsync();
Console.WriteLine(app.Urls.Single());
await app.WaitForShutdownAsync();

async Task EngageAsync(HttpContext context)
{
    state.Begin();
    var length = (int)(context.Request.ContentLength ?? throw new BadHttpRequestException("Content-Length is needed."));
    var body = ArrayPool<byte>.Shared.Rent(length);
    try
    {
        await context.Request.Body.ReadExactlyAsync(body.AsMemory(0, length));
        var isGood = TryAccept(body.AsSpan(0, length));
        if (state.Delay > TimeSpan.Zero)
            await Task.Delay(state.Delay);
        var reply = isGood ? accepted : refused;
        context.Response.StatusCode = isGood ? 200 : 400;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = reply.Length;
        await context.Response.Body.WriteAsync(reply);
    }
    finally
    {
        ArrayPool<byte>.Shared.Return(body);
        state.End();
    }
}

bool TryAccept(ReadOnlySpan<byte> body)
{
    try
    {
        var (records, idSum) = EngageBody.Count(body);
        state.Accept(records, idSum, body.Length);
        return true;
    }
    catch (JsonException)
    {
        state.Refuse();
        return false;
    }
}

Task Reset()
{
    state.Reset();
    return Task.CompletedTask;
}

async Task ConfigureAsync(HttpContext context)
{
    using var settings = await JsonDocument.ParseAsync(context.Request.Body);
    state.Delay = TimeSpan.FromMilliseconds(settings.RootElement.GetProperty("delayMs").GetInt32());
}

static Task NotFound(HttpContext context)
{
    context.Response.StatusCode = 404;
    return Task.CompletedTask;
}
