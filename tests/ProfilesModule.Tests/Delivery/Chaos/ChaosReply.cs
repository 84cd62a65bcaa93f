using System.Globalization;
using System.Text.Json;
using ProfilesModule.Core.Tests.Wire;

namespace ProfilesModule.Tests.Delivery.Chaos;

/// <summary>What a reply lets the client know of an update.</summary>
internal enum Known
{
    /// <summary>Nothing: it may have been applied or not.</summary>
    Nothing,

    /// <summary>That it was not applied, and may be when it is sent again.</summary>
    NotApplied,

    /// <summary>That it was refused for what it is.</summary>
    Refused,

    /// <summary>That it was applied.</summary>
    Applied,
}

/// <summary>What a service of chaos does with one request.</summary>
/// <param name="Applies">Whether it applies each update.</param>
/// <param name="Tells">What its reply lets the client know of each update.</param>
/// <param name="Text">What it writes; empty for nothing.</param>
/// <param name="Ends">How the connection ends; null when it goes on.</param>
internal sealed record ChaosReply(bool[] Applies, Known[] Tells, string Text, ConnectionEnd? Ends = null)
{
    private static readonly string[] Garbage =
    [
        RawServer.Reply("200 OK", ""),
        RawServer.Reply("200 OK", "<html>Welcome to the hotel</html>", "Content-Type: text/html"),
        RawServer.Reply("200 OK", """{"error":null,"sta"""),
        RawServer.Reply("200 OK", """{"error":null,"status":2}"""),
        RawServer.Reply("200 OK", "[1]"),
        RawServer.Reply("204 No Content", ""),
        RawServer.Reply("302 Found", "", "Location: /elsewhere"),
        RawServer.Reply("307 Temporary Redirect", "", "Location: /elsewhere"),
        RawServer.Reply("408 Request Timeout", ""),
        RawServer.Reply("500 Internal Server Error", """{"error":"oops","status":0}"""),
        RawServer.Reply("503 Service Unavailable", "upstream connect error", "Retry-After: 0"),
    ];

    private static readonly string[] Successes = ["1", """{"error":null,"status":1}""", """{"error":"","status":1}"""];

    /// <summary>Decides on a request.</summary>
    /// <param name="random">What decides.</param>
    /// <param name="rows">Its updates.</param>
    /// <param name="mostUpdates">How many updates a request may carry.</param>
    /// <param name="faults">The share of the requests that fail; 0 for a service that is in order.</param>
    public static ChaosReply To(Random random, IReadOnlyList<ChaosRow> rows, int mostUpdates, double faults)
    {
        if (rows.Count > mostUpdates)
            return Refusing(rows, RawServer.Reply("413 Content Too Large", """{"code":413,"error":"too large","status":"Request Entity Too Large"}"""));
        if (random.NextDouble() >= faults)
            return Honest(random, rows, inOrder: faults == 0);
        return random.Next(100) switch
        {
            < 1 => NotNow(rows, RawServer.Reply(random.Next(3) switch { 0 => "401 Unauthorized", 1 => "403 Forbidden", _ => "404 Not Found" }, """{"error":"no","status":"error"}""")),
            < 2 => Silent(random, rows, RawServer.Reply("422 Unprocessable Content", """{"error":"no","status":"error"}""")),
            < 17 => NotNow(rows, RawServer.Reply("429 Too Many Requests", """{"error":"slow down","status":0}""", "Retry-After: 0")),
            < 25 => Refusing(rows, Refusal(random, "for no reason")),
            < 35 => Partial(random, rows),
            < 50 => Silent(random, rows, "", ConnectionEnd.Reset),
            < 60 => Silent(random, rows, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"error\":nu", random.Next(2) == 0 ? ConnectionEnd.Reset : ConnectionEnd.Close),
            < 65 => Silent(random, rows, "?PLEASE SPEAK\r\n", ConnectionEnd.Close),
            < 80 => Silent(random, rows, RawServer.Reply(random.Next(2) == 0 ? "200 OK" : "400 Bad Request", Contradiction(random, rows.Count))),
            _ => Silent(random, rows, Garbage[random.Next(Garbage.Length)]),
        };
    }

    /// <summary>A body whose parts do not agree, or that says what cannot be.</summary>
    private static string Contradiction(Random random, int updates)
    {
        var status = random.Next(3) switch { 0 => "1", 1 => "true", _ => "\"OK\"" };
        return random.Next(7) switch
        {
            0 => $$"""{"num_records_imported":0,"status":{{status}}}""",
            1 => $$"""{"num_records_imported":{{-1 - random.Next(3)}},"status":{{status}}}""",
            2 => $$"""{"num_good_events":{{updates + 1}},"status":{{status}}}""",
            3 => $$"""{"error":"quota exceeded","status":{{status}}}""",
            4 => $$"""{"num_records_imported":{{updates}},"failed_records":[{"index":0,"message":"poison"}],"status":{{status}}}""",
            5 => $$"""{"code":500,"num_records_imported":{{updates}},"status":{{status}}}""",
            _ => $$"""{"num_records_imported":{{updates}},"error":"no","status":0}""",
        };
    }

