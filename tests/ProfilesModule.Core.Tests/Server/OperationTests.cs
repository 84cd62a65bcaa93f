namespace ProfilesModule.Core.Tests.Server;

public sealed class OperationTests
{
    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Records_of_one_profile_in_one_request_apply_in_order(StoreKind kind)
    {
        using var running = new RunningServer(kind);
        string Record(string operation) => $$"""{"$token":"t","$distinct_id":"a",{{operation}},"$ignore_time":true}""";

        await running.Engage($"[{Record(""" "$set":{"old":1} """)},{Record(""" "$delete":"" """)},{Record(""" "$set":{"a":1,"b":1} """)},"
            + $"{Record(""" "$set":{"a":2} """)},{Record(""" "$set_once":{"a":3,"c":4} """)},{Record(""" "$unset":["b"] """)}]");

        Assert.Equal("""{"a":2,"c":4}""", await running.Properties("a"));
        Assert.Equal(6, running.Server.UpdateCount);
        Assert.Equal(1, running.Server.ProfileCount);
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Distinct_ids_are_told_apart_by_every_character(StoreKind kind)
    {
        using var running = new RunningServer(kind);
        string[] ids = ["a", "A", "a ", " a", "å", "a\u030a", "1", "01", "a\0b", "a\0c", "😀", "a\"b'c\\d%_"];
        foreach (string id in ids)
            await running.Apply(id, """ "$set":{} """);

        Answer all = await running.Query();

        Assert.Equal(ids, all.Ids);
        foreach (string id in ids)
            Assert.NotNull(await running.Properties(id));
    }

    [Fact]
    public async Task A_distinct_id_that_is_a_number_keeps_its_text()
    {
        using var running = new RunningServer();

        await running.Engage("""[{"$token":"t","$distinct_id":9007199254740993123,"$set":{}},{"$token":"t","$distinct_id":1.50,"$set":{}}]""");

        Assert.Equal(["9007199254740993123", "1.50"], (await running.Query()).Ids);
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Numbers_keep_their_digits_through_later_updates(StoreKind kind)
    {
        const string numbers = "\"a\":9223372036854775807123,\"b\":12.30,\"c\":1e3,\"d\":-0,\"e\":0.1000000000000000055511151231257827,\"f\":1E+999";
        using var running = new RunningServer(kind);

        await running.Apply("a", $$""" "$set":{ {{numbers}} },"$ignore_time":true """);
        await running.Apply("a", """ "$set":{"g":[1.0,{"h":1.10}]},"$ignore_time":true """);
        await running.Apply("a", """ "$unset":["none"] """);

        Assert.Equal($$"""{{{numbers}},"g":[1.0,{"h":1.10}]}""", await running.Properties("a"));
    }

    [Fact]
    public async Task Of_a_name_that_occurs_twice_the_last_value_wins_at_every_level()
    {
        using var running = new RunningServer();

        await running.Engage(
            """[{"$token":"x","$token":"t","$distinct_id":"b","$distinct_id":"a","$set":{"lost":1},"$set":{"p":1,"p":{"q":1,"q":2},"\u0070":{"q":3,"q":[{"r":1,"r":2}]}},"$ignore_time":true}]""");
        await running.Apply("a", """ "$set":{"s":1},"$ignore_time":true """);

        Assert.Equal("""{"p":{"q":[{"r":2}]},"s":1}""", await running.Properties("a"));
        Assert.Equal(1, running.Server.ProfileCount);
    }

    [Fact]
    public async Task Names_and_strings_are_cut_at_255_characters_and_never_within_one()
    {
        using var running = new RunningServer();
        string fits = new('x', 255);
        string surrogates = new string('x', 254) + "😀";

        await running.Apply("a", $$""" "$set":{"{{fits}}yz":["{{fits}}y",{"{{fits}}k":"{{fits}}"}],"s":"{{surrogates}}","short":"é"},"$ignore_time":true """);
        Assert.Equal(
            $$"""{"{{fits}}":["{{fits}}",{"{{fits}}":"{{fits}}"}],"s":"{{surrogates[..254]}}","short":"é"}""",
            await running.Properties("a"));

        await running.Apply("a", $$""" "$unset":["{{fits}}other","s"] """);
        Assert.Equal("""{"short":"é"}""", await running.Properties("a"));
    }

    [Theory]
    [InlineData("$set")]
    [InlineData("$set_once")]
    public async Task Names_that_belong_beside_an_operation_are_dropped_inside_it(string operation)
    {
        using var running = new RunningServer();

        await running.Apply("a", $$""" "{{operation}}":{"$ip":"1.2.3.4","$token":"t","$time":1,"$device_id":"d","$user_id":"u","$distinct_id":"b","$ignore_time":true,"$ignore_alias":true,"$email":"e","p":{"$ip":1} },"$ignore_time":true """);

        Assert.Equal("""{"$email":"e","p":{"$ip":1}}""", await running.Properties("a"));
    }

    [Fact]
    public async Task Fields_of_client_libraries_beside_an_operation_are_accepted()
    {
        using var running = new RunningServer();

        Answer answer = await running.Apply(
            "a", """ "$set":{"p":1},"$ip":"0","$latitude":1,"$longitude":2,"$time":1,"$ignore_alias":true,"$device_id":"d","$user_id":"u","$had_persisted_distinct_id":false,"plain":1,"$ignore_time":"true" """);

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"p":1}""", await running.Properties("a"));
    }
}
