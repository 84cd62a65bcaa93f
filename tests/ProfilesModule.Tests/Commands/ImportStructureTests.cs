using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Files whose rows are no data, whose headers are incomplete, or that are not what their names say.</summary>
public sealed class ImportStructureTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public ImportStructureTests() => _session.Run("$global:server = Start-UserProfileServer").Succeeded();

    public void Dispose()
    {
        _session.Run("Stop-UserProfileServer");
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("id,plan\nu1,a\nid,plan\nu2,b\n", "", "RepeatedHeader line 3", "u1=a u2=b")]
    [InlineData("\uFEFFid,plan\nu1,a\n\uFEFFid,plan\nu2,b\n", "", "RepeatedHeader line 3", "u1=a u2=b")]
    [InlineData("\"id\",\"plan\"\n\"u1\",\"a\"\n\uFEFF\"id\",\"plan\"\nu2,b\n", "-QuoteMode Lenient", "RepeatedHeader line 3", "u1=a u2=b")]
    [InlineData("id,plan\nu1,a\nID,Plan\nu2,b\n", "-Header id,plan", "RepeatedHeader line 1; RepeatedHeader line 3", "u1=a u2=b")]
    [InlineData("id,plan\r\n--,----\r\n17,pro\r\n\r\n(1 rows affected)\r\n", "", "ReportLine line 2; ReportLine line 5", "17=pro")]
    [InlineData("id,plan\n----+----\n17,pro\n(1 row)\n", "-MismatchedFieldAction PadWithNulls", "ReportLine line 2; ReportLine line 4", "17=pro")]
    [InlineData("id,plan\n17,pro\n1 row in set (0.00 sec)\n", "-MismatchedFieldAction PadWithNulls", "ReportLine line 3", "17=pro")]
    [InlineData("id,plan\nu1,pro\n,\n , \n", "", "", "u1=pro")]
    [InlineData("id,plan,,\nu1,pro,,\n,,,\n,,,\n", "-Strict", "", "u1=pro")]
    [InlineData(",id,plan\n0,u1,a\n1,u2,b\n", "-Strict", "UnnamedColumn line 2; UnnamedColumn line 3", "")]
    [InlineData("Distinct ID,plan\nu1,a\n", "", "", "u1=a")]
    [InlineData("sep=;\nid;plan\nu1;a\n", "-Delimiter ';'", "", "u1=a")]
    public void Each_row_that_is_no_data_is_told_and_the_others_are_stored(string text, string parameters, string errors, string stored)
    {
        var path = _folder.Write("users.csv", text);
        var identifier = text.StartsWith("Distinct", StringComparison.Ordinal) ? "" : "-IdentifierColumn id";
        var result = _session.Run($"Import-UserProfileCsv $path {identifier} {parameters}", new { path });
        Assert.Equal(errors, string.Join("; ", result.Errors.Select(Text)));
        Assert.Equal(stored, Stored());

        string Text(System.Management.Automation.ErrorRecord error) =>
            $"{error.FullyQualifiedErrorId.Split(',')[0]} {error.ToString().Split(", ")[1].Split(':')[0]}";
    }

    [Fact]
    public void With_the_wrong_delimiter_no_row_becomes_an_identifier()
    {
        var path = _folder.Write("users.csv", "id;plan\nu1;a\n");
        var error = Assert.Single(_session.Run("Import-UserProfileCsv $path -IdentifierColumn 1", new { path }).Errors);
        Assert.Contains("-Delimiter ';'", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("", Stored());
    }

    [Fact]
    public void Empty_rows_are_counted_as_skipped()
    {
        var path = _folder.Write("users.csv", "id,plan\nu1,pro\n,\n,,,,\n");
        var result = _session.Run("Import-UserProfileCsv $path -IdentifierColumn id -Strict", new { path }).Succeeded();
        Assert.Equal((3L, 1L, 2L, 0), (result.Value("Read"), result.Value("Accepted"), result.Value("Skipped"), result.Value("ExitCode")));
    }

    [Theory]
    [InlineData("id,plan\n", ".csv")]
    [InlineData("id,plan\n,\n\n", ".csv")]
    [InlineData("[]", ".json")]
    [InlineData("", ".json")]
    public void A_file_without_rows_is_told(string text, string extension)
    {
        var path = _folder.Write("users" + extension, text);
        var parameters = extension == ".csv" ? "-IdentifierColumn id" : "";
        var result = _session.Run($"Import-UserProfile{extension[1..]} $path {parameters}", new { path }).Succeeded();
        Assert.Contains(path, Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Single(_session.Run($"Test-UserProfile $path {parameters}", new { path }).Succeeded().Warnings);
    }

    [Fact]
    public void The_first_value_that_a_column_without_a_name_loses_is_told()
    {
        var path = _folder.Write("users.csv", "id,,plan,\nu1,lost,a,\nu2,also,b,\n");
        var result = _session.Run("Import-UserProfileCsv $path -IdentifierColumn id", new { path }).Succeeded();
        Assert.Contains(result.Warnings, warning => warning.Contains("line 2", StringComparison.Ordinal) && warning.Contains("'lost'", StringComparison.Ordinal));
        Assert.Equal("u1=a u2=b", Stored());
    }

    [Fact]
    public void A_header_that_was_named_again_is_told()
    {
        var path = _folder.Write("users.csv", "id,plan\nu1,a\n");
        var result = _session.Run("Import-UserProfileCsv $path -Header id,plan -IdentifierColumn id", new { path });
        Assert.Contains(result.Warnings, warning => warning.Contains("-Header", StringComparison.Ordinal));
        Assert.Equal((2L, 1L, 1L), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected")));
        _session.Run("Import-UserProfileCsv $path -IdentifierColumn id", new { path }).Succeeded();
        Assert.Equal("u1=a", Stored());
    }

    [Theory]
    [InlineData("id")]
    [InlineData("1")]
    public void A_part_without_a_header_is_an_error_and_read_as_the_error_says(string identifier)
    {
        var files = new { a = _folder.Write("part-0.csv", "id,plan\nu1,a\n"), b = _folder.Write("part-1.csv", "u2,b\nu3,c\n"), c = _folder.Write("part-2.csv", "u4,d\n"), identifier };
        var result = _session.Run("Import-UserProfileCsv $a, $b, $c -IdentifierColumn $identifier -Strict", files);
        Assert.All(result.Errors, error => Assert.StartsWith("ColumnsDiffer,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal((2, 2), (result.Errors.Count, result.Value("ExitCode")));
        _session.Run("Import-UserProfileCsv $a, $b, $c -IdentifierColumn $identifier -HeaderInFirstFileOnly -Strict", files).Succeeded();
        Assert.Equal("u1=a u2=b u3=c u4=d", Stored());
    }

    [Theory]
    [InlineData("-Unique")]
    [InlineData("-JournalPath $journal -Resume")]
    public void Parts_are_read_again_as_they_were_read_first(string parameters)
    {
        var files = new { a = _folder.Write("part-0.csv", "id,plan\nu1,a\n"), b = _folder.Write("part-1.csv", "u2,x\nu2,b\nid,plan\n"), journal = _folder.File("j") };
        var result = _session.Run($"Import-UserProfileCsv $a, $b -IdentifierColumn id -HeaderInFirstFileOnly {parameters}", files);
        Assert.StartsWith("RepeatedHeader,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("u1=a u2=b", Stored());
    }

    [Fact]
    public void Files_that_share_a_column_are_one_import()
    {
        var files = new { a = _folder.Write("a.csv", "distinct_id,plan\nu1,a\n"), b = _folder.Write("b.csv", "seats,DistinctId\n3,u2\n") };
        Assert.Equal(2L, _session.Run("Import-UserProfileCsv $a, $b", files).Succeeded().Value("Accepted"));
    }

    [Theory]
    [InlineData("user_id,email\n7,a@b.io\n", "user_id")]
    [InlineData("email,plan,UID\na@b.io,pro,7\n", "UID")]
    [InlineData("email,crm_id\na@b.io,7\nc@d.io,8\n", "crm_id")]
    [InlineData("email,key\na@b.io,5f0d3c2b9d1e8a0017c3e1aa\nc@d.io,5f0d3c2b9d1e8a0017c3e1ab\n", "key")]
    public void An_address_does_not_take_the_place_of_an_identifier(string text, string other)
    {
        var path = _folder.Write("users.csv", text);
        var error = Assert.Single(_session.Run("Import-UserProfileCsv $path", new { path }).Errors);
        Assert.StartsWith("IdentifierColumnAmbiguous,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        foreach (var choice in new[] { other, "email" })
        {
            Assert.Contains($"-IdentifierColumn '{choice}'", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
            _session.Run("Import-UserProfileCsv $path -IdentifierColumn $choice", new { path, choice }).Succeeded();
        }
    }

    [Theory]
    [InlineData("email,plan_id\na@b.io,7\nc@d.io,7\n")]
    [InlineData("email,phone_number\na@b.io,+41446681800\nc@d.io,+41446681801\n")]
    [InlineData("email,id\na@b.io,\n")]
    public void An_address_still_does_where_nothing_else_identifies(string text)
    {
        var path = _folder.Write("users.csv", text);
        _session.Run("Import-UserProfileCsv $path", new { path }).Succeeded();
    }

    [Fact]
    public void The_columns_of_a_data_row_itself_are_told_and_left_out_as_the_error_says()
    {
        const string Rows = """
            "id","plan","RowError","RowState","Table","ItemArray","HasErrors"
            "u1","pro","","Unchanged","t","System.Object[]","False"
            """;
        var path = _folder.Write("rows.csv", Rows);
        var error = Assert.Single(_session.Run("Import-UserProfileCsv $path -IdentifierColumn id", new { path }).Errors);
        Assert.StartsWith("DataRowColumns,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        var advice = error.ErrorDetails.RecommendedAction.Split(" with ")[1].TrimEnd('.');
        _session.Run($"Import-UserProfileCsv $path -IdentifierColumn id -Strict {advice}", new { path }).Succeeded();
        Assert.Equal("u1=pro", Stored());
    }

    [Theory]
    [InlineData("distinct_id,plan,seats\nUser ID,Your plan,How many seats?\nu1,pro,3\nu2,free,1\n", 1)]
    [InlineData("distinct_id,age\nRespondent,How old are you?\n\"{\"\"ImportId\"\":\"\"QID\"\"}\",\"{\"\"ImportId\"\":\"\"QIDA\"\"}\"\nu1,30\nu2,41\n", 2)]
    [InlineData("distinct_id,plan\nadmin,pro\n1001,pro\n1002,free\n", 0)]
    [InlineData("distinct_id,plan\nann,pro\nbob,free\ncarl,pro\n", 0)]
    [InlineData("distinct_id,seats\nroot,\nu1,3\nu2,4\n", 0)]
    public void A_row_of_labels_is_told_and_refused_when_strict(string text, int labels)
    {
        var path = _folder.Write("users.csv", text);
        Assert.Equal(labels, _session.Run("Import-UserProfileCsv $path -Strict", new { path }).Errors.Count(e => e.FullyQualifiedErrorId.StartsWith("LabelRow,", StringComparison.Ordinal)));
        Assert.Equal(labels > 0, _session.Run("Import-UserProfileCsv $path", new { path }).Succeeded().Warnings.Any());
    }

    [Fact]
    public void Zstandard_files_are_imported_as_csv_and_json()
    {
        var files = new { csv = Compressed("users.csv.zst", "id,plan\nu1,a\n", "u2,b\n"), json = Compressed("users.ndjson.zst", "{\"id\":\"u3\",\"plan\":\"c\"}\n") };
        Assert.Equal(2L, _session.Run("Import-UserProfileCsv $csv -IdentifierColumn id", files).Succeeded().Value("Accepted"));
        Assert.Equal(1L, _session.Run("Import-UserProfileJson $json -IdentifierProperty id", files).Succeeded().Value("Accepted"));
        Assert.Equal("u1=a u2=b u3=c", Stored());
        Assert.Equal(1L, _session.Run("Test-UserProfile $json -IdentifierProperty id", files).Succeeded().Value("Read"));
    }

    private string Stored() =>
        string.Join(' ', _session.Run("Get-UserProfile -WarningAction SilentlyContinue | Sort-Object DistinctId | ForEach-Object { \"$($_.DistinctId)=$($_.plan)\" }").Succeeded().Output);

    private string Compressed(string name, params string[] frames)
    {
        var path = _folder.File(name);
        File.WriteAllBytes(path, [.. frames.SelectMany(frame => Frame(Encoding.UTF8.GetBytes(frame)))]);
        return path;
    }

    /// <summary>A frame of Zstandard with one block that is stored as it is.</summary>
    private static byte[] Frame(byte[] content) =>
    [
        0x28, 0xB5, 0x2F, 0xFD, 0x20, (byte)content.Length,
        .. BitConverter.GetBytes((content.Length << 3) | 1).AsSpan(0, 3),
        .. content,
    ];
}
