using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProfilesModule.Server;
using ProfilesModule.Server.Faults;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Requests;

namespace ProfilesModule.Page;

/// <summary>The last requests to the service, and its faults.</summary>
internal sealed class RequestsApi(EngageServer server)
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private IReadOnlyList<FaultSwitch> _switches = [.. server.Faults.Select(FaultSwitch.Of)];

    /// <summary>The requests after the number <c>after</c>, without their bodies.</summary>
    public Reply List(EngageRequest request) => Reply.Json(200, writer =>
    {
        writer.WriteStartArray("requests");
        foreach (var logged in server.Requests.After(Number(request, "after")))
        {
            writer.WriteStartObject();
            writer.WriteNumber("number", logged.Number);
            writer.WriteString("at", logged.ReceivedAt);
            writer.WriteString("method", logged.Method);
            writer.WriteString("address", logged.Address);
            writer.WriteNumber("milliseconds", Math.Round(logged.Elapsed.TotalMilliseconds, 1));
            if (logged.Status is { } status)
                writer.WriteNumber("status", status);
            if (logged.Fault is { } fault)
                writer.WriteString("fault", fault.Kind.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>The bodies of the request <c>number</c> and of its reply.</summary>
    public Reply Get(EngageRequest request)
    {
        var number = Number(request, "number");
        if (server.Requests.After(number - 1) is not [var logged, ..] || logged.Number != number)
            return Reply.Error(404, "The request is no longer among the last thousand.");
        return Reply.Json(200, writer =>
        {
            Write(writer, "body", logged.Body);
            Write(writer, "reply", logged.Reply);
        });
    }

    /// <summary>Forgets all requests.</summary>
    public Reply Clear(EngageRequest request)
    {
        server.Requests.Clear();
        return Reply.Json(200, _ => { });
    }

    /// <summary>The faults, those that are switched off included.</summary>
    public Reply Faults() => new(200, JsonSerializer.SerializeToUtf8Bytes(new { faults = _switches }, Options));

    /// <summary>Takes <c>faults</c> in place of those before.</summary>
    public Reply SetFaults(EngageRequest request)
    {
        using var document = JsonBody.Parse(request);
        try
        {
            var switches = document.RootElement.GetProperty("faults").Deserialize<FaultSwitch[]>(Options)!;
            server.Faults = [.. switches.Where(item => item.IsOn).Select(item => item.ToFault())];
            _switches = switches;
        }
        catch (Exception e) when (e is ArgumentException or JsonException or OverflowException or KeyNotFoundException)
        {
            throw new BadRequestException(e.Message);
        }

        return Faults();
    }

    private static long Number(EngageRequest request, string name) =>
        long.TryParse(request.Query.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static void Write(Utf8JsonWriter writer, string name, LoggedText text)
    {
        writer.WriteStartObject(name);
        writer.WriteString("text", Encoding.UTF8.GetString(text.Start.Span));
        writer.WriteNumber("length", text.Length);
        writer.WriteBoolean("isCut", text.Start.Length < text.Length);
        writer.WriteEndObject();
    }

    /// <summary>A fault as the page has it, with times in seconds.</summary>
    private sealed record FaultSwitch
    {
        public bool IsOn { get; init; } = true;

        public ServerFaultKind Kind { get; init; }

        public ServerFaultEndpoint Endpoint { get; init; }

        public int Every { get; init; }

        public int First { get; init; }

        public int MaxUpdates { get; init; }

        public int MaxRequests { get; init; }

        public double Window { get; init; } = 60;

        public int Status { get; init; } = 503;

        public double? RetryAfter { get; init; }

        public double Delay { get; init; }

        public static FaultSwitch Of(ServerFault fault) => new()
        {
            Kind = fault.Kind,
            Endpoint = fault.Endpoint,
            Every = fault.Every,
            First = fault.First,
            MaxUpdates = fault.MaxUpdates,
            MaxRequests = fault.MaxRequests,
            Window = fault.Window.TotalSeconds,
            Status = fault.Status,
            RetryAfter = fault.RetryAfter?.TotalSeconds,
            Delay = fault.Delay.TotalSeconds,
        };

        public ServerFault ToFault() => new()
        {
            Kind = Kind,
            Endpoint = Endpoint,
            Every = Every,
            First = First,
            MaxUpdates = MaxUpdates,
            MaxRequests = MaxRequests,
            Window = TimeSpan.FromSeconds(Window),
            Status = Status,
            RetryAfter = RetryAfter is { } wait ? TimeSpan.FromSeconds(wait) : null,
            Delay = TimeSpan.FromSeconds(Delay),
        };
    }
}
