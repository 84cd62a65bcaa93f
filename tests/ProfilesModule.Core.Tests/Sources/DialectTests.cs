using System.Text;
using CsCheck;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Core.Tests.Rules;
using ProfilesModule.Csv;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Sources;

/// <summary>The table of dialects, and what a file of each is read as.</summary>
public sealed class DialectTests : IDisposable
{
    private static readonly CsvFormat Format = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<Dialect, string, string> Files => new()
    {
        { Dialect.Excel, "id,zip\n=\"00123\",\"=\"\"a\"\"\"\"b\"\"\"\n'007,'s Hertogenbosch", "[00123|a\"b][007|'s Hertogenbosch]" },
        { Dialect.MySql, "id\tnote\n1\ta\\tb\\nc\\\\d\\0\n2\t\"The\n3\t\\N\n4\tx\\\ty\\\nz\n5\t\\\\N\n6\tNULL", "[1|a\tb\nc\\d\0][2|\"The][3|\\N][4|x\ty\nz][5|\\N!][6|NULL]" },
        { Dialect.PostgreSqlCopy, "id\tnote\n1\t\\\\x41\\v\n2\t\\N\n\\.\n", "[1|\\x41\v][2|\\N]" },
        { Dialect.PostgreSqlCsv, "id,note\n1,\"\"\n2,\n", "[1|!][2|]" },
        { Dialect.Bcp, "id\tnote\nu1\t\"The\nu2\ta\\tb\nu3\tBig\"\n", "[u1|\"The][u2|a\\tb][u3|Big\"]" },
        { Dialect.SqlCmd, "id,plan\n--,----\n17,pro\n-1,-\n\n(2 rows affected)\n", "[17|pro][-1|-]" },
        { Dialect.Snowflake, "id,note\n1,\\N\n2,\"\\N\"\n3,\"\"\n", "[1|\\N][2|\\N!][3|!]" },
        { Dialect.BigQuery, "id,note\n1,\"a\"\"b\"\n2,\"\"\n", "[1|a\"b][2|!]" },
        { Dialect.Rfc4180, "id,note\n1,\"\"\n2,=a\n", "[1|][2|=a]" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_read_as_its_program_meant_it(Dialect dialect, string text, string rows)
    {
        var read = Read(text, DialectTable.Of(dialect));
        Assert.Equal(rows, read.Rows);

        // A reject file has the rows as they are shown, with three more fields.
        var rejects = string.Join((char)Delimiter(dialect), "id", "note", "_line", "_error", "_errorId") + "\n"
            + string.Concat(read.Raw.Select(row => string.Join((char)Delimiter(dialect), row, "1", "\"e\"", "NotSent") + "\n"));
        var again = Read(rejects, DialectTable.Of(dialect) with { Header = ["x", "y"], SkipRows = 2 });
        Assert.Equal(read.Rows, again.Rows);
    }

    [Fact]
    public void Nothing_may_follow_the_end_of_the_rows()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read("id\tnote\n1\t2\n\\.\n3\t4\n", DialectTable.Of(Dialect.PostgreSqlCopy)));
        Assert.Contains("line 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_protected_comes_back_and_nothing_else_is_changed()
    {
        var texts = Gen.OneOf(
            Gen.String[Gen.Char["=+-@'\"0123456789.eE \t\rab"], 0, 12],
            Gen.String[Gen.Char["'0123456789"], 0, 20],
            Gen.String[0, 8].Select(text => $"=\"{text}\""));
        texts.Sample(text =>
        {
            var cell = Encoding.UTF8.GetBytes(text);
            var buffer = new GrowingBuffer(16);
            if (CellProtection.NeedsProtection(cell))
                CellProtection.Protect(cell, buffer);
            else
                buffer.Write(cell);
            var written = buffer.WrittenSpan.ToArray();
            buffer.Truncate(0);
            if (CellProtection.IsProtected(written))
                CellProtection.Undo(written, buffer);
            else
                buffer.Write(written);
            return buffer.WrittenSpan.SequenceEqual(cell);
        });
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+41446681800")]
    [InlineData("-1+1")]
    [InlineData("@SUM(A1)")]
    [InlineData("00123")]
    [InlineData("1234567890123456")]
    [InlineData("12E5")]
    [InlineData("'00123")]
    public void What_a_spreadsheet_would_change_is_protected(string text) => Assert.True(CellProtection.NeedsProtection(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-12.5")]
    [InlineData("123456789012345")]
    [InlineData("'90s kid")]
    [InlineData("2026-01-31")]
    [InlineData("12 Monkeys")]
    [InlineData("a=b")]
    public void What_it_would_not_is_written_as_it_is(string text) => Assert.False(CellProtection.NeedsProtection(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_page_is_that_of_the_table()
    {
        var path = Path.Combine(RuleDocumentTests.Root(), "docs", "dialects.md");
        var current = Path.Combine(AppContext.BaseDirectory, "dialects.md");
        var prose = File.ReadLines(path).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ToDictionary(line => line.Split('`')[1], line => line.Trim('|', ' ').Split('|')[^2..]);
        Assert.All(prose.Values, cells => Assert.False(string.IsNullOrWhiteSpace(cells[1])));
        var page = Page(name => prose.TryGetValue($"{name}", out var cells) ? $"{cells[0]}|{cells[1]} |" : "a row is missing");
        File.WriteAllText(current, page);
        Assert.True(
            File.ReadAllText(path).ReplaceLineEndings("\n") == page,
            $"docs/dialects.md is not what the table of dialects says. Copy {current} over it.");
    }

    // What was chosen and where it is documented only the page says.
    private static string Page(Func<Dialect, string> prose)
    {
        var page = new StringBuilder("""
            # Dialects

            The programs whose files can be imported, and how they write them.

            `-Dialect` of `Import-UserProfileCsv`, `Import-GroupProfileCsv` and `Test-UserProfile` names the program that wrote the files. A
            parameter such as `-Delimiter` or `-Encoding` takes precedence over the dialect. The encoding is that of the byte order mark,
            otherwise UTF-8. *Quoted texts* are cells in quotes (or, with backslashes, cells with an escape) that are texts even if they are empty
            or one of the texts for no value: `""` then sets the property to the empty text. Reject files are written as RFC 4180 has it, with the
            delimiter of the input, and are imported with the same parameters.

            A test compares this page with `src/ProfilesModule.Core/Sources/DialectTable.cs`.

            | Dialect | Delimiter | Quotes | No value | Quoted texts | Not rows | Choice | Source |
            | --- | --- | --- | --- | --- | --- | --- | --- |

            """);
        foreach (var name in Enum.GetValues<Dialect>())
        {
            var form = DialectTable.Of(name);
            var delimiter = form.Delimiter == '\t' ? "tab" : "comma";
            var quotes = form.Quoting switch
            {
                Quoting.Backslashes => "none; backslashes",
                Quoting.None => "none",
                _ => form.HasProtectedCells ? "yes; `=\"00123\"` and `'00123` are 00123" : "yes",
            };
            var nulls = string.Join(", ", form.NullTexts.Select(text => $"`{text}`").Prepend("empty"));
            var notRows = form.EndMark is { } mark ? $"`{mark}` at the end" : form.HasReportLines ? "dashes; `(2 rows affected)`" : "";
            page.Append($"| `{name}` | {delimiter} | {quotes} | {nulls} | {(form.TellsQuoted ? "yes" : "no")} | {notRows} |{prose(name)}\n");
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static byte Delimiter(Dialect dialect) => (byte)DialectTable.Of(dialect).Delimiter;

    private (string Rows, List<string> Raw) Read(string text, CsvDialect dialect)
    {
        var path = _folder.File("rows.txt");
        File.WriteAllText(path, text);
        using var rows = DialectRows.Open(form => Format.Open(path, form), dialect);
        var (shown, raw) = (new StringBuilder(), new List<string>());
        while (rows.Read())
        {
            Assert.Null(rows.QuoteProblem);
            var cells = Enumerable.Range(0, rows.FieldCount).Select(i =>
            {
                var cell = Encoding.UTF8.GetString(rows.Field(i));
                return cell + (rows.IsMarkedText(i) && (cell.Length == 0 || dialect.NullTexts.Contains(cell)) ? "!" : "");
            });
            shown.Append($"[{string.Join('|', cells)}]");
            raw.Add(Encoding.UTF8.GetString(rows.RawRecord));
        }

        return (shown.ToString(), raw);
    }
}
