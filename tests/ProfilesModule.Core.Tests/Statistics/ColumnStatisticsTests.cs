using System.Text;
using CsCheck;
using ProfilesModule.Csv;
using ProfilesModule.Delivery;
using ProfilesModule.Import;
using ProfilesModule.Model;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Sources.Json;
using ProfilesModule.Statistics;

namespace ProfilesModule.Core.Tests.Statistics;

/// <summary>What an import in test mode tells of its columns.</summary>
public sealed class ColumnStatisticsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("statistics").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_column_of_a_CSV_file_is_told_with_its_property_its_values_and_its_empty_cells()
    {
        var statistics = await Csv("id,Plan,Empty\n1,pro,\n2,basic,\n3,pro,\n4,,\n");
        Assert.Equal([(null, "id"), ("Plan", "Plan"), ("Empty", "Empty")], statistics.Columns().Select(column => (column.Property, column.Column)));
        var plan = statistics.Columns()[1];
        Assert.Equal((4, 3, 0.25, 2, false), (plan.Rows, plan.WithValue, plan.EmptyShare, plan.Distinct, plan.HasMoreDistinct));
        Assert.Equal([new("pro", 2), new("basic", 1)], plan.Frequent);
        Assert.Equal([new(ValueKind.Text, 3)], plan.Kinds);
        Assert.Equal((0, 1.0, 0), (statistics.Columns()[2].WithValue, statistics.Columns()[2].EmptyShare, statistics.Columns()[2].Distinct));
    }

    [Fact]
    public async Task A_JSON_file_is_told_by_the_properties_that_its_objects_have()
    {
        var statistics = await Json(
            """
            {"distinct_id": "a", "n": 1, "list": ["x", 2], "none": null, "text": ""}
            {"distinct_id": "b", "n": "1", "list": {"x": [1]}, "dát\u0065": "2026-01-31"}
            {"distinct_id": "c", "n": true, "n2": -2.50e3, "dáte": "2026-01-31T12:00:00+02:00"}
            """);
        Assert.Equal([null, "n", "list", "none", "text", "dáte", "n2"], statistics.Columns().Select(column => column.Property));
        Assert.All(statistics.Columns(), column => Assert.Null(column.Column));
        Assert.Equal("Text 3", Kinds(statistics, null));
        Assert.Equal("Text 1, Number 1, Boolean 1", Kinds(statistics, "n"));
        Assert.Equal(3, Of(statistics, "n").Distinct);
        Assert.Equal("List 1, Object 1", Kinds(statistics, "list"));
        Assert.Equal("Date 2", Kinds(statistics, "dáte"));
        Assert.Equal("", Kinds(statistics, "none") + Kinds(statistics, "text"));
        Assert.Equal(("-2.50e3", "-2.50e3"), (Of(statistics, "n2").Numbers!.Minimum, Of(statistics, "n2").Numbers!.Maximum));
        Assert.Equal("2026-01-31T12:00:00+02:00", Of(statistics, "dáte").Dates!.Maximum);
    }

    [Fact]
    public async Task Rows_that_are_refused_do_not_count()
    {
        var statistics = await Csv("id,Age\n1,20\n2,many\n,30\n", new() { Types = Types("Age", PropertyType.Number) });
        Assert.Equal(1, statistics.Rows);
        Assert.Equal([new("20", 1)], Of(statistics, "Age").Frequent);
    }

    [Fact]
    public async Task Members_of_an_object_that_are_columns_are_told_one_by_one()
    {
        var statistics = await Csv("id,address.city,address.zip\n1,Bern,3000\n2,Bern,\n", new() { ExpandsNames = true });
        Assert.Equal(["address.city", "address.zip"], statistics.Columns().Skip(1).Select(column => column.Property));
        Assert.Equal([new("Bern", 2)], Of(statistics, "address.city").Frequent);
        Assert.Equal(1, Of(statistics, "address.zip").WithValue);
    }

    [Fact]
    public async Task A_row_of_several_records_counts_once()
    {
        var types = new ColumnOptions { Types = Types("tags", PropertyType.List) };
        var appended = await Csv("id,tags\n1,a;b;a\n2,b\n3,\n", types, Operation.Append);
        Assert.Equal((2, 2, 2), (appended.Columns()[0].WithValue, Of(appended, "tags").WithValue, appended.Rows));
        Assert.Equal([new("a", 2), new("b", 2)], Of(appended, "tags").Frequent);
        var removed = await Csv("id,a,b\n1,x,\n2,,\n", new() { EmptyCell = EmptyCell.Unset });
        Assert.Equal((2, 1, 0), (removed.Rows, Of(removed, "a").WithValue, Of(removed, "b").WithValue));
    }

    [Fact]
    public async Task Masked_values_keep_only_their_shape()
    {
        var statistics = await Csv("id,mail,seen\nu1,ann@example.com,2026-01-31\nu2,bob@example.com,2026-03-05\n", masks: true);
        Assert.Equal(["xxx@xxxxxxx.xxx", "xxx@xxxxxxx.xxx"], Of(statistics, "mail").Frequent.Select(value => value.Text));
        Assert.Equal(2, Of(statistics, "mail").Distinct);
        var dates = Of(statistics, "seen").Dates!;
        Assert.All(dates.Bins.SelectMany(bin => new[] { bin.From, bin.To }).Append(dates.Minimum).Append(dates.Maximum), text => Assert.Equal("9999-99-99", text));
    }

    [Fact]
    public async Task Dates_are_spread_over_days()
    {
        var dates = Of(await Csv("id,d\n1,2026-01-30\n2,2026-02-01T00:00:00Z\n3,2026-01-30T23:00:00-01:00\n", new() { Types = Types("d", PropertyType.Date) }), "d").Dates!;
        Assert.Equal([new("2026-01-30", "2026-01-31", 1), new("2026-01-31", "2026-02-01", 1), new("2026-02-01", "2026-02-02", 1)], dates.Bins);
    }

    [Fact]
    public void Values_are_counted_as_a_list_of_all_of_them_would_be() => Gen.Int[0, 30].Array[0, 300].Sample(values =>
    {
        var statistics = new ColumnStatistics();
        foreach (var value in values)
            statistics.Add(Record($$"""{"p":{{value}}}"""));
        var expected = values.GroupBy(value => $"{value}").Select(group => new FrequentValue(group.Key, group.Count())).ToArray();
        Assert.Equal(values.Length, statistics.Rows);
        if (values.Length == 0)
            return;
        var column = Of(statistics, "p");
        Assert.Equal((expected.Length, false), (column.Distinct, column.HasMoreDistinct));
        Assert.Equal(expected.Select(value => value.Count).OrderDescending().Take(10), column.Frequent.Select(value => value.Count));
        Assert.All(column.Frequent.Where(value => value.Count > 1), value => Assert.Contains(value, expected));
    });

    [Fact]
    public void Very_many_values_and_properties_are_told_apart_up_to_a_bound()
    {
        var statistics = new ColumnStatistics();
        for (var i = 0; i < 25_000; i++)
            statistics.Add(Record($$"""{"p":"{{i % 12_500}}","own{{i}}":1,"often":"{{i % 2}}"}"""));
        var column = Of(statistics, "p");
        Assert.Equal((ColumnStatistics.MaximumDistinct, true, 25_000), (column.Distinct, column.HasMoreDistinct, column.WithValue));
        Assert.All(column.Frequent, value => Assert.Equal(2, value.Count));
        Assert.Equal([new("0", 12_500), new("1", 12_500)], Of(statistics, "often").Frequent);
        Assert.Equal((2000, true), (statistics.Columns().Count, statistics.HasMoreColumns));
    }

    [Fact]
    public void Memory_does_not_grow_with_the_rows()
    {
        var statistics = new ColumnStatistics();
        var number = 0L;
        Add(200_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Add(200_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal(400_000, Of(statistics, "n").Numbers!.Bins.Sum(bin => bin.Count));

        void Add(int rows)
        {
            var record = """{"$distinct_id":"00000000","$set":{"sorted":100000000,"n":100000000}}"""u8.ToArray();
            var (id, sorted, n) = (record.AsSpan().IndexOf("0000"u8), record.AsSpan().IndexOf("1000"u8) + 1, record.AsSpan().LastIndexOf("1000"u8) + 1);
            for (var i = 0; i < rows; i++)
            {
                number++;
                number.TryFormat(record.AsSpan(id, 8), out _, "D8");
                number.TryFormat(record.AsSpan(sorted, 8), out _, "D8");
                (number * 7919 % 1_000_003).TryFormat(record.AsSpan(n, 8), out _, "D8");
                statistics.Add(record);
            }
        }
    }

    private static byte[] Record(string properties) => Encoding.UTF8.GetBytes($$"""{"$token":"t","$distinct_id":"a","$set":{{properties}}}""");

    private static ColumnSummary Of(ColumnStatistics statistics, string? property) => statistics.Columns().Single(column => column.Property == property);

    private static string Kinds(ColumnStatistics statistics, string? property) =>
        string.Join(", ", Of(statistics, property).Kinds.Select(kind => $"{kind.Kind} {kind.Count}"));

    private static Dictionary<string, ColumnType> Types(string column, PropertyType type) => new() { [column] = new(type) };

    private Task<ColumnStatistics> Csv(string content, ColumnOptions? columns = null, Operation operation = Operation.Set, bool masks = false) =>
        TestAsync(new CsvSource(new CsvFormat(), new() { IdentifierColumn = "id", Columns = columns ?? new() }), "rows.csv", content, operation, masks);

    private Task<ColumnStatistics> Json(string content) => TestAsync(
        new JsonSource(new(new RowOptions()) { IdentifierNames = ProfileFields.DistinctIdNames }), "rows.jsonl", content, Operation.Set, masks: false);

    private async Task<ColumnStatistics> TestAsync(RowSource source, string name, string content, Operation operation, bool masks)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, content);
        var statistics = new ColumnStatistics(masks);
        UpdateSender? sender = null;
        var events = new ImportEvents
        {
            Warn = _ => { },
            Inform = _ => { },
            Fail = failure => Assert.Fail(failure.Message),
            Started = (started, _) => sender = started,
        };
        using var import = new ImportRun(
            new() { Mode = ImportMode.Test, Operation = operation, Statistics = statistics }, events, new(() => null, default), default);
        await import.ImportAsync(source, path);
        await import.Writer!.CompleteAsync();
        await sender!.DisposeAsync();
        return statistics;
    }
}
