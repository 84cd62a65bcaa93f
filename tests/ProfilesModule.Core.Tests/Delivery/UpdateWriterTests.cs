using System.Text.Json;
using CsCheck;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

public sealed class UpdateWriterTests
{
    [Fact]
    public async Task A_record_carries_token_distinct_id_address_and_one_operation()
    {
        var body = await Body(u => u.Write(Operation.Set, "Ömer", Fields(("age", 40), ("$email", "o@x.io")), -1, new(1, 0, null)));
        Assert.Equal("""[{"$token":"a \"token\"","$distinct_id":"Ömer","$ip":"0","$set":{"age":40,"$email":"o@x.io"}}]""", body);
    }

    [Fact]
    public async Task A_removal_may_take_its_distinct_id_literally()
    {
        var body = await Body(u => u.Delete("7", new(1, 0, null)), literal: true);
        Assert.Equal("""[{"$token":"a \"token\"","$distinct_id":"7","$ip":"0","$ignore_alias":true,"$delete":""}]""", body);
    }

    [Fact]
    public void Any_text_comes_through_as_it_was() =>
        // The letter, because ids such as 0 and nil are refused as placeholders.
        Gen.Select(Gen.String[0, 20].Select(id => "u" + id), Gen.Dictionary(Gen.String[1, 8], Gen.String[0, 30])[0, 6]).Sample((id, properties) =>
        {
            var fields = Fields([.. properties.Select(p => (p.Key, (object?)p.Value))]);
            using var document = JsonDocument.Parse(Body(u => u.Write(Operation.Set, id, fields, -1, new(1, 0, null))).GetAwaiter().GetResult());
            var record = document.RootElement[0];
            Assert.Equal(Encodable(id), record.GetProperty("$distinct_id").GetString());
            Assert.Equal(
                properties.Select(p => (Encodable(p.Key), (string?)Encodable(p.Value))),
                record.GetProperty("$set").EnumerateObject().Select(p => (p.Name, p.Value.GetString())));
        });

    [Fact]
    public async Task No_body_is_larger_than_the_limit_and_nothing_is_lost_between_bodies()
    {
        var sizes = new[] { 600_000, 600_000, 10, 400_000, 500_000, 900_000, 1 };
        var transport = ScriptedTransport.Answering(_ => ScriptedTransport.Accepted);
        var delivered = new Delivered();
        await using var sender = delivered.Start(transport, new() { MaxConcurrency = 1 });
        using var writer = new UpdateWriter(sender, "t");
        var updates = new ObjectUpdates(writer, new(v => v));
        for (var i = 0; i < sizes.Length; i++)
        {
            updates.Write(Operation.Set, $"{i + 1}", Fields(("text", new string('x', sizes[i]))), -1, new(i, 0, null));
            await writer.SendFullBatchAsync();
        }

        await writer.CompleteAsync();
        Assert.All(transport.Requests, r => Assert.InRange(r.Body.Length, 1, Limits.MaximumBatchBytes));
        Assert.Equal(["1", "2,3,4", "5", "6,7"], transport.Requests.Select(r => string.Join(",", r.Ids)));
    }

    [Fact]
    public async Task An_update_larger_than_a_request_is_refused_and_costs_no_other()
    {
        var body = await Body(u =>
        {
            u.Write(Operation.Set, "1", Fields(("a", "b")), -1, new(1, 0, null));
            Assert.Equal(ErrorId.UpdateTooLarge, u.Write(Operation.Set, "2", Fields(("a", new string('x', 1 << 20))), -1, new(2, 0, null))?.Id);
            u.Write(Operation.Set, "3", Fields(("a", "c")), -1, new(3, 0, null));
        });
        using var document = JsonDocument.Parse(body);
        Assert.Equal(["1", "3"], document.RootElement.EnumerateArray().Select(r => r.GetProperty("$distinct_id").GetString()));
    }

    [Fact]
    public async Task A_value_that_cannot_be_sent_names_its_property_and_costs_no_other_row()
    {
        var body = await Body(u =>
        {
            u.Write(Operation.Set, "1", Fields(("a", 1)), -1, new(1, 0, null));
            var refused = u.Write(Operation.Set, "2", Fields(("ok", 1), ("ratio", double.NaN)), -1, new(2, 0, null));
            Assert.NotNull(refused);
            Assert.Equal(ErrorId.UnsupportedValue, refused.Id);
            Assert.Contains("'ratio'", refused.Message, StringComparison.Ordinal);
            u.Write(Operation.Set, "3", Fields(("a", 3)), -1, new(3, 0, null));
        });
        using var document = JsonDocument.Parse(body);
        Assert.Equal(["1", "3"], document.RootElement.EnumerateArray().Select(r => r.GetProperty("$distinct_id").GetString()));
    }

