using System.Text.Json;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Which profile each row of a file is about.</summary>
public sealed class ImportIdentifierTests : ConnectedTests
{
    [Theory]
    [InlineData("a,b\nx,y\n", "2", "y")]
    [InlineData("a,b\nx,y\n", "'1'", "x")]
    [InlineData("a,1\nx,y\n", "1", "y")]
    [InlineData("distinct_id,b\nx,y\n", "2", "y")]
    public void A_column_without_that_name_is_found_by_its_position(string text, string column, string id)
    {
        Import(text, $"-IdentifierColumn {column}").Succeeded();
        Assert.Equal(id, Assert.Single(Service.Profiles.Keys));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3")]
    [InlineData("'-1'")]
    [InlineData("'1.0'")]
    [InlineData("99999999999999999999")]
    public void A_position_behind_the_columns_is_no_column(string column)
    {
        var error = Assert.Single(Import("a,b\nx,y\n", $"-IdentifierColumn {column}").Errors);
        Assert.StartsWith("IdentifierColumnNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name,$email\nAnn,a@b.c\n", "$email", """{"name":"Ann","$email":"a@b.c"}""")]
    [InlineData("name,Email\nAnn,a@b.c\n", "Email", """{"name":"Ann","Email":"a@b.c"}""")]
    [InlineData("email,$email\nAnn,a@b.c\n", "$email", """{"email":"Ann","$email":"a@b.c"}""")]
    public void Without_an_identifier_the_e_mail_address_serves_and_stays_a_property(string text, string column, string json)
    {
        var result = Import(text).Succeeded();
        Assert.Contains($"'{column}'", Assert.Single(result.Warnings, w => w.Contains("identif", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(json, Service.Profiles["a@b.c"].GetRawText());
    }

    [Theory]
    [InlineData("distinct_id,email\nx,a@b.c\n", "")]
    [InlineData("user,email\nx,a@b.c\n", "-IdentifierColumn user")]
    public void An_identifier_comes_before_the_e_mail_address(string text, string parameters)
    {
        Assert.DoesNotContain(Import(text, parameters).Succeeded().Warnings, w => w.Contains("identif", StringComparison.Ordinal));
        Assert.Equal("""{"email":"a@b.c"}""", Service.Profiles["x"].GetRawText());
    }

    [Fact]
    public void A_group_is_not_identified_by_an_e_mail_address()
    {
        var result = Session.Run("Import-GroupProfileCsv $path -GroupKey company", new { path = Folder.Write("a.csv", "name,email\nx,a@b.c\n") });
        Assert.StartsWith("IdentifierColumnNotFound,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name,plan\nAnn,pro\nBob,free\nAnn,pro\n", """{"name":"Ann","plan":"pro"}""")]
    [InlineData("name,email\nAnn,a@b.c\nBob,free\nAnn,pro\n", """{"name":"Ann","email":"a@b.c"}""")]
    public void Rows_get_random_identifiers_where_that_is_asked_for(string text, string first)
    {
        var result = Import(text, "-RandomIdentifier").Succeeded();
        Assert.DoesNotContain(result.Warnings, w => w.Contains("identif", StringComparison.Ordinal));
        Assert.Equal(3L, result.Value("Accepted"));
        Assert.Equal(3, Service.Profiles.Count);
        Assert.All(Service.Profiles.Keys, id => Assert.True(Guid.TryParseExact(id, "D", out _)));
        Assert.Contains(Service.Profiles.Values, p => p.GetRawText() == first);
    }

    [Fact]
    public void Random_identifiers_are_for_files_without_any()
    {
        Import("distinct_id,plan\nx,pro\n", "-RandomIdentifier").Succeeded();
        Assert.Equal("x", Assert.Single(Service.Profiles.Keys));
    }

    [Theory]
    [InlineData("-JournalPath j", "-JournalPath")]
    [InlineData("-JournalPath j -Resume", "-JournalPath")]
    [InlineData("-IdentifierColumn name", "-IdentifierColumn")]
    [InlineData("-Unique", "-Unique")]
    public void Random_identifiers_do_not_go_with_everything(string parameters, string target)
    {
        var error = Assert.Single(Import("name\nAnn\n", $"-RandomIdentifier {parameters}").Errors);
        Assert.StartsWith("RandomIdentifierUnfit,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(target, error.TargetObject);
        Assert.Equal(0, Service.Requests);
    }

    [Fact]
    public void Rows_of_one_identifier_are_all_sent_in_order()
    {
        var result = Import("distinct_id,v\na,1\nb,1\na,2\na,3\nA,1\n,1\n");
        Assert.Equal((6L, 5L, 1L), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected")));
        Assert.Equal("a1 b1 a2 a3 A1", Sent());
    }

    [Fact]
    public void Only_the_last_row_of_each_identifier_is_sent_where_that_is_asked_for()
    {
        var result = Import("distinct_id,v\na,1\nb,1\na,2\nc,1\na,3\nb,1,1\n\"c\",2\n", "-Unique");
        Assert.Equal("b1 a3 c2", Sent());
        Assert.Equal((7L, 3L, 1L, 3L), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected"), result.Value("Skipped")));
    }

    [Fact]
    public void Any_rows_leave_the_last_of_each_identifier() =>
        Gen.Int[0, 40].Array[0, 300].Sample(
            ids =>
            {
                Service.Bodies.Clear();
                var rows = ids.Select((id, i) => $"{(id == 0 ? "" : $"u{id}")},{i}").ToArray();
                var result = Import("distinct_id,v\n" + string.Concat(rows.Select(r => r + "\n")), "-Unique -BatchSize 7");
                var last = ids.Select((id, i) => (id, i)).Where(r => r.id != 0).GroupBy(r => r.id).Select(g => g.Last().i).Order();
                Assert.Equal(last, Records().Select(r => int.Parse(r.GetProperty("$set").GetProperty("v").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).Order());
                var empty = ids.Count(id => id == 0);
                var distinct = ids.Where(id => id != 0).Distinct().Count();
                Assert.Equal(((long)ids.Length, (long)distinct, (long)empty, (long)(ids.Length - empty - distinct)), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected"), result.Value("Skipped")));
            },
            iter: 15,
            threads: 1);

    [Fact]
    public void A_resumed_import_skips_and_counts_what_a_whole_one_does()
    {
        var text = "distinct_id,v\n" + string.Concat(Enumerable.Range(1, 3000).Select(i => $"u{i % 2000},{i}\n"));
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 4 ? (401, "no") : null);
        Assert.Equal(2, Import(text, "-Unique -JournalPath $j").Value("ExitCode"));
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var resumed = Session.Run("Import-UserProfileCsv $path -Unique -JournalPath $j -Resume").Succeeded();
        Assert.Equal((3000L, 2000L, 1000L, 0), (resumed.Value("Read"), resumed.Value("Accepted"), resumed.Value("Skipped"), resumed.Value("ExitCode")));
        Assert.Equal(2000, Service.Applied.Count);
        Assert.All(Service.Applied, a => Assert.Equal(1, a.Value));
        var changed = Assert.Single(Session.Run("Import-UserProfileCsv $path -JournalPath $j -Resume").Errors);
        Assert.Matches(@"-Unique\b.*\btrue\b.*\bfalse\b", changed.ToString());
    }

    [Fact]
    public void What_an_import_leaves_unsent_has_no_row_that_a_later_one_stands_for()
    {
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((401, "no"));
        var text = "distinct_id,v\n" + string.Concat(Enumerable.Range(1, 3000).Select(i => $"u{i % 2000},{i}\n"));
        var result = Import(text, "-Unique -RejectPath $rejects");
        Assert.Equal((1000L, 2000L), (result.Value("Skipped"), result.Value("Unsent")));
        Assert.Equal(2001, File.ReadAllLines(Folder.File("rejects.csv")).Length);
    }

    private ScriptResult Import(string text, string parameters = "") => Session.Run(
        $"Import-UserProfileCsv $path {parameters}", new { path = Folder.Write("a.csv", text), j = Folder.File("j"), rejects = Folder.File("rejects.csv") });

    private IEnumerable<JsonElement> Records() => Service.Bodies.SelectMany(body => JsonDocument.Parse(body).RootElement.EnumerateArray());

    private string Sent() => string.Join(' ', Records().Select(r => $"{r.GetProperty("$distinct_id")}{r.GetProperty("$set").GetProperty("v")}"));
}
