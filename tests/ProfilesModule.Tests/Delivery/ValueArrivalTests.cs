using System.Collections;
using System.Collections.Specialized;
using System.Data;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Values of .NET that go through the pipeline, compared as the embedded service has them stored.</summary>
public sealed class ValueArrivalTests : IDisposable
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(Gen.Char['\0', '\uD7FF'], Gen.Char['\uE000', '\uFFFF']).Array[0, 20].Select(c => new string(c)),
        Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32),
        Gen.OneOfConst("", "007", "true", "null", "😀", "\r\n", "1e5", " ", "2024-01-01"));

    // Each value with its JSON, which is made here without the code that is tested.
    private static readonly Gen<(object? Value, string Json)> Scalar = Gen.OneOf(
        Gen.Const(((object?)null, "null")),
        Gen.Const(((object?)DBNull.Value, "null")),
        Gen.Bool.Select(b => ((object?)b, b ? "true" : "false")),
        Gen.Byte.Select(n => ((object?)n, Number(n))),
        Gen.SByte.Select(n => ((object?)n, Number(n))),
        Gen.Short.Select(n => ((object?)n, Number(n))),
        Gen.UShort.Select(n => ((object?)n, Number(n))),
        Gen.Int.Select(n => ((object?)n, Number(n))),
        Gen.UInt.Select(n => ((object?)n, Number(n))),
        Gen.Long.Select(n => ((object?)n, Number(n))),
        Gen.ULong.Select(n => ((object?)n, Number(n))),
        Gen.Decimal.Select(n => ((object?)n, Number(n))),
        Gen.Double.Where(double.IsFinite).Select(n => ((object?)n, n.ToString("R", CultureInfo.InvariantCulture))),
        Gen.Float.Where(float.IsFinite).Select(n => ((object?)n, n.ToString("R", CultureInfo.InvariantCulture))),
        Gen.OneOfConst(double.MaxValue, double.MinValue, double.Epsilon, -0.0, 0.1, 1e21, 1e-7).Select(n => ((object?)n, n.ToString("R", CultureInfo.InvariantCulture))),
        Gen.Select(Gen.Int, Gen.Int[0, 9]).Select(n => new decimal(n.Item1, n.Item1, n.Item1, n.Item1 < 0, (byte)n.Item2)).Select(n => ((object?)n, Number(n))),
        Gen.Short.Select(n => (Half)n / (Half)7).Where(Half.IsFinite).Select(n => ((object?)n, n.ToString("R", CultureInfo.InvariantCulture))),
        Gen.Long.Select(n => ((object?)((Int128)n * n), Number(new BigInteger(n) * n))),
        Gen.Select(Gen.Int[0, 9].Array[1, 40], Gen.Bool).Select(n => (n.Item2 ? -1 : 1) * BigInteger.Parse(string.Concat(n.Item1), CultureInfo.InvariantCulture)).Select(n => ((object?)n, Number(n))),
        Text.Select(s => ((object?)s, Quoted(s))),
        Gen.OneOf(Gen.Char['\0', '\uD7FF'], Gen.Char['\uE000', '\uFFFF']).Select(c => ((object?)c, Quoted(c.ToString()))),
        Gen.Guid.Select(g => ((object?)g, Quoted(g.ToString()))),
        Gen.Enum<DayOfWeek>().Select(d => ((object?)d, Quoted(d.ToString()))),
        Gen.OneOfConst((FileAttributes.Hidden | FileAttributes.System, "Hidden, System"), ((FileAttributes)0, "None"), ((FileAttributes)(1 << 28), "268435456")).Select(e => ((object?)e.Item1, Quoted(e.Item2))),
        Gen.Date.Select(d => ((object?)DateOnly.FromDateTime(d), Quoted(d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))),
        Gen.DateTime.Select(d => ((object?)DateTime.SpecifyKind(d, DateTimeKind.Utc), Second(d))),
        Gen.DateTime.Select(d => ((object?)DateTime.SpecifyKind(d, DateTimeKind.Unspecified), Second(d))),
        Gen.DateTime.Select(d => d.ToUniversalTime()).Select(d => ((object?)d.ToLocalTime(), Second(d.ToLocalTime().ToUniversalTime()))),
        Gen.DateTimeOffset.Select(d => ((object?)d, Second(d.UtcDateTime))),
        Gen.OneOfConst("https://example.com/a?b=c", "mailto:a@b.c", "a/relative?one").Select(u => ((object?)new Uri(u, UriKind.RelativeOrAbsolute), Quoted(u))),
        Gen.Long.Select(ticks => ((object?)TimeSpan.FromTicks(ticks), Quoted(TimeSpan.FromTicks(ticks).ToString("c", CultureInfo.InvariantCulture)))),
        Gen.Int[0, 86_399].Select(s => ((object?)TimeOnly.MinValue.Add(TimeSpan.FromSeconds(s)), Quoted($"{s / 3600:00}:{s / 60 % 60:00}:{s % 60:00}"))));

    // What no profile can hold, on its own or inside of something.
    private static readonly Gen<object> Unfit = Gen.SelectMany(
        Gen.OneOfConst<object>(
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, float.NaN, float.NegativeInfinity, Half.NaN, Half.PositiveInfinity,
            "\uD83D", "a\uDE00b", "\uDE00\uD83D", '\uD83D', new byte[] { 1, 2 }, Array.Empty<byte>(), new object(), (Action)(() => { }), typeof(string)),
        Gen.Int[0, 3],
        (value, place) => Gen.Const(place switch
        {
            0 => value,
            1 => new[] { 1, value },
            2 => value is string name ? new Hashtable { [name] = 1 } : new Hashtable { ["inner"] = value },
            _ => Custom([(value, "")]),
        }));

    // Stands for a property that a profile does not have; no value is made of it.
    private const string Missing = "\"(missing)\"";

    private readonly ModuleSession _session = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _session.Dispose();
    }

    [Fact]
    public void Any_value_arrives_as_the_json_it_should()
    {
        var endpoint = (Uri)_session.Run("(Start-UserProfileServer).Endpoint").Succeeded().Output[0].BaseObject;
        var id = 0;
        Gen.Select(Values(2).Array[1, 12], Gen.Bool, Gen.OneOfConst(Sources), Gen.OneOfConst("Skip", "Null", "Empty", "Unset")).Sample(
            (values, wrapped, source, empty) =>
            {
                var row = source($"{++id}", [.. values.Select(v => wrapped && v.Value is { } value ? PSObject.AsPSObject(value) : v.Value)]);
                _session.Run("$row | Set-UserProfile -EmptyCell $empty", new { row, empty }).Succeeded();
                Assert.Equal(
                    string.Join('\n', values.Select(v => CanonicalJson.Of(Arrived(v.Json, empty)))),
                    string.Join('\n', Stored(endpoint, $"{id}", values.Length).Select(CanonicalJson.Of)));
            },
            iter: 300,
            threads: 1,
            print: generated => $"{generated.Item4}\n" + string.Join('\n', generated.Item1.Select(v => $"{v.Value?.GetType().Name} {v.Json}")));
    }

    [Fact]
    public void A_value_that_no_profile_can_hold_costs_its_row_and_no_other()
    {
        var endpoint = (Uri)_session.Run("(Start-UserProfileServer).Endpoint").Succeeded().Output[0].BaseObject;
        var id = 0;
        Gen.Select(Unfit, Values(1), Gen.OneOfConst(Sources)).Sample(
            (unfit, fit, source) =>
            {
                id += 3;
                object[] rows = [source($"{id}", [fit.Value]), source($"{id + 1}", [fit.Value, unfit]), source($"{id + 2}", [fit.Value])];
                var result = _session.Run("$rows | Set-UserProfile -EmptyCell Null", new { rows });
                var error = Assert.Single(result.Errors);
                Assert.StartsWith("UnsupportedValue,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
                Assert.Matches("^Object 2: .*'p1'", error.ToString());
                Assert.Null(result.Terminating);
                foreach (var stored in (int[])[id, id + 2])
                    Assert.Equal(CanonicalJson.Of(Arrived(fit.Json, "Null")), CanonicalJson.Of(Assert.Single(Stored(endpoint, $"{stored}", 1))));
                Assert.Equal(0, Found(endpoint, $"{id + 1}").GetArrayLength());
            },
            iter: 150,
            threads: 1,
            print: generated => $"{generated.Item1} {generated.Item2.Json}");
    }

    [Fact]
    public void A_name_that_is_no_text_removes_no_other_property()
    {
        var result = _session.Run("$null = Start-UserProfileServer; Set-UserProfile x -Unset $name", new { name = "a\uD83D" });
        Assert.StartsWith("UnsupportedValue,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    /// <summary>What a row may be: its properties are p0, p1 and so on.</summary>
    private static readonly Func<string, object?[], object>[] Sources =
    [
        (id, values) => Dictionary([("distinct_id", id), .. values.Select((value, i) => ($"p{i}", value))], new OrderedDictionary()),
        (id, values) => Dictionary([("distinct_id", id), .. values.Select((value, i) => ($"p{i}", value))], new Hashtable()),
        (id, values) =>
        {
            var custom = new PSObject();
            custom.Properties.Add(new PSNoteProperty("distinct_id", id));
            for (var i = 0; i < values.Length; i++)
                custom.Properties.Add(new PSNoteProperty($"p{i}", values[i]));
            return custom;
        },
        (id, values) =>
        {
            var table = new DataTable();
            table.Columns.Add("distinct_id");
            for (var i = 0; i < values.Length; i++)
                table.Columns.Add($"p{i}", typeof(object));
            return table.Rows.Add([id, .. values.Select(value => value ?? DBNull.Value)]);
        },
    ];

    private static IDictionary Dictionary(IEnumerable<(string Name, object? Value)> properties, IDictionary dictionary)
    {
        foreach (var (name, value) in properties)
            dictionary[name] = value;
        return dictionary;
    }

    private static Gen<(object? Value, string Json)> Values(int depth)
    {
        if (depth == 0)
            return Scalar;
        var inner = Values(depth - 1);
        return Gen.Frequency(
            (6, Scalar),
            (1, inner.Array[0, 4].Select(e => ((object?)e.Select(v => v.Value).ToArray(), $"[{string.Join(',', e.Select(v => v.Json))}]"))),
            (1, inner.Array[0, 4].Select(e => ((object?)new ArrayList(e.Select(v => v.Value).ToArray()), $"[{string.Join(',', e.Select(v => v.Json))}]"))),
            (1, inner.Array[0, 4].Select(e => ((object?)Dictionary(e.Select((m, i) => ($"m{i}", m.Value)), new OrderedDictionary()), Object(e)))),
            (1, inner.Select(e => ((object?)new Hashtable { ["m0"] = e.Value }, Object([e])))),
            (1, inner.Array[0, 4].Select(e => ((object?)e.Select(v => v.Value).ToList(), $"[{string.Join(',', e.Select(v => v.Json))}]"))),
            (1, inner.Array[0, 4].Select(e => ((object?)Custom(e), Object(e)))));
    }

    private static PSObject Custom((object? Value, string Json)[] members)
    {
        var custom = new PSObject();
        for (var i = 0; i < members.Length; i++)
            custom.Properties.Add(new PSNoteProperty($"m{i}", members[i].Value));
        return custom;
    }

    private static string Object((object? Value, string Json)[] members) => $"{{{string.Join(',', members.Select((m, i) => $"\"m{i}\":{m.Json}"))}}}";

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Second(DateTime date) => Quoted(date.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    /// <summary>What becomes of a value that is written as such JSON.</summary>
    private static string Arrived(string json, string empty) => json is not ("null" or "\"\"") ? json : empty switch
    {
        "Null" => "null",
        "Empty" => "\"\"",
        _ => Missing,
    };

    /// <summary>The properties p0, p1 and so on of a profile as the service has them.</summary>
    private IEnumerable<string> Stored(Uri service, string id, int count)
    {
        // A row that only removes properties makes no profile.
        if (Found(service, id) is var found && found.GetArrayLength() == 0)
            return Enumerable.Repeat(Missing, count);
        var properties = found[0].GetProperty("$properties");
        return Enumerable.Range(0, count).Select(i => properties.TryGetProperty($"p{i}", out var property) ? property.GetRawText() : Missing);
    }

    private JsonElement Found(Uri service, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service, "api/query/engage")) { Content = new FormUrlEncodedContent([new("distinct_id", id)]) };
        using var response = _http.Send(request);
        using var reply = JsonDocument.Parse(response.Content.ReadAsStream());
        return reply.RootElement.GetProperty("results").Clone();
    }
}
