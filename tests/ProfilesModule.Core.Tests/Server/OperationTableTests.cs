namespace ProfilesModule.Core.Tests.Server;

/// <summary>Each operation against each kind of current value: the table of docs/architecture.md, cell by cell.</summary>
public sealed class OperationTableTests
{
    private const string Missing = "missing";
    private const string Removed = "removed";

    // What the property p becomes. One row an operation, one column a current value, in the order of Currents.
    private static readonly string[] Currents = [Missing, "null", "1", "\"s\"", "true", "[1]", "{\"a\":1}"];

    private static readonly (string Operation, string[] Results)[] Rows =
    [
        (""" "$set":{"p":2} """, ["2", "2", "2", "2", "2", "2", "2"]),
        (""" "$set":{"p":null} """, ["null", "null", "null", "null", "null", "null", "null"]),
        (""" "$set_once":{"p":2} """, ["2", "2", "1", "\"s\"", "true", "[1]", "{\"a\":1}"]),
        (""" "$add":{"p":2} """, ["2", "2", "3", "\"s\"", "true", "[1]", "{\"a\":1}"]),
        (""" "$append":{"p":2} """, ["[2]", "[2]", "1", "\"s\"", "true", "[1,2]", "{\"a\":1}"]),
        (""" "$append":{"p":1} """, ["[1]", "[1]", "1", "\"s\"", "true", "[1,1]", "{\"a\":1}"]),
        (""" "$append":{"p":[1,2]} """, ["[[1,2]]", "[[1,2]]", "1", "\"s\"", "true", "[1,[1,2]]", "{\"a\":1}"]),
        (""" "$append":{"p":null} """, ["[null]", "[null]", "1", "\"s\"", "true", "[1,null]", "{\"a\":1}"]),
        (""" "$union":{"p":[2,1,2]} """, ["[2,1]", "[2,1]", "1", "\"s\"", "true", "[1,2]", "{\"a\":1}"]),
        (""" "$union":{"p":2} """, ["[2]", "[2]", "1", "\"s\"", "true", "[1,2]", "{\"a\":1}"]),
        (""" "$union":{"p":1} """, ["[1]", "[1]", "1", "\"s\"", "true", "[1]", "{\"a\":1}"]),
        (""" "$union":{"p":[]} """, ["[]", "[]", "1", "\"s\"", "true", "[1]", "{\"a\":1}"]),
        (""" "$remove":{"p":1} """, [Missing, "null", "1", "\"s\"", "true", "[]", "{\"a\":1}"]),
        (""" "$remove":{"p":2} """, [Missing, "null", "1", "\"s\"", "true", "[1]", "{\"a\":1}"]),
        (""" "$unset":["p"] """, [Missing, Missing, Missing, Missing, Missing, Missing, Missing]),
        (""" "$delete":"" """, [Removed, Removed, Removed, Removed, Removed, Removed, Removed]),
    ];

    public static TheoryData<StoreKind, string, string, string> Cells
    {
        get
        {
            var cells = new TheoryData<StoreKind, string, string, string>();
            foreach (StoreKind kind in Enum.GetValues<StoreKind>())
            {
                foreach ((string operation, string[] results) in Rows)
                {
                    for (int i = 0; i < Currents.Length; i++)
                        cells.Add(kind, operation, Currents[i], results[i]);
                }
            }
            return cells;
        }
    }

    public static TheoryData<StoreKind, string, string?> WithoutProfile
    {
        get
        {
            var cells = new TheoryData<StoreKind, string, string?>();
            foreach (StoreKind kind in Enum.GetValues<StoreKind>())
            {
                cells.Add(kind, """ "$set":{"p":2} """, """{"p":2}""");
                cells.Add(kind, """ "$set":{} """, "{}");
                cells.Add(kind, """ "$set_once":{"p":2} """, """{"p":2}""");
                cells.Add(kind, """ "$add":{"p":-2.5} """, """{"p":-2.5}""");
                cells.Add(kind, """ "$append":{"p":2} """, """{"p":[2]}""");
                cells.Add(kind, """ "$union":{"p":[2,2,3]} """, """{"p":[2,3]}""");
                cells.Add(kind, """ "$remove":{"p":2} """, null);
                cells.Add(kind, """ "$unset":["p"] """, null);
                cells.Add(kind, """ "$delete":null """, null);
            }
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task An_operation_meets_a_current_value(StoreKind kind, string operation, string current, string expected)
    {
        using var running = new RunningServer(kind);
        string Profile(string value) => value == Missing ? """{"o":1}""" : $$"""{"o":1,"p":{{value}}}""";
        await running.Apply("a", $$""" "$set":{{Profile(current)}},"$ignore_time":true """);

        Assert.Equal(200, (await running.Apply("a", operation + ""","$ignore_time":true""")).Status);

        Assert.Equal(expected == Removed ? null : Profile(expected), await running.Properties("a"));
        Assert.Equal(2, running.Server.UpdateCount);
    }

    [Theory]
    [MemberData(nameof(WithoutProfile))]
    public async Task An_operation_meets_no_profile(StoreKind kind, string operation, string? expected)
    {
        using var running = new RunningServer(kind);

        Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), await running.Apply("a", operation + ""","$ignore_time":true"""));

        Assert.Equal(expected, await running.Properties("a"));
        Assert.Equal(expected is null ? 0 : 1, running.Server.ProfileCount);
    }

