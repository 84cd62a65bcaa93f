using System.Text.Json;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Files of programs, damaged quotes and protected cells, with what is stored when each advice is followed.</summary>
public sealed class ImportDialectTests : IDisposable
{
    private const string Bcp = "id\tnick\tplan\nu1\t\"The\tpro\nu2\tBob\tpro\nu3\tBig\"\tpro\nu4\tDee\tpro\n";
    private const string Damaged = "id,note,plan\nu1,a,pro\nu2,\"b,pro\nu3,c,pro\nu4,\"d, e\",pro\nu5,f,pro\n";

    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, string, string> Files => new()
    {
        { "-Dialect Bcp", Bcp, "u1:\"The|pro u2:Bob|pro u3:Big\"|pro u4:Dee|pro" },
        { "-Dialect Bcp -Delimiter ','", "id,nick\nu1,5\"\n", "u1:5\"" },
        { "-Dialect SqlCmd", "id,plan\n--,----\n17,pro\n18,x\n\n(2 rows affected)\n", "17:pro 18:x" },
        { "-Dialect Excel", "id,zip\n=\"00123\",=\"04107\"\n'007,'s\n", "00123:04107 007:'s" },
        { "-Dialect MySql -Property note", "id\tnote\nu1\ta\\tb\\nc\nu2\td\\\\e\n", "u1:a\tb\nc u2:d\\e" },
        { "-Dialect PostgreSqlCopy -Header id,note", "u1\ta\\tb\n\\.\n", "u1:a\tb" },
        { "-Dialect PostgreSqlCsv", "id,note\nu1,\"\"\nu2,x\nu3,\n", "u1: u2:x u3:" },
        { "-Dialect BigQuery -EmptyCell Null", "id,note\nu1,\"\"\nu2,\n", "u1: u2:" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_stored_as_its_program_meant_it(string parameters, string text, string stored)
    {
        var result = Import(text, $"{parameters} -Strict");
        Assert.Empty(result.Errors);
        Assert.Equal(stored, Stored());
    }

    [Fact]
    public void Rows_that_became_part_of_a_field_are_warned_about_and_the_advice_brings_them_back()
    {
        var result = Import(Bcp, "-Delimiter \"`t\"");
        Assert.Contains(result.Warnings, warning => warning.Contains("lines 2 to 4", StringComparison.Ordinal) && warning.Contains("-Dialect", StringComparison.Ordinal));
        Assert.StartsWith("RowsInField,", Assert.Single(Import(Bcp, "-Delimiter \"`t\" -Strict").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stray_quote_costs_the_rows_that_it_may_have_damaged_and_the_advice_sends_them()
    {
        var rejects = _folder.File("rejects.csv");
        var result = Import(Damaged, "-RejectPath $rejects", rejects);
        Assert.Equal(
            ["MalformedQuotes line 3", "RowBehindQuote line 4", "RowBehindQuote line 5"],
            result.Errors.Select(e => $"{e.FullyQualifiedErrorId.Split(',')[0]} {e.Exception.Message.Split(':')[0].Split(", ")[1]}"));
        Assert.Equal("u1:a|pro u5:f|pro", Stored());

        // The reject file refuses them again until somebody says that they are rows.
        Assert.Equal(3, _session.Run("Import-UserProfileCsv $rejects -IdentifierColumn id", new { rejects }).Errors.Count);
        Assert.Single(_session.Run("Import-UserProfileCsv $rejects -IdentifierColumn id -RecoverRows", new { rejects }).Errors);
        Assert.Equal("u1:a|pro u3:c|pro u4:d, e|pro u5:f|pro", Stored());

        Assert.StartsWith("MalformedQuotes,", Assert.Single(Import(Damaged, "-RecoverRows").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("u1:a|pro u3:c|pro u4:d, e|pro u5:f|pro", Stored());
    }

    [Fact]
    public void A_damaged_row_of_several_lines_says_which()
    {
        var error = Assert.Single(Import("id,note,plan\nu1,a,pro\nu2,\"b\nc\nd\"e,pro\nu3,c,pro\n", "").Errors);
        Assert.Contains("lines 3 to 5", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal("u1:a|pro u3:c|pro", Stored());
    }

    [Fact]
    public void What_is_exported_for_a_spreadsheet_is_imported_as_it_was() => Gen.OneOf(
        Gen.String[Gen.Char["=+-@'\"0123456789.eE \tab,\n"], 1, 12],
        Gen.String[Gen.Char["'0123456789"], 1, 20]).Array[1, 60].Sample(
        texts =>
        {
            var result = _session.Run(
                """
                $null = Start-UserProfileServer
                $i = 0
                foreach ($text in $texts) { Set-UserProfile -DistinctId "u$(($i++))" -Property @{ '=a' = $text } -WarningAction SilentlyContinue }
                Export-UserProfileCsv $path -Dialect Excel
                $null = Start-UserProfileServer
                $null = Import-UserProfileCsv $path -Dialect Excel -WarningAction SilentlyContinue
                $i = 0
                foreach ($text in $texts) { (Get-UserProfile "u$(($i++))").'=a' }
                """,
                new { texts, path = _folder.File("excel.csv") }).Succeeded();
            Assert.Equal(texts, result.Output.Select(text => (string)text.BaseObject));
        },
        iter: 4,
        threads: 1);

    private ScriptResult Import(string text, string parameters, string? rejects = null)
    {
        var path = _folder.Write("rows.csv", text);
        return _session.Run(
            $"Stop-UserProfileServer; $null = Start-UserProfileServer; Import-UserProfileCsv $path -IdentifierColumn id {parameters}",
            new { path, rejects });
    }

    private string Stored()
    {
        var json = _session.Run("Get-UserProfile | ForEach-Object { @{ id = $_.DistinctId; p = @($_.Properties.Values) } | ConvertTo-Json -Compress }").Succeeded();
        return string.Join(' ', json.Output.Select(profile =>
        {
            var root = JsonDocument.Parse((string)profile.BaseObject).RootElement;
            return $"{root.GetProperty("id")}:{string.Join('|', root.GetProperty("p").EnumerateArray())}";
        }).Order(StringComparer.Ordinal));
    }
}