    [Theory]
    [InlineData(null, """ "$set":{"a":1,"b":"","c":null,"d":null,"e":" ","f":[""]} """)]
    [InlineData(EmptyCell.Skip, """ "$set":{"a":1,"e":" ","f":[""]} """)]
    [InlineData(EmptyCell.Null, """ "$set":{"a":1,"b":null,"c":null,"d":null,"e":" ","f":[""]} """)]
    [InlineData(EmptyCell.Empty, """ "$set":{"a":1,"b":"","c":"","d":"","e":" ","f":[""]} """)]
    [InlineData(EmptyCell.Unset, """ "$set":{"a":1,"e":" ","f":[""]}},{"$token":"a \"token\"","$distinct_id":"1","$ip":"0","$unset":["b","c","d"] """)]
    public async Task Empty_values_do_what_they_are_said_to(EmptyCell? empty, string expected)
    {
        ObjectUpdates? updates = null;
        var body = await Body(u => (updates = u).Write(Operation.Set, "1", Fields(("id", ""), ("a", 1), ("b", ""), ("c", null), ("d", DBNull.Value), ("e", " "), ("f", new[] { "" })), 0, new(1, 0, null), empty));
        Assert.Equal($$"""[{"$token":"a \"token\"","$distinct_id":"1","$ip":"0",{{expected.Trim()}}}]""", body);
        Assert.Equal(empty == EmptyCell.Skip ? ["b", "c", "d"] : [], updates!.Skipped);
    }

    [Theory]
    [InlineData(null, """ "$set":{"a":null} """)]
    [InlineData(EmptyCell.Skip, """ "$set":{} """)]
    [InlineData(EmptyCell.Unset, """ "$unset":["a"] """)]
    public async Task A_row_of_empty_values_only_is_one_record(EmptyCell? empty, string expected)
    {
        var body = await Body(u => u.Write(Operation.Set, "1", Fields(("a", null)), -1, new(1, 0, null), empty));
        Assert.Equal($$"""[{"$token":"a \"token\"","$distinct_id":"1","$ip":"0",{{expected.Trim()}}}]""", body);
    }

    [Theory]
    [InlineData(EmptyCell.Skip, true)]
    [InlineData(EmptyCell.Unset, true)]
    [InlineData(EmptyCell.Null, false)]
    public async Task Empty_values_that_are_not_written_are_not_too_many(EmptyCell empty, bool isTaken)
    {
        var fields = Fields([.. Enumerable.Range(0, Limits.MaximumProperties + 1).Select(i => ($"p{i}", i == 7 ? null : (object?)i))]);
        var body = await Body(u =>
        {
            u.Write(Operation.Set, "1", Fields(("a", 1)), -1, new(1, 0, null));
            var refused = u.Write(Operation.Set, "2", fields, -1, new(2, 0, null), empty);
            Assert.Equal(isTaken ? (ErrorId?)null : ErrorId.TooManyProperties, refused?.Id);
        });
        using var document = JsonDocument.Parse(body);
        Assert.Equal(isTaken ? ["1", "2"] : ["1"], document.RootElement.EnumerateArray().Select(r => r.GetProperty("$distinct_id").GetString()).Distinct());
    }

    [Fact]
    public async Task A_row_of_two_records_that_is_refused_leaves_neither()
    {
        var body = await Body(u =>
        {
            u.Write(Operation.Set, "1", Fields(("a", 1), ("b", null)), -1, new(1, 0, null), EmptyCell.Unset);
            Assert.NotNull(u.Write(Operation.Set, "2", Fields(("a", 1), ("\uD800", null)), -1, new(2, 0, null), EmptyCell.Unset));
            Assert.NotNull(u.Write(Operation.Set, "3", Fields(("a", double.NaN), ("b", null)), -1, new(3, 0, null), EmptyCell.Unset));
            u.Confirm = (written, removed) => (written, removed) != (1, 2);
            u.Write(Operation.Set, "4", Fields(("a", 1), ("b", null), ("c", "")), -1, new(4, 0, null), EmptyCell.Unset);
            u.Write(Operation.Set, "5", Fields(("a", 1)), -1, new(5, 0, null), EmptyCell.Unset);
        });
        using var document = JsonDocument.Parse(body);
        Assert.Equal(["1", "1", "5"], document.RootElement.EnumerateArray().Select(r => r.GetProperty("$distinct_id").GetString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_row_without_a_distinct_id_is_refused(string? id)
    {
        var body = await Body(u =>
        {
            Assert.Equal(ErrorId.MissingIdentifier, u.Write(Operation.Set, id, Fields(("a", 1)), -1, new(1, 0, null))?.Id);
            u.Write(Operation.Set, "2", Fields(), -1, new(2, 0, null));
        });
        Assert.Equal("""[{"$token":"a \"token\"","$distinct_id":"2","$ip":"0","$set":{}}]""", body);
    }

    // A lone surrogate is no text; JSON carries the replacement character for it.
    private static string Encodable(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    private static RowFields Fields(params (string Name, object? Value)[] fields)
    {
        var row = new RowFields();
        foreach (var (name, value) in fields)
            row.Add(name, value);
        return row;
    }

    private static async Task<string> Body(Action<ObjectUpdates> write, bool literal = false)
    {
        var transport = ScriptedTransport.Answering(_ => ScriptedTransport.Accepted);
        await using var sender = new Delivered().Start(transport);
        using var writer = new UpdateWriter(sender, "a \"token\"", new() { IgnoreAlias = literal });
        write(new(writer, new ValueWriter(v => v)));
        await writer.CompleteAsync();
        return Assert.Single(transport.Requests).Body;
    }
}
