using System.Text;
using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Rows that were refused, while later rows of their profiles were accepted: sent again, they would set older values.</summary>
public sealed class SupersededRowTests : ConnectedTests
{
    private const string Note = "(a later row of this profile was sent)";

    [Theory]
    [InlineData("utf8", "")]
    [InlineData("latin1", "-Encoding latin1")]
    [InlineData("utf-16", "-Encoding unicode")]
    public void The_reject_file_says_which_rows_they_are(string encoding, string parameters)
    {
        var read = encoding == "utf8" ? new UTF8Encoding(false) : Encoding.GetEncoding(encoding);
        Folder.Write("a.csv", "id,v\nü,bad\nb,bad\nü,bad\nü,2\nb,bad\nc\n,5\nc,1\n", read);
        RefuseBad();
        Import("a.csv", "bad.csv", parameters);
        Assert.Equal(
            ["2 True", "3 False", "4 True", "6 False", "7 True", "8 False"],
            File.ReadAllLines(Folder.File("bad.csv"), read).Skip(1).Select(row => $"{Line(row)} {row.Contains(Note, StringComparison.Ordinal)}"));
    }

    [Fact]
    public void Trying_them_again_warns_with_their_number()
    {
        Reject();
        Accept();
        var preview = Import("bad.csv", "again.csv", "-WhatIf");
        Assert.StartsWith("2 rows ", Assert.Single(preview.Warnings), StringComparison.Ordinal);
        var again = Import("bad.csv", "again.csv");
        var warning = Assert.Single(again.Warnings);
        Assert.StartsWith("2 rows ", warning, StringComparison.Ordinal);
        Assert.Contains("-SkipSuperseded", warning, StringComparison.Ordinal);
        Assert.Equal((3L, 3L), ((long)again.Value("Read")!, (long)again.Value("Accepted")!));
        Assert.Equal("bad2", V("a"));
    }

    [Fact]
    public void They_can_be_left_out()
    {
        Reject();
        Accept();
        var again = Import("bad.csv", "again.csv", "-SkipSuperseded").Succeeded();
        Assert.Equal((3L, 1L, 2L, 0), ((long)again.Value("Read")!, (long)again.Value("Accepted")!, (long)again.Value("Skipped")!, (int)again.Value("ExitCode")!));
        Assert.Equal(("good", "bad"), (V("a"), V("b")));
        Assert.Single(File.ReadAllLines(Folder.File("again.csv")));
    }

    [Fact]
    public void What_is_refused_again_stays_one()
    {
        Reject();
        Import("bad.csv", "again.csv");
        Assert.Equal(2, File.ReadAllText(Folder.File("again.csv")).Split(Note).Length - 1);
    }

    [Theory]
    [InlineData("Add", 0)]
    [InlineData("Union", 0)]
    [InlineData("Remove", 0)]
    [InlineData("SetOnce", 1)]
    [InlineData("Append", 1)]
    public void Where_the_order_of_rows_does_not_matter_none_is(string operation, int superseded)
    {
        Folder.Write("a.csv", "id,n\na,1\na,2\n");
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(records[0].GetRawText().Contains('1', StringComparison.Ordinal) ? (400, """{"error":"no","status":0}""") : null);
        Import("a.csv", "bad.csv", $"-Operation {operation} -BatchSize 1 -PropertyType @{{ n = 'Number' }}");
        Assert.Equal(superseded, File.ReadAllText(Folder.File("bad.csv")).Split(Note).Length - 1);
    }

    [Fact]
    public void They_are_known_to_an_import_that_goes_on_with_a_journal()
    {
        Folder.Write("a.csv", "id,v\na,bad\nb,bad\nc,1\na,2\n");
        RefuseBad(last: 3);
        Import("a.csv", "bad.csv", "-BatchSize 1 -MaxConcurrency 1 -JournalPath $journal -Resume");
        Assert.DoesNotContain(Note, File.ReadAllText(Folder.File("bad.csv")), StringComparison.Ordinal);
        RefuseBad();
        Import("a.csv", "bad.csv", "-BatchSize 1 -MaxConcurrency 1 -JournalPath $journal -Resume");
        Assert.Equal(["a True", "b False"], File.ReadAllLines(Folder.File("bad.csv")).Skip(1).Select(row => $"{row[0]} {row.Contains(Note, StringComparison.Ordinal)}"));
    }

    [Fact]
    public void They_are_known_in_json_too()
    {
        var journal = Folder.File("journal");
        Folder.Write("a.ndjson", """
            {"distinct_id":"a","v":"bad"}
            {"distinct_id":"b","v":"bad"}
            {"distinct_id":"c","v":"1"}
            {"distinct_id":"a","v":"2"}

            """);
        var script = "Import-UserProfileJson $path -RejectPath $rejects -BatchSize 1 -MaxConcurrency 1 -JournalPath $journal -Resume";
        var arguments = new { path = Folder.File("a.ndjson"), rejects = Folder.File("bad.ndjson"), journal };
        RefuseBad(last: 3);
        Session.Run(script, arguments);
        RefuseBad();
        Session.Run(script, arguments);
        Assert.Equal(["a True", "b False"], File.ReadAllLines(Folder.File("bad.ndjson")).Select(Shown));
        Accept();
        var again = Session.Run("Import-UserProfileJson $rejects -SkipSuperseded", arguments).Succeeded();
        Assert.Equal((1L, 1L), ((long)again.Value("Accepted")!, (long)again.Value("Skipped")!));

        static string Shown(string line)
        {
            var row = JsonDocument.Parse(line).RootElement;
            return $"{row.GetProperty("distinct_id")} {row.GetProperty("_error").GetString()!.EndsWith(Note, StringComparison.Ordinal)}";
        }
    }

    [Fact]
    public void Rows_of_a_profile_are_in_input_order_whoever_refused_them()
    {
        // The module refuses the rows behind the first one while that is on its way.
        Folder.Write("a.csv", "id,v\na,bad\na,2,more\na\nb,1\n");
        RefuseBad();
        Import("a.csv", "bad.csv", "-BatchSize 1");
        Assert.Equal(["2", "3", "4"], File.ReadAllLines(Folder.File("bad.csv")).Skip(1).Select(Line));
    }

    // The line of the input is what stands before the text of the error.
    private static string Line(string row) => row[..row.IndexOf(",\"the ", StringComparison.OrdinalIgnoreCase)].Split(',')[^1];

    private void Reject()
    {
        Folder.Write("a.csv", "id,v\na,bad1\na,bad2\na,good\nb,bad\n");
        RefuseBad();
        Import("a.csv", "bad.csv");
        Assert.Equal("good", V("a"));
    }

    private void RefuseBad(int last = int.MaxValue)
    {
        var before = Service.Requests;
        Service.Answer = (number, records) => Task.FromResult<(int, string)?>(
            number - before > last && last != int.MaxValue ? (401, "no")
            : records.Any(r => r.GetProperty("$set").GetProperty("v").GetString()!.StartsWith("bad", StringComparison.Ordinal)) ? (400, """{"error":"no","status":0}""")
            : null);
    }

    private void Accept() => Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);

    private string? V(string id) => Service.Profiles[id].GetProperty("v").GetString();

    private ScriptResult Import(string file, string rejects, string parameters = "") => Session.Run(
        $"Import-UserProfileCsv $path -IdentifierColumn id -RejectPath $rejects {parameters}",
        new { path = Folder.File(file), rejects = Folder.File(rejects), journal = Folder.File("journal") });
}
