using System.Text;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Core.Tests.Delivery;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Csv;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Core.Tests.Sources;

public sealed class CsvFormatTests : IDisposable
{
    private const int Mebibyte = 1 << 20;
    private static readonly CsvDialect Comma = new();
    private static readonly CsvFormat Format = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<char, string> Dialects()
    {
        var dialects = new TheoryData<char, string>();
        foreach (var delimiter in ",;\t|")
        {
            foreach (var lineBreak in (string[])["\n", "\r\n", "\r"])
                dialects.Add(delimiter, lineBreak);
        }

        return dialects;
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Every_delimiter_goes_with_every_line_break(char delimiter, string lineBreak)
    {
        var text = "id;name;tags\n1;Ann;\"a;b\"\n2;\"the \"\"best\"\"\";\n\"3\";\"two\nlines\";x".Replace(';', delimiter);
        foreach (var end in (string[])["", "\n"])
        {
            var file = Read((text + end).Replace("\n", lineBreak), new() { Delimiter = delimiter });
            Assert.Equal(["id", "name", "tags"], file.Header);
            Assert.Equal(
                [["1", "Ann", $"a{delimiter}b"], ["2", "the \"best\"", ""], ["3", $"two{lineBreak}lines", "x"]],
                file.Records.Select(r => r.Fields));
            Assert.Equal([2, 3, 4], file.Records.Select(r => r.Line));
        }
    }

    [Fact]
    public void Line_breaks_may_differ_from_line_to_line()
    {
        var file = Read("a,b\r\n1,2\n3,4\r5,6\r\n\n\r7,8");
        Assert.Equal(["1,2", "3,4", "5,6", "7,8"], file.Records.Select(r => string.Join(',', r.Fields)));
        Assert.Equal([2, 3, 4, 7], file.Records.Select(r => r.Line));
    }

    [Fact]
    public void A_delimiter_that_was_not_named_does_not_separate()
    {
        var file = Read("a;b\na;b\n1;2\n");
        Assert.Equal(["a;b"], file.Header);
        Assert.Equal(["a;b", "1;2"], file.Records.Select(r => Assert.Single(r.Fields)));
    }

    public static TheoryData<string, bool, bool> Encodings => new()
    {
        { "utf-8", false, false },
        { "utf-8", true, false },
        { "utf-8", true, true },
        { "utf-16", true, false },
        { "utf-16", true, true },
        { "utf-16", false, true },
        { "utf-16BE", true, false },
        { "utf-16BE", false, true },
        { "latin1", false, true },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void An_encoding_is_known_by_its_byte_order_mark_or_by_its_name(string name, bool marked, bool named)
    {
        var encoding = Encoding.GetEncoding(name);
        var city = name == "latin1" ? "Tromsø" : "Tromsø 東京 🙂";
        byte[] bytes = [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes($"id,città\n1,{city}\n")];
        var file = Read(bytes, new() { Encoding = named ? encoding : null });
        Assert.Equal(["id", "città"], file.Header);
        var record = Assert.Single(file.Records);
        Assert.Equal(["1", city], record.Fields);
        Assert.Equal($"1,{city}", record.Raw);
    }

    [Fact]
    public void Blank_lines_are_no_records_and_lines_of_spaces_are()
    {
        var file = Read("\n\na,b\n\n1,2\n  \n\n3,4\n\n\n");
        Assert.Equal(["a", "b"], file.Header);
        Assert.Equal([["1", "2"], ["  "], ["3", "4"]], file.Records.Select(r => r.Fields));
        Assert.Equal([5, 6, 8], file.Records.Select(r => r.Line));
    }

    [Fact]
    public void Spaces_around_values_and_quotes_are_kept()
    {
        var file = Read("a,b\n x ,\" y \"\n");
        Assert.Equal([" x ", " y "], Assert.Single(file.Records).Fields);
    }

    [Fact]
    public void A_line_number_is_that_of_the_first_line_of_a_record_in_the_file()
    {
        var file = Read("\"a\nstill a\",b\r\n1,\"x\ny\r\nz\rw\"\n\n2,\"\n\n\"\n3,4");
        Assert.Equal([3, 8, 11], file.Records.Select(r => r.Line));
    }

    [Fact]
    public void The_position_is_where_the_record_starts_in_the_file()
    {
        byte[] bytes = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes("id,ü\n\n1,\"é\n🙂\"\r\n\n2,x")];
        var file = Read(bytes);
        Assert.All(file.Records, r => Assert.Equal(r.Raw, Encoding.UTF8.GetString(bytes, (int)r.Position, Encoding.UTF8.GetByteCount(r.Raw))));
        Assert.Equal(["1,\"é\n🙂\"", "2,x"], file.Records.Select(r => r.Raw));
    }

    [Theory]
    [InlineData("1,2", "")]
    [InlineData("\"1\",\"2\"\"\"", "")]
    [InlineData("1,a\"b", "inside a field")]
    [InlineData("1, \"2\"", "inside a field")]
    [InlineData("1,\"a\"b", "closing quote")]
    [InlineData("1,\"a\" ", "closing quote")]
    public void The_quotes_of_each_record_are_judged_alone(string record, string problem)
    {
        var file = Read($"a,b\n0,\"0\"\n{record}\n3,4\n{record}\n{record}\n5,\"6\"\n");
        var expected = problem.Length == 0 ? null : problem;
        Assert.Equal([null, expected, null, expected, expected, null], file.Records.Select(r => Kind(r.Problem)));
        Assert.Equal([2, 3, 4, 5, 6, 7], file.Records.Select(r => r.Line));
        Assert.Equal(record, file.Records[1].Raw);
    }

    /// <summary>The words of a problem that tell it from the others.</summary>
    private static string? Kind(string? problem) =>
        problem is null ? null : Assert.Single(["inside a field", "closing quote", "never closed"], problem.Contains);

    [Fact]
    public void A_quote_that_is_never_closed_takes_the_rest_of_the_file_and_says_so()
    {
        var file = Read("a,b\n1,2\n3,\"4\n5,6\n");
        Assert.Equal([null, "never closed"], file.Records.Select(r => Kind(r.Problem)));
        Assert.Equal((3, "3,\"4\n5,6\n"), (file.Records[1].Line, file.Records[1].Raw));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n\r")]
    [InlineData("\uFEFF")]
    public void An_empty_file_has_neither_columns_nor_records(string text)
    {
        var file = Read(text);
        Assert.Empty(file.Header);
        Assert.Empty(file.Records);
    }

    [Theory]
    [InlineData("a,b\"c\n1,2\n", "inside a field")]
    [InlineData("a,\"b\"c\n1,2\n", "closing quote")]
    [InlineData("a,\"b\n1,2\n", "never closed")]
    public void A_header_with_its_quotes_out_of_order_is_no_header(string text, string problem)
    {
        var refused = Assert.Throws<InvalidDataException>(() => Read(text));
        Assert.Matches($"header.*: .*{problem}", refused.Message);
    }

    [Fact]
    public void A_header_that_the_user_gives_makes_the_first_line_a_record()
    {
        var file = Read("1,Ann\n2,Bob\n", new() { Header = ["id", "name"] });
        Assert.Equal(["id", "name"], file.Header);
        Assert.Equal([["1", "Ann"], ["2", "Bob"]], file.Records.Select(r => r.Fields));
        Assert.Equal([1, 2], file.Records.Select(r => r.Line));
        Assert.Empty(Read("", new() { Header = ["id", "name"] }).Records);
    }

    [Fact]
    public void A_record_may_have_more_or_fewer_fields_than_the_header()
    {
        var file = Read("a,b\n1\n1,2\n1,2,3\n1,2,\n");
        Assert.Equal([1, 2, 3, 3], file.Records.Select(r => r.Fields.Length));
    }

    [Fact]
    public void Zero_bytes_are_characters_like_any_other()
    {
        var file = Read("a\0,b\n\0,x\0y\n");
        Assert.Equal(["a\0", "b"], file.Header);
        Assert.Equal(["\0", "x\0y"], Assert.Single(file.Records).Fields);
    }

    [Theory]
    [InlineData("a,b\n1,\"", 2)]
    [InlineData("a,b\n1,", 2)]
    public void A_record_without_an_end_ends_the_reading_within_bounds(string start, int line)
    {
        var path = SparseFile(start, 1L << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using (var reader = Format.Open(path, Comma))
            Assert.StartsWith($"line {line}: ", Assert.Throws<InvalidDataException>(() => reader.Read()).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128L * Mebibyte);
    }

    [Fact]
    public void A_header_without_an_end_is_no_header()
    {
        var path = SparseFile("a,\"", 1L << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("header", Assert.Throws<InvalidDataException>(() => Format.Open(path, Comma)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128L * Mebibyte);
        File.Delete(path);
    }

    [Fact]
    public async Task A_value_larger_than_a_request_costs_its_row_and_no_other()
    {
        var run = await Import(Utf8($"id,text\n1,a\n2,{new string('x', 10 * Mebibyte)}\n3,c\n"), Comma, identifier: 0);
        var (origin, row, rejection) = Assert.Single(run.Rejected);
        Assert.Equal((2, 3, ErrorId.UpdateTooLarge), (origin.Row, origin.Line, rejection.Id));
        Assert.Equal(((10 * Mebibyte) + 2, 1000), (row.Length, row.Bytes.Length));
        Assert.Equal(["1", "3"], run.Updates.Select(u => u.Id));
        Assert.Equal((3, 2, 1), (run.Account.Read, run.Account.Accepted, run.Account.Rejected));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_an_io_failure()
    {
        Assert.Throws<FileNotFoundException>(() => Format.Open(_folder.File("none.csv"), Comma));
        Assert.Throws<DirectoryNotFoundException>(() => Format.Open(Path.Combine(_folder.File("none"), "none.csv"), Comma));
        var locked = Write(Utf8("a\n1\n"));
        using var holder = new FileStream(locked, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.ThrowsAny<IOException>(() => Format.Open(locked, Comma));
    }

    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("a,\"b\n1,2\n")]
    public void A_file_is_let_go_when_it_was_read_or_refused(string text)
    {
        var path = Write(Utf8(text));
        try
        {
            using var reader = Format.Open(path, Comma);
            reader.Read();
        }
        catch (InvalidDataException)
        {
        }

        using var holder = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(text.Length, holder.Length);
    }

    [Fact]
    public void Any_table_comes_back_cell_by_cell() => CsvTable.Any.Sample(table =>
    {
        var written = table.Write();
        var file = Read(written.Bytes, table.Dialect);
        Assert.Equal(table.Header, file.Header);
        Assert.Equal(table.Rows, file.Records.Select(r => r.Fields));
        Assert.Equal(written.Lines, file.Records.Select(r => r.Line));
        Assert.All(file.Records, r => Assert.Null(r.Problem));
        if (table.IsCompressed)
            Assert.All(file.Records, r => Assert.InRange(r.Position, 1, written.Bytes.Length));
        else
            Assert.Equal(file.Records.Select(r => r.Position).Order().Distinct(), file.Records.Select(r => r.Position));
        Assert.Equal(table.Rows, file.Records.Select(r => Format.Split(Utf8(r.Raw), table.Dialect)));
    }, iter: 2000, threads: 1);

    [Fact]
    public void Every_value_of_any_table_arrives() => CsvTable.Any.Sample(table =>
    {
        var names = table.Header.Select((name, i) => $"{name}n{i}").ToArray();
        var named = table with { Header = names, Rows = [.. table.Rows.Select((row, i) => (string[])[$"{i}", .. row[1..]])] };
        var run = Import(named.Write().Bytes, named.Dialect, identifier: 0).GetAwaiter().GetResult();
        Assert.Empty(run.Rejected);
        Assert.Equal(named.Rows.Select(row => row[0]), run.Updates.Select(u => u.Id));
        Assert.Equal(
            named.Rows.Select(row => row.Select((value, i) => KeyValuePair.Create(names[i], value)).Skip(1)
                .Where(p => p.Value.Trim('\0').Length > 0)),
            run.Updates.Select(u => u.Set));
    }, iter: 300, threads: 1);

    private sealed record Row(long Line, long Position, string Raw, string[] Fields, string? Problem);

    private (IReadOnlyList<string> Header, List<Row> Records) Read(string text, CsvDialect? dialect = null) => Read(Utf8(text), dialect);

    private (IReadOnlyList<string> Header, List<Row> Records) Read(byte[] bytes, CsvDialect? dialect = null)
    {
        using var reader = Format.Open(Write(bytes), dialect ?? Comma);
        var records = new List<Row>();
        while (reader.Read())
        {
            records.Add(new(
                reader.LineNumber,
                reader.Position,
                Encoding.UTF8.GetString(reader.RawRecord),
                [.. Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.UTF8.GetString(reader.Field(i)))],
                reader.QuoteProblem));
        }

        return (reader.Header, records);
    }

    private sealed record Imported(
        IReadOnlyList<(string Id, KeyValuePair<string, string>[] Set)> Updates,
        IReadOnlyList<(UpdateOrigin Origin, RowExcerpt Row, Failure Rejection)> Rejected,
        DeliveryAccount Account);

    /// <summary>Takes a file all the way to the requests that carry it.</summary>
    private async Task<Imported> Import(byte[] bytes, CsvDialect dialect, int identifier)
    {
        var transport = ScriptedTransport.Answering(_ => ScriptedTransport.Accepted);
        var rejected = new List<(UpdateOrigin, RowExcerpt, Failure)>();
        await using var sender = new Delivered().Start(transport, new() { MaxConcurrency = 1, BatchSize = 3 });
        using var writer = new UpdateWriter(sender, "token");
        using (var rows = new CsvRows(Format.Open(Write(bytes), dialect), dialect))
        {
            rows.Plan = ColumnPlan.Create(rows.Header, identifier, new());
            var updates = new FileUpdates(new CsvSourceFile(rows, new("file", null!, new(), rows.Header), new(), null!), Operation.Set, writer, new(new() { AllowsAnyIdentifier = true }))
            {
                Rejected = (origin, raw, rejection) => rejected.Add((origin, raw, rejection)),
                IsStopped = () => false,
            };
            await updates.WriteAllAsync(default);
        }

        await writer.CompleteAsync();
        return new([.. transport.Requests.SelectMany(r => Updates(r.Body))], rejected, sender.Account);
    }

    private static List<(string, KeyValuePair<string, string>[])> Updates(string body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.EnumerateArray().Select(record => (
            record.GetProperty("$distinct_id").GetString()!,
            record.GetProperty("$set").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!)).ToArray()))];
    }

    private string Write(byte[] bytes)
    {
        var path = _folder.File("users.csv");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A file of zero bytes behind its start, which take no room on the disk.</summary>
    private string SparseFile(string start, long length)
    {
        var path = Write(Utf8(start));
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(length);
        return path;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
