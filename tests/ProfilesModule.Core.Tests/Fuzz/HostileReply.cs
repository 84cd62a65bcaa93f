using System.Globalization;
using System.Text;
using CsCheck;
using ProfilesModule.Core.Tests.Wire;

namespace ProfilesModule.Core.Tests.Fuzz;

/// <summary>How a service answers a request, byte by byte, and whether it then goes on, stops or hangs up.</summary>
/// <param name="Head">The status line and the headers, with the empty line behind them.</param>
/// <param name="Body">The body.</param>
/// <param name="Repeated">How often the body is sent.</param>
/// <param name="Piece">How many bytes are sent at a time.</param>
/// <param name="StatusCode">The status code that the head was to have.</param>
/// <param name="Content">The content that the head tells of; null when there is none to be had, because the body breaks off or is no HTTP.</param>
/// <param name="HangsUp">Whether the connection is reset behind it.</param>
internal sealed record HostileReply(byte[] Head, byte[] Body, int Repeated, int Piece, int StatusCode, byte[]? Content, bool HangsUp)
{
    private const string Accepted = """{"error":null,"status":1}""";

    private static readonly Gen<string> Json = Gen.Frequency(
        (6, Gen.OneOfConst("1", "0", Accepted, """{"error":"data, missing or empty","status":0}""", """{"code":200,"num_records_imported":3,"status":"OK"}""")),
        (4, Gen.OneOfConst(
            """{"code":400,"error":"some data points in the request failed validation","failed_records":[{"index":1,"$insert_id":"","field":"$set","message":"no"}],"num_records_imported":2,"status":"Bad Request"}""",
            """{"failed_records":[{"index":0},{"index":0}],"num_records_imported":1,"status":1}""",
            """{"failed_records":[{"index":-1}],"status":1}""",
            """{"num_records_imported":2,"status":1}""",
            """{"num_records_imported":99999999999999999999,"status":1}""",
            """{"status":1.0}""",
            """{"status":1,"status":0}""",
            """{"status":"ok"}""",
            """[{"status":1}]""",
            """{"status":{"status":1}}""",
            "true", "\"1\"", "11", "1 1", "")),
        (2, Gen.OneOfConst("<!DOCTYPE html><html><body>1</body></html>", "OK", "Service Unavailable", "null", "\uFEFF1", "{\"status\":1,\"error\":\"\\ud800\"}", "{\"\\ud800\":1,\"status\":1}")),
        (1, Gen.Int[1, 100_000].Select(depth => new string('[', depth))),
        (1, Gen.Int[1, 100_000].Select(depth => string.Concat(Enumerable.Repeat("{\"status\":", depth)) + "1" + new string('}', depth))),
        (1, Gen.Int[1, 50_000].Select(count => $$"""{"failed_records":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"index":{{i}},"message":"m"}"""))}}],"status":1}""")),
        (1, Gen.Int[1, 2_000_000].Select(length => $$"""{"error":"{{new string('x', length)}}","status":0}""")));

    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf<Func<byte[], byte[]>>(
        Gen.Double[0, 1].Select<double, Func<byte[], byte[]>>(at => body => body[..(int)(body.Length * at)]),
        Gen.Select<double, byte[], Func<byte[], byte[]>>(Gen.Double[0, 1], Gen.Byte.Array[1, 6], (at, bytes) => body => [.. body[..(int)(body.Length * at)], .. bytes, .. body[(int)(body.Length * at)..]]),
        Gen.Select<double, byte, Func<byte[], byte[]>>(Gen.Double[0, 0.99], Gen.Byte, (at, value) => body => body.Length == 0 ? body : [.. body[..(int)(body.Length * at)], value, .. body[((int)(body.Length * at) + 1)..]]));

    private static readonly Gen<byte[]> AnyBody = Gen.Select(
        Gen.Frequency((12, Json.Select(Encoding.UTF8.GetBytes)), (1, Json.Select(Encoding.Unicode.GetBytes)), (1, Gen.Byte.Array[0, 300])),
        Gen.Frequency((6, Mutation.Array[0]), (5, Mutation.Array[1]), (1, Mutation.Array[2, 4])),
        (body, mutations) => mutations.Aggregate(body, (bytes, mutate) => mutate(bytes)));

    private static readonly Gen<int> Status = Gen.Frequency(
        (10, Gen.Const(200)), (3, Gen.Const(400)), (4, Gen.OneOfConst(201, 202, 301, 302, 307, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504)), (1, Gen.Int[200, 999]));

    private static readonly Gen<string> Header = Gen.OneOfConst(
        "Content-Type: application/json", "Content-Type: text/html; charset=nonsense", "Content-Type: \"", "Content-Encoding: gzip", "Location: /elsewhere", "Location: http://127.0.0.1:1/",
        "Retry-After: 5", "Retry-After: -1", "Retry-After: 99999999999999999999", "Retry-After: Thu, 99 Jan 9999 99:99:99 GMT", "Set-Cookie: a=b", "Connection: close", "Trailer: X", "X: \u0001", "Transfer-Encoding: identity");

    /// <summary>How the length of a body is told: truly, or not.</summary>
    private static readonly Gen<string> Framing = Gen.Frequency(
        (10, Gen.Const("length")), (4, Gen.Const("chunked")), (1, Gen.Const("longer")), (1, Gen.Const("shorter")), (1, Gen.Const("negative")), (1, Gen.Const("no number")), (1, Gen.Const("two lengths")), (1, Gen.Const("bad chunks")), (1, Gen.Const("unended chunks")), (1, Gen.Const("none")));

    public static Gen<HostileReply> Any { get; } = Gen.Select(
        Status,
        AnyBody,
        Gen.Select(Framing, Header.Array[0, 3], Gen.Frequency((20, Gen.Const("HTTP/1.1")), (1, Gen.OneOfConst("HTTP/1.0", "HTTP/9.9", "ICY", "", "\0")))),
        Gen.Frequency((20, Gen.Const(1)), (1, Gen.Int[2, 2000])),
        Gen.Frequency((10, Gen.Const(int.MaxValue)), (1, Gen.Int[1, 40])),
        Gen.Bool,
        (status, body, head, repeated, piece, hangsUp) =>
        {
            var (framing, headers, version) = head;
            repeated = Math.Min(repeated, 1 + ((8 << 20) / Math.Max(1, body.Length)));
            var length = (long)body.Length * repeated;
            var told = framing switch
            {
                "length" => $"Content-Length: {length}\r\n",
                "longer" => $"Content-Length: {length + 7}\r\n",
                "shorter" => $"Content-Length: {length / 2}\r\n",
                "negative" => "Content-Length: -5\r\n",
                "no number" => "Content-Length: 1e3\r\n",
                "two lengths" => $"Content-Length: {length}\r\nContent-Length: {length + 1}\r\n",
                "chunked" or "bad chunks" or "unended chunks" => "Transfer-Encoding: chunked\r\n",
                _ => "",
            };
            var content = framing switch
            {
                "length" or "chunked" or "two lengths" or "none" or "no number" or "negative" => Repeat(body, repeated),
                "shorter" => Repeat(body, repeated)[..(int)(length / 2)],
                _ => null,
            };
            body = framing switch
            {
                "chunked" => [.. Chunk(body, repeated), .. "0\r\n\r\n"u8],
                "bad chunks" => [.. "zz\r\n"u8, .. body, .. "\r\n0\r\n\r\n"u8],
                "unended chunks" => Chunk(body, repeated),
                _ => body,
            };
            return new HostileReply(
                Encoding.Latin1.GetBytes($"{version} {status.ToString(CultureInfo.InvariantCulture)} So\r\n{told}{string.Concat(headers.Select(h => h + "\r\n"))}\r\n"),
                body,
                framing is "chunked" or "unended chunks" ? 1 : repeated,
                Math.Max(piece, body.Length / 500),
                status,
                content,
                hangsUp);
        });

    /// <summary>Sends it.</summary>
    public async Task SendAsync(RawConnection connection)
    {
        await connection.WriteAsync(Head);
        for (var i = 0; i < Repeated; i++)
        {
            for (var at = 0; at < Body.Length; at += Math.Min(Piece, Body.Length - at))
                await connection.WriteAsync(Body[at..(at + Math.Min(Piece, Body.Length - at))]);
        }

        if (HangsUp)
            connection.Reset();
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Encoding.Latin1.GetString(Head)}{Repeated} × {Body.Length} bytes, {Piece} at a time{(HangsUp ? ", then a reset" : "")}: {Encoding.Latin1.GetString(Body.AsSpan(0, Math.Min(Body.Length, 500)))}");

    private static byte[] Chunk(byte[] body, int repeated)
    {
        if (body.Length == 0)
            return [];
        byte[] chunk = [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n"u8];
        return Repeat(chunk, repeated);
    }

    private static byte[] Repeat(byte[] bytes, int times) => times == 1 ? bytes : [.. Enumerable.Repeat(bytes, times).SelectMany(b => b)];
}