    /// <summary>Refuses poison and applies the rest, and says so in one of the ways that the service has.</summary>
    private static ChaosReply Honest(Random random, IReadOnlyList<ChaosRow> rows, bool inOrder)
    {
        var good = rows.Select(r => r.Kind == ChaosKind.Good).ToArray();
        var imported = good.Count(g => g);
        if (imported == rows.Count)
            return new(good, Told(good, Known.Applied, Known.Applied), RawServer.Reply("200 OK", random.Next(4) is var i && i < 3 ? Successes[i] : Counted(imported)));
        // The mark is none of the row's values: else the texts would be alike, and end an import that has nothing but poison.
        var located = rows.Select((row, index) => (row, index)).Where(r => r.row.Kind != ChaosKind.Good)
            .Select(r => new { r.index, field = "$distinct_id", message = inOrder ? $"poison with the mark {~r.row.Number}" : "poison" });
        return (inOrder ? 0 : random.Next(5)) switch
        {
            0 => new(good, Told(good, Known.Applied, Known.Refused), Strict(new { failed_records = located, num_records_imported = imported })),
            1 => new(good, Told(good, Known.Nothing, Known.Refused), Strict(new { failed_records = located })),
            2 => new(good, Told(good, Known.Nothing, Known.Nothing), Strict(new { failed_records = located, num_records_imported = imported + 1 })),
            3 when rows.Count > 1 => new(good, Told(good, Known.Nothing, Known.Nothing), Strict(new { failed_records = located.Select(r => r.message) })),
            _ => Refusing(rows, Refusal(random, "poison")),
        };
    }

    /// <summary>Applies some updates, and says how many but not which.</summary>
    private static ChaosReply Partial(Random random, IReadOnlyList<ChaosRow> rows)
    {
        if (rows.Count == 1)
            return Refusing(rows, Refusal(random, "alone"));
        var applies = rows.Select(r => r.Kind == ChaosKind.Good && random.Next(2) == 0).ToArray();
        var imported = applies.Count(a => a);
        if (imported == 0 || imported == rows.Count)
            return Silent(random, rows, Garbage[0]);
        return new(applies, Told(applies, Known.Nothing, Known.Nothing), random.Next(2) == 0
            ? Strict(new { num_records_imported = imported })
            : RawServer.Reply("200 OK", Counted(imported)));
    }

    /// <summary>Applies all, some or none, and lets nothing be known.</summary>
    private static ChaosReply Silent(Random random, IReadOnlyList<ChaosRow> rows, string text, ConnectionEnd? ends = null)
    {
        var first = random.Next(3) switch { 0 => 0, 1 => rows.Count, _ => random.Next(rows.Count) };
        var applies = rows.Select((r, index) => r.Kind == ChaosKind.Good && index < first).ToArray();
        return new(applies, Told(applies, Known.Nothing, Known.Nothing), text, ends);
    }

    /// <summary>Refuses the request as a whole; one that carries a single update is refused for that.</summary>
    private static ChaosReply Refusing(IReadOnlyList<ChaosRow> rows, string text) =>
        new(new bool[rows.Count], [.. rows.Select(_ => rows.Count == 1 ? Known.Refused : Known.NotApplied)], text);

    private static ChaosReply NotNow(IReadOnlyList<ChaosRow> rows, string text) => new(new bool[rows.Count], [.. rows.Select(_ => Known.NotApplied)], text);

    private static Known[] Told(bool[] applies, Known ofApplied, Known ofOthers) => [.. applies.Select(a => a ? ofApplied : ofOthers)];

    private static string Refusal(Random random, string error) => random.Next(4) switch
    {
        0 => RawServer.Reply("200 OK", "0"),
        1 => RawServer.Reply("413 Content Too Large", ""),
        2 => RawServer.Reply("200 OK", JsonSerializer.Serialize(new { error, status = 0 })),
        _ => RawServer.Reply("400 Bad Request", JsonSerializer.Serialize(new { error, status = 0 })),
    };

    private static string Counted(int imported) => string.Create(CultureInfo.InvariantCulture, $$"""{"code":200,"num_records_imported":{{imported}},"status":"OK"}""");

    private static string Strict(object reply) => RawServer.Reply("400 Bad Request", JsonSerializer.Serialize(reply));
}

/// <summary>How a connection ends.</summary>
internal enum ConnectionEnd
{
    Close,
    Reset,
}
