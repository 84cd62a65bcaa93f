using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Wire;

public sealed class ValueWriterTests
{
    private static readonly ValueWriter Writer = new(v => v);

    public static TheoryData<object?, string> Values => new()
    {
        { null, "null" },
        { DBNull.Value, "null" },
        { "text", "\"text\"" },
        { true, "true" },
        { (byte)7, "7" },
        { (short)-7, "-7" },
        { 9223372036854775807L, "9223372036854775807" },
        { 18446744073709551615UL, "18446744073709551615" },
        { BigInteger.Parse("123456789012345678901234567890"), "123456789012345678901234567890" },
        { 12.30m, "12.30" },
        { 0.1, "0.1" },
        { 1.5f, "1.5" },
        { 'c', "\"c\"" },
        { DayOfWeek.Friday, "\"Friday\"" },
        { new DateTime(2024, 2, 29, 23, 59, 58, 999, DateTimeKind.Utc), "\"2024-02-29T23:59:58\"" },
        { new DateTime(2024, 2, 29, 23, 59, 58, DateTimeKind.Unspecified), "\"2024-02-29T23:59:58\"" },
        { new DateTimeOffset(2024, 3, 1, 1, 0, 0, TimeSpan.FromHours(2)), "\"2024-02-29T23:00:00\"" },
        { new DateOnly(2024, 2, 29), "\"2024-02-29\"" },
        { Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "\"6f9619ff-8b86-d011-b42d-00c04fc964ff\"" },
        { new Uri("https://example.com/a"), "\"https://example.com/a\"" },
        { TimeSpan.FromMinutes(90), "\"01:30:00\"" },
        { System.Net.IPAddress.Loopback, "\"127.0.0.1\"" },
        { new StringBuilder("built"), "\"built\"" },
        { (Half)1.5, "1.5" },
        { Int128.MaxValue, "170141183460469231731687303715884105727" },
        { System.Text.Json.Nodes.JsonNode.Parse("{\"a\":[1,2.50]}"), "{\"a\":[1,2.50]}" },
        { new object?[] { 1, "a", null, new[] { 2 } }, "[1,\"a\",null,[2]]" },
        { new Dictionary<string, object?> { ["a"] = 1, ["b"] = new Dictionary<string, object?> { ["c"] = null } }, "{\"a\":1,\"b\":{\"c\":null}}" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_has_its_json(object? value, string json) => Assert.Equal(json, Write(value));

    [Fact]
    public void A_local_time_is_sent_in_utc()
    {
        var local = new DateTime(2024, 7, 1, 12, 0, 0, DateTimeKind.Local);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"\"{local.ToUniversalTime():yyyy-MM-ddTHH:mm:ss}\""), Write(local));
    }

    [Fact]
    public void Numbers_read_back_as_they_were_sent() =>
        Gen.OneOf(Gen.Decimal.Select(d => (object)d), Gen.Long.Select(l => (object)l), Gen.Double.Where(double.IsFinite).Select(d => (object)d)).Sample(number =>
            Assert.Equal(number, JsonSerializer.Deserialize(Write(number), number.GetType())));

    public static TheoryData<object, string> Unsupported => new()
    {
        { double.NaN, "NaN" },
        { float.PositiveInfinity, "Infinity" },
        { new byte[] { 1 }, "binary" },
        { new object(), "Object" },
        { new System.Xml.XmlDocument(), "XML" },
    };

    [Theory]
    [MemberData(nameof(Unsupported))]
    public void A_value_without_json_is_refused_and_says_what_it_is(object value, string named) =>
        Assert.Contains(named, Assert.Throws<NotSupportedException>(() => Write(value)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(123d, "123")]
    [InlineData(-5d, "-5")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(9007199254740991d, "9007199254740991")]
    [InlineData(16777215f, "16777215")]
    public void A_floating_point_number_that_is_an_integer_for_sure_is_a_distinct_id(object number, string id) =>
        Assert.Equal(id, new ValueWriter(v => v).DistinctId(number));

    [Theory]
    [InlineData(9007199254740993d)]
    [InlineData(-1e20)]
    [InlineData(1.5)]
    [InlineData(1e-7)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(16777217f)]
    [InlineData(0.5f)]
    public void A_floating_point_number_that_may_have_been_another_is_no_distinct_id(object number)
    {
        var refused = Assert.Throws<NotSupportedException>(() => new ValueWriter(v => v).DistinctId(number));
        Assert.Contains(((IFormattable)number).ToString(null, CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_contains_itself_is_refused()
    {
        var list = new List<object>();
        list.Add(list);
        Assert.Throws<NotSupportedException>(() => Write(list));
    }

    private static string Write(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            Writer.Write(json, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
