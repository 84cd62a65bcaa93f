using System.Collections;
using System.Collections.Specialized;
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
    private static readonly Gen<string> Text = Gen.OneOf(Gen.Char[' ', '\uD7FF'].Array[0, 20].Select(c => new string(c)), Gen.OneOfConst("", "007", "true", "null", "😀", "\r\n"));

    // Each value with its JSON, which is made here without the code that is tested.
    private static readonly Gen<(object? Value, string Json)> Scalar = Gen.OneOf(
        Gen.Const(((object?)null, "null")),
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
        Gen.Int[0, 9].Array[1, 40].Select(digits => BigInteger.Parse(string.Concat(digits), CultureInfo.InvariantCulture)).Select(n => ((object?)n, Number(n))),
        Text.Select(s => ((object?)s, Quoted(s))),
        Gen.Char['!', '~'].Select(c => ((object?)c, Quoted(c.ToString()))),
        Gen.Guid.Select(g => ((object?)g, Quoted(g.ToString()))),
        Gen.Enum<DayOfWeek>().Select(d => ((object?)d, Quoted(d.ToString()))),
        Gen.Date.Select(d => ((object?)DateOnly.FromDateTime(d), Quoted(d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))),
        Gen.DateTime.Select(d => ((object?)DateTime.SpecifyKind(d, DateTimeKind.Utc), Second(d))),
        Gen.DateTime.Select(d => ((object?)DateTime.SpecifyKind(d, DateTimeKind.Unspecified), Second(d))),
        Gen.DateTimeOffset.Select(d => ((object?)d, Second(d.UtcDateTime))),
        Gen.OneOfConst("https://example.com/a?b=c", "mailto:a@b.c").Select(u => ((object?)new Uri(u), Quoted(u))),
        Gen.Int[0, 86_399].Select(s => ((object?)TimeSpan.FromSeconds(s), Quoted(TimeSpan.FromSeconds(s).ToString("c", CultureInfo.InvariantCulture)))));

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
        Gen.Select(Values(2).Array[1, 12], Gen.Bool).Sample(
            (values, wrapped) =>
            {
                var row = new OrderedDictionary { ["distinct_id"] = $"{++id}" };
                for (var i = 0; i < values.Length; i++)
                    row[$"p{i}"] = wrapped && values[i].Value is { } value ? PSObject.AsPSObject(value) : values[i].Value;
                _session.Run("$row | Set-UserProfile", new { row }).Succeeded();
                Assert.Equal(
                    string.Join('\n', values.Select(v => CanonicalJson.Of(v.Json))),
                    string.Join('\n', Stored(endpoint, $"{id}", values.Length).Select(CanonicalJson.Of)));
            },
            iter: 150,
            threads: 1,
            print: generated => string.Join('\n', generated.Item1.Select(v => $"{v.Value?.GetType().Name} {v.Json}")));
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
            (1, inner.Array[0, 4].Select(e => ((object?)Dictionary(e), Object(e)))),
            (1, inner.Array[0, 4].Select(e => ((object?)Custom(e), Object(e)))));
    }

    private static OrderedDictionary Dictionary((object? Value, string Json)[] members)
    {
        var dictionary = new OrderedDictionary();
        for (var i = 0; i < members.Length; i++)
            dictionary[$"m{i}"] = members[i].Value;
        return dictionary;
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

    /// <summary>The properties p0, p1 and so on of a profile as the service has them.</summary>
    private IEnumerable<string> Stored(Uri service, string id, int count)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service, "api/query/engage")) { Content = new FormUrlEncodedContent([new("distinct_id", id)]) };
        using var response = _http.Send(request);
        using var reply = JsonDocument.Parse(response.Content.ReadAsStream());
        var properties = reply.RootElement.GetProperty("results")[0].GetProperty("$properties").Clone();
        return Enumerable.Range(0, count).Select(i => properties.GetProperty($"p{i}").GetRawText());
    }
}
