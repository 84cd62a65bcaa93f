using System.Text.Json;
using ProfilesModule.Server;

namespace ProfilesModule.Core.Tests.Server;

public sealed class WhereTests : IDisposable
{
    // n: number, s: string, t and f: booleans, z: null, l: list, o: object, d: date; u is no property.
    private const string Profile = """
        {"n":5,"neg":-7.5,"big":9007199254740992,"s":"abc","e":"","t":true,"f":false,"z":null,"l":[1,"a",[2]],"o":{"k":[1]},
        "d":"2024-02-29T10:00:00","num":"1.5","tx":"true","fx":"false","we\"ird]":1,"é\n":2,"same":{"k":[1.0]}}
        """;

    private readonly RunningServer _running = new();

    public void Dispose() => _running.Dispose();

    [Theory]
    // Properties and literals
    [InlineData("properties[\"n\"] == 5", true)]
    [InlineData("user[\"n\"] == 5.0", true)]
    [InlineData("properties['s'] == 'abc'", true)]
    [InlineData("properties [ \"n\" ]==5", true)]
    [InlineData("event[\"n\"] == 5", false)]
    [InlineData("not defined(event[\"n\"])", true)]
    [InlineData("properties[\"N\"] == 5", false)]
    [InlineData("properties[\"we\\\"ird]\"] == 1", true)]
    [InlineData("properties[\"\\u00e9\\n\"] == 2", true)]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\r\\t\\'\" == '\"\\\\/\\b\\f\\r\\t\\''", true)]
    [InlineData("5e0 == 50E-1", true)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("properties[\"t\"]", true)]
    [InlineData("properties[\"n\"]", false)]
    [InlineData("properties[\"u\"]", false)]
    [InlineData("properties[\"$last_seen\"] == \"2026-03-04T05:06:07\"", true)]
    [InlineData("properties[\"$last_seen\"] >= \"2020-01-01T00:00:00\"", true)]
    [InlineData("properties[\"$distinct_id\"] == \"a\"", true)]
    [InlineData("user[\"$distinct_id\"] in [\"b\", \"a\"]", true)]
    // Equality
    [InlineData("properties[\"s\"] == 5", false)]
    [InlineData("properties[\"s\"] != 5", true)]
    [InlineData("properties[\"num\"] == 1.5", false)]
    [InlineData("properties[\"t\"] == true", true)]
    [InlineData("properties[\"t\"] == 1", false)]
    [InlineData("properties[\"u\"] == properties[\"v\"]", true)]
    [InlineData("properties[\"u\"] == properties[\"z\"]", false)]
    [InlineData("properties[\"z\"] == properties[\"z\"]", true)]
    [InlineData("properties[\"u\"] != 1", true)]
    [InlineData("properties[\"o\"] == properties[\"same\"]", true)]
    [InlineData("properties[\"l\"] == properties[\"o\"]", false)]
    [InlineData("properties[\"big\"] == 9007199254740993", true)]
    // Arithmetic
    [InlineData("properties[\"n\"] + 2 * 3 == 11", true)]
    [InlineData("(properties[\"n\"] + 2) * 3 == 21", true)]
    [InlineData("10 - 4 - 3 == 3", true)]
    [InlineData("100 / 10 / 5 == 2", true)]
    [InlineData("-7 % 3 == -1", true)]
    [InlineData("7 % -3 == 1", true)]
    [InlineData("7.5 % 2 == 1.5", true)]
    [InlineData("--5 == 5", true)]
    [InlineData("2 - -2 == 4", true)]
    [InlineData("-properties[\"neg\"] == 7.5", true)]
    [InlineData("defined(1 / 0)", false)]
    [InlineData("defined(1 % 0)", false)]
    [InlineData("defined(1e308 * 10)", false)]
    [InlineData("\"ab\" + \"c\" == properties[\"s\"]", true)]
    [InlineData("defined(\"1\" + 1)", false)]
    [InlineData("defined(\"a\" - \"a\")", false)]
    [InlineData("defined(-\"1\")", false)]
    [InlineData("defined(properties[\"u\"] + 1)", false)]
    [InlineData("defined(true + 1)", false)]
    // Comparison
    [InlineData("properties[\"n\"] > 4.9 and properties[\"n\"] >= 5 and properties[\"n\"] < 6 and properties[\"n\"] <= 5", true)]
    [InlineData("\"B\" < \"a\"", true)]
    [InlineData("\"a\" <= \"a\" and \"b\" > \"a\" and \"b\" >= \"aa\"", true)]
    [InlineData("defined(\"1\" < 2)", false)]
    [InlineData("defined(true > false)", false)]
    [InlineData("defined(properties[\"z\"] < 1)", false)]
    [InlineData("defined(properties[\"u\"] <= properties[\"u\"])", false)]
    [InlineData("(1 < 2) == true", true)]
    [InlineData("1 < 2 == true", true)]
    // in
    [InlineData("\"b\" in properties[\"s\"]", true)]
    [InlineData("\"\" in properties[\"s\"]", true)]
    [InlineData("\"B\" in properties[\"s\"]", false)]
    [InlineData("properties[\"n\"] in [1, 2 + 3]", true)]
    [InlineData("properties[\"n\"] in [\"5\"]", false)]
    [InlineData("properties[\"n\"] in []", false)]
    [InlineData("properties[\"u\"] in [1]", false)]
    [InlineData("not properties[\"n\"] in [1]", true)]
    [InlineData("\"a\" in properties[\"l\"]", true)]
    [InlineData("2 in properties[\"l\"]", false)]
    [InlineData("defined(1 in \"1\")", false)]
    [InlineData("defined(\"a\" in properties[\"u\"])", false)]
    [InlineData("\"a\" in [\"a\"] == true", true)]
    // Logic
    [InlineData("true or false and false", true)]
    [InlineData("(true or false) and false", false)]
    [InlineData("not true or true", true)]
    [InlineData("not (true or true)", false)]
    [InlineData("not properties[\"n\"] == 6", true)]
    [InlineData("not not true", true)]
    [InlineData("true == not false", true)]
    [InlineData("properties[\"u\"] or true", true)]
    [InlineData("properties[\"u\"] and true", false)]
    [InlineData("not properties[\"u\"]", true)]
    [InlineData("defined(not 1)", false)]
    [InlineData("defined(not properties[\"z\"])", false)]
    [InlineData("false and 1", false)]
    [InlineData("true or 1", true)]
    // Functions and casts
    [InlineData("floor(-7.5) == -8 and ceil(-7.5) == -7 and round(-7.5) == -8 and round(2.5) == 3 and round(2.4) == 2", true)]
    [InlineData("defined(floor(\"1\"))", false)]
    [InlineData("defined(ceil(properties[\"u\"]))", false)]
    [InlineData("defined(round(true))", false)]
    [InlineData("number(properties[\"num\"]) == 1.5 and number(\"-2e1\") == -20 and number(true) == 1 and number(false) == 0", true)]
    [InlineData("defined(number(\"abc\")) or defined(number(properties[\"z\"])) or defined(number(\"\")) or defined(number(\"NaN\")) or defined(number(properties[\"l\"]))", false)]
    [InlineData("string(5) == \"5\" and string(-0.5) == \"-0.5\" and string(true) == \"true\" and string(\"x\") == \"x\"", true)]
    [InlineData("string(properties[\"big\"] * 10) == \"90071992547409920\"", true)]
    [InlineData("string(0 * -1) == \"0\"", true)]
    [InlineData("string(properties[\"z\"]) == properties[\"z\"]", true)]
    [InlineData("string(properties[\"u\"]) == properties[\"u\"]", true)]
    [InlineData("boolean(properties[\"tx\"]) and boolean(1) and boolean(\"x\") and boolean(properties[\"l\"]) and boolean(properties[\"o\"])", true)]
    [InlineData("boolean(properties[\"fx\"]) or boolean(0) or boolean(\"\") or boolean(properties[\"z\"]) or boolean(properties[\"u\"]) or boolean(false)", false)]
    [InlineData("defined(properties[\"e\"]) and defined(properties[\"f\"]) and defined(properties[\"l\"])", true)]
    [InlineData("defined(properties[\"u\"]) or defined(properties[\"z\"])", false)]
    [InlineData("properties[\"d\"] > datetime(\"2024-02-29\") and properties[\"d\"] < datetime(\"2024-03-01T00:00:00\")", true)]
    [InlineData("properties[\"d\"] == datetime(\"2024-02-29T12:00:00+02:00\") and properties[\"d\"] == datetime(\"2024-02-29T10:00:00.500Z\")", true)]
    [InlineData("datetime(properties[\"d\"]) == properties[\"d\"]", true)]
    [InlineData("defined(datetime(\"2024-02-30\")) or defined(datetime(5)) or defined(datetime(properties[\"u\"]))", false)]
    public async Task An_expression_chooses(string expression, bool matches)
    {
        await _running.Apply("a", $""" "$set":{Profile} """);

        Answer answer = await _running.Query(("where", expression));

        Assert.True(answer.Status == 200, answer.ToString());
        Assert.Equal(matches ? ["a"] : [], answer.Ids);
        Assert.Equal(matches ? 1 : 0, answer.Json.GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("properties[\"p\"] == ", "at position 19: expected a property, a value or (, found the end")]
    [InlineData("== 1", "at position 0: expected a property, a value or (, found ==")]
    [InlineData("1 1", "at position 2: expected an operator or the end, found 1")]
    [InlineData("properties[p] == 1", "at position 11: expected the name of a property in quotes, found p")]
    [InlineData("properties[\"p\" == 1", "at position 15: expected ], found ==")]
    [InlineData("properties.p == 1", "at position 0: expected a property, such as properties[\"plan\"], or a value, found properties.p")]
    [InlineData("properties == 1", "at position 11: expected [, found ==")]
    [InlineData("plan == 1", "at position 0: expected a property, such as properties[\"plan\"], or a value, found plan")]
    [InlineData("true AND false", "at position 5: expected an operator or the end, found AND")]
    [InlineData("(true", "at position 5: expected ), found the end")]
    [InlineData("true)", "at position 4: expected an operator or the end, found )")]
    [InlineData("floor 1", "at position 6: expected (, found 1")]
    [InlineData("1 in [1 2]", "at position 8: expected a comma or ], found 2")]
    [InlineData("1 in [1,]", "at position 8: expected a property, a value or (, found ]")]
    [InlineData("[1] == 1", "at position 0: expected a property, a value or (, found [")]
    [InlineData("1 = 1", "at position 2: expected ==, found a single =")]
    [InlineData("!true", "at position 0: expected != or not, found a single !")]
    [InlineData("true && true", "at position 5: expected and, found &")]
    [InlineData("true || true", "at position 5: expected or, found |")]
    [InlineData("1 ; 2", "at position 2: expected a property, an operator or a value, found ;")]
    [InlineData("\"abc", "at position 0: expected a closing \", found the end")]
    [InlineData("1 == \"a\\x\"", "at position 7: expected an escape of JSON after the backslash")]
    [InlineData("1 == \"\\u12g4\"", "at position 6: expected an escape of JSON after the backslash")]
    [InlineData("12ab == 1", "at position 2: expected the rest of a number, found a")]
    [InlineData("   ", "at position 3: expected a property, a value or (, found the end")]
    [InlineData("true and 1", "at position 5: expected true or false on both sides of and, found a value of type number")]
    [InlineData("false or \"x\"", "at position 6: expected true or false on both sides of or, found a value of type string")]
    [InlineData("true and true and properties[\"z\"]", "at position 14: expected true or false on both sides of and, found a value of type null")]
    public async Task An_expression_that_cannot_be_answered_is_refused_with_the_position(string expression, string error)
    {
        await _running.Apply("a", $""" "$set":{Profile} """);

        Answer answer = await _running.Query(("where", expression));

        Assert.Equal(400, answer.Status);
        Assert.Equal(["request", "error"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("/api/query/engage", answer.Json.GetProperty("request").GetString());
        Assert.Equal($"where, {error}", answer.Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("(", "true", ")")]
    [InlineData("not ", "true", "")]
    [InlineData("-", "1", "")]
    [InlineData("boolean(", "true", ")")]
    [InlineData("1 in [", "1", "]")]
    public async Task Nesting_is_bounded(string open, string core, string close)
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat(open, depth)) + core + string.Concat(Enumerable.Repeat(close, depth));

        Assert.Equal(200, (await _running.Query(("where", Nested(100)))).Status);
        foreach (int depth in new[] { 101, 100_000 })
        {
            Answer answer = await _running.Query(("where", Nested(depth)));
            Assert.Equal(400, answer.Status);
            Assert.Contains("expected no more than 100 levels of nesting", answer.Json.GetProperty("error").GetString());
        }
    }

    [Theory]
    [InlineData(" or properties[\"n\"] == 6", false)]
    [InlineData(" or properties[\"n\"] == 5", true)]
    [InlineData(" == false", false)]
    public async Task Length_is_not(string link, bool matches)
    {
        await _running.Apply("a", $""" "$set":{Profile} """);

        Answer answer = await _running.Query(("where", "false" + string.Concat(Enumerable.Repeat(link, 20_000))));

        Assert.Equal(matches ? ["a"] : [], answer.Ids);
    }

    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Matches_are_paged_counted_and_looked_up(StoreKind kind)
    {
        using var running = new RunningServer(kind, new EngageServerOptions { PageSize = 10 });
        await running.Engage($"[{string.Join(',', Enumerable.Range(0, 100).Select(i => $$"""{"$token":"t","$distinct_id":"{{i}}","$set":{"n":{{i}} } }"""))}]");
        string[] even = [.. Enumerable.Range(0, 50).Select(i => $"{2 * i}")];
        const string where = "properties[\"n\"] % 2 == 0 and properties[\"n\"] < 45";

        Answer first = await running.Query(("where", where), ("output_properties", """["n"]"""));
        string session = first.Json.GetProperty("session_id").GetString()!;
        await running.Apply("44", """ "$delete":"" """);
        Answer last = await running.Query(("where", where), ("session_id", session), ("page", "2"));

        Assert.Equal(even[..10], first.Ids);
        Assert.Equal(23, first.Json.GetProperty("total").GetInt64());
        Assert.Equal(["40", "42", "44"], last.Ids);
        Assert.Equal(["4", "2"], (await running.Query(("where", where), ("distinct_ids", """["4","3","2","90"]"""))).Ids);
        Assert.Empty((await running.Query(("where", where), ("distinct_id", "3"))).Ids);
        Assert.Equal(22, (await running.Query(("where", where))).Json.GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task Groups_are_chosen_like_users()
    {
        foreach (string id in new[] { "a", "b" })
        {
            string record = $$"""{"$token":"t","$group_key":"k","$group_id":"{{id}}","$set":{"n":"{{id}}"} }""";
            await _running.Client.PostAsync("groups", RunningServer.Json(record));
            await _running.Apply(id, """ "$set":{"n":"b"} """);
        }

        Assert.Equal(["b"], (await _running.Query(("data_group_id", _running.Server.FindDataGroupId("k")!), ("where", "properties[\"n\"] == \"b\""))).Ids);
        Assert.Equal(["a"], (await _running.Query(("data_group_id", _running.Server.FindDataGroupId("k")!), ("where", "properties[\"$distinct_id\"] == \"a\""))).Ids);
    }

    [Fact]
    public async Task An_expression_comes_in_a_JSON_body_and_in_the_query_too()
    {
        await _running.Apply("a", $""" "$set":{Profile} """);
        await _running.Apply("b", """ "$set":{} """);
        const string where = "properties[\"s\"] + \"&\" == \"abc&\"";

        Answer body = await Answer.Of(await _running.Client.PostAsync("api/query/engage", RunningServer.Json($$"""{"where":{{JsonSerializer.Serialize(where)}}}""")));
        Answer query = await Answer.Of(await _running.Client.GetAsync($"api/query/engage?where={Uri.EscapeDataString(where)}"));

        Assert.Equal(["a"], body.Ids);
        Assert.Equal(["a"], query.Ids);
    }
}