    [Theory]
    [InlineData("""{"o":1}""", """ "$set":{} """, """{"o":1}""")]
    [InlineData("""{"o":1}""", """ "$set_once":{"p":2,"o":3} """, """{"o":1,"p":2}""")]
    [InlineData("""{"o":1}""", """ "$add":{"p":2,"o":3} """, """{"o":4,"p":2}""")]
    [InlineData("""{"o":1,"l":[1]}""", """ "$append":{"p":2,"o":3,"l":4} """, """{"o":1,"l":[1,4],"p":[2]}""")]
    [InlineData("""{"o":1,"l":[1]}""", """ "$union":{"p":2,"o":3,"l":4} """, """{"o":1,"l":[1,4],"p":[2]}""")]
    [InlineData("""{"o":1,"l":[1,2,1],"m":[1]}""", """ "$remove":{"p":2,"o":1,"l":1,"m":2} """, """{"o":1,"l":[2],"m":[1]}""")]
    [InlineData("""{"o":1}""", """ "$unset":["p","o","o"] """, "{}")]
    [InlineData("""{"o":1}""", """ "$unset":[] """, """{"o":1}""")]
    [InlineData("""{"o":1,"O":2}""", """ "$unset":["O"] """, """{"o":1}""")]
    public async Task Each_property_of_an_operation_is_decided_by_itself(string current, string operation, string expected)
    {
        using var running = new RunningServer();
        await running.Apply("a", $$""" "$set":{{current}},"$ignore_time":true """);

        await running.Apply("a", operation + ""","$ignore_time":true""");

        Assert.Equal(expected, await running.Properties("a"));
    }

    [Theory]
    [InlineData("1", "2", "3")]
    [InlineData("1", "-2", "-1")]
    [InlineData("9007199254740993", "2", "9007199254740995")]
    [InlineData("9223372036854775807", "1", "9223372036854775808")]
    [InlineData("-99999999999999999999999999999999999999", "-1", "-100000000000000000000000000000000000000")]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("1.50", "0.5", "2")]
    [InlineData("-0.05", "0.04", "-0.01")]
    [InlineData("123456789012345.123456789012345", "0.000000000000005", "123456789012345.12345678901235")]
    [InlineData("1e2", "1", "101")]
    [InlineData("1e300", "1e300", "2E+300")]
    [InlineData("1e308", "1e308", "1e308")]
    [InlineData("0", "0", "0")]
    public async Task Sums_are_exact_where_no_exponent_is_written(string current, string number, string expected)
    {
        using var running = new RunningServer();
        await running.Apply("a", $$""" "$set":{"p":{{current}}},"$ignore_time":true """);

        await running.Apply("a", $$""" "$add":{"p":{{number}}},"$ignore_time":true """);

        Assert.Equal($$"""{"p":{{expected}}}""", await running.Properties("a"));
    }

    [Theory]
    [InlineData("[1]", "1.0", true)]
    [InlineData("[10]", "1e1", true)]
    [InlineData("[9007199254740993]", "9007199254740992", false)]
    [InlineData("[1]", "\"1\"", false)]
    [InlineData("[1]", "true", false)]
    [InlineData("[\"a\"]", "\"A\"", false)]
    [InlineData("[\"\\u0061\"]", "\"a\"", true)]
    [InlineData("[null]", "null", true)]
    [InlineData("[false]", "true", false)]
    [InlineData("[{\"x\":1,\"y\":[2]}]", "{\"y\":[2.0],\"x\":1}", true)]
    [InlineData("[{\"x\":1}]", "{\"x\":1,\"y\":2}", false)]
    [InlineData("[{\"x\":1}]", "{\"y\":1}", false)]
    public async Task Elements_are_the_same_when_type_and_value_are(string list, string element, bool same)
    {
        using var running = new RunningServer();
        await running.Apply("a", $$""" "$set":{"u":{{list}},"r":{{list}}},"$ignore_time":true """);

        await running.Apply("a", $$""" "$union":{"u":[{{element}}]},"$remove":{"r":{{element}}},"$ignore_time":true """);

        string[] counts = [.. System.Text.Json.JsonDocument.Parse((await running.Properties("a"))!).RootElement.EnumerateObject().Select(list => $"{list.Value.GetArrayLength()}")];
        Assert.Equal(same ? ["1", "0"] : ["2", "1"], counts);
    }
}
