using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Texts that mean no value, and texts with something invisible around them.</summary>
public sealed class ImportTextTests : ConnectedTests
{
    [Fact]
    public void A_text_for_no_value_is_removed_like_an_empty_cell_and_identifies_nobody()
    {
        var path = Folder.Write("a.csv", "id,v,w\nNULL,1,a\n2,NULL,NULLABLE\n");
        var result = Session.Run("Import-UserProfileCsv $path -IdentifierColumn id -NullText NULL -EmptyCell Unset", new { path });
        Assert.StartsWith("MissingIdentifier,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("""{"w":"NULLABLE"}""", Assert.Single(Service.Profiles.Values).GetRawText());
        Assert.Contains(Service.Bodies, body => body.Contains("\"$unset\":[\"v\"]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "{} {}")]
    [InlineData("-InferType", "{} {}")]
    [InlineData("-EmptyCell Null", """{"v":null} {"v":null}""")]
    [InlineData("-Dialect Snowflake", """{"v":"\\N"} {}""")]
    [InlineData("-Dialect PostgreSqlCsv", """{"v":"\\N"} {}""")]
    public void Quotes_make_no_text_of_what_means_no_value_unless_the_dialect_says_so(string parameters, string profiles)
    {
        var path = Folder.Write("a.csv", "id,v\n1,\"\\N\"\n2,\\N\n");
        var command = $"Import-UserProfileCsv $path -IdentifierColumn id -NullText '\\N' {parameters}";
        Assert.Empty(Session.Run(command, new { path }).Succeeded().Warnings);
        Assert.Equal(profiles, string.Join(' ', new[] { "1", "2" }.Select(id => Service.Profiles[id].GetRawText())));
    }

    [Theory]
    [InlineData("", 2L)]
    [InlineData("-Dialect PostgreSqlCsv", 1L)]
    public void A_text_for_no_value_is_found_in_quotes_too_unless_the_dialect_says_so(string parameters, long count)
    {
        var path = Folder.Write("a.csv", "id,v\n1,\"\\N\"\n2,\\N\n");
        var finding = Session.Run($"Test-UserProfile $path -IdentifierColumn id {parameters}", new { path }).Succeeded().Output[0];
        Assert.Equal(("NullText", count), (finding.Properties["Rule"].Value, finding.Properties["Count"].Value));
    }

    [Fact]
    public void Cells_of_NULs_are_empty()
    {
        var path = Folder.Write("a.csv", "id,v,n\n1,\0,\0\0\n\0,a,1\n2,b,3\n");
        var result = Session.Run("Import-UserProfileCsv $path -IdentifierColumn id -InferType", new { path });
        Assert.StartsWith("MissingIdentifier,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(("{}", """{"v":"b","n":3}"""), (Service.Profiles["1"].GetRawText(), Service.Profiles["2"].GetRawText()));
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Members_of_JSON_are_taken_alike()
    {
        var path = Folder.Write("a.ndjson", """{"id":" 1","a":"NULL"," b ":"\u00a0x\ty\u0000","c":[" NULL "]}""");
        var warned = Session.Run("Import-UserProfileJson $path -IdentifierProperty id", new { path }).Succeeded();
        Assert.Equal(
            "DamagedText  b  (1) IdentifierWithBlanks id (1) NameWithBlanks  b  (1) NullText a (1)",
            string.Join(' ', ((IEnumerable<object>)warned.Value("Findings")!).Select(finding => finding.ToString()).Order(StringComparer.Ordinal)));
        Assert.Empty(Session.Run("Import-UserProfileJson $path -IdentifierProperty id -NullText NULL -TrimValue -TrimIdentifier", new { path }).Succeeded().Warnings);
        Assert.Equal("""{"a":null,"b":"x\ty","c":[" NULL "]}""", Service.Profiles["1"].GetRawText());
    }

    [Theory]
    [InlineData("Set-UserProfile", "-EmptyCell Skip", """{"b":"x"}""")]
    [InlineData("Set-UserProfile", "-EmptyCell Null", """{"a":null,"b":"x"}""")]
    public void Rows_of_the_pipeline_are_taken_alike(string command, string empty, string profile)
    {
        const string row = "[pscustomobject]@{ distinct_id = '1 '; a = 'NULL'; 'b ' = \"x`u{200b}\" }";
        var warned = Session.Run($"{row} | Test-UserProfile", new { }).Succeeded();
        Assert.Equal(
            ["IdentifierWithBlanks", "NameWithBlanks", "NullText", "TextWithBlanks"],
            warned.Output.SkipLast(1).Select(finding => finding.Properties["Rule"].Value.ToString()!).Order(StringComparer.Ordinal));
        var parameters = $"-NullText NULL -TrimValue -TrimIdentifier {empty}";
        Assert.Single(Session.Run($"{row} | Test-UserProfile {parameters}", new { }).Succeeded().Output);
        Assert.Empty(Session.Run($"{row} | {command} {parameters}", new { }).Succeeded().Warnings);
        Assert.Equal(profile, Service.Profiles["1"].GetRawText());
    }

    [Fact]
    public void Names_that_become_one_are_refused()
    {
        var path = Folder.Write("a.csv", "id,v,v \n1,a,b\n");
        var json = Folder.Write("a.ndjson", """{"id":"1","v":"a","v ":"b"}""");
        var result = Session.Run(
            "Import-UserProfileCsv $path -IdentifierColumn id -TrimValue; Import-UserProfileJson $json -IdentifierProperty id -TrimValue; @{ distinct_id = 1; v = 'a'; 'v ' = 'b' } | Set-UserProfile -TrimValue",
            new { path, json });
        Assert.Equal(["PropertyAmbiguous", "DuplicateProperty", "DuplicateProperty"], result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Empty(Service.Profiles);
    }

    [Theory]
    [InlineData("$email", "nobody", "InvalidEmail")]
    [InlineData("$phone", "0664 12345", "PhoneWithoutCountryCode")]
    [InlineData("note", "NULL", "NullText")]
    [InlineData("note", "na\uFFFDve", "DamagedText")]
    [InlineData("note", "System.Object[]", "LostValue")]
    public void What_breaks_a_rule_breaks_it_also_when_it_is_hashed(string property, string value, string rule)
    {
        var path = Folder.Write("a.csv", $"distinct_id,{property}\n1,{value}\n");
        var json = Folder.Write("a.ndjson", $$"""{"distinct_id":"1","{{property}}":"{{value}}"}""");
        foreach (var command in new[] { "Import-UserProfileCsv $path", "Import-UserProfileJson $json" })
        {
            var refused = Session.Run($"{command} -HashProperty $property -Strict", new { path, json, property });
            Assert.StartsWith($"{rule},", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        }

        var finding = Session.Run("Test-UserProfile $path -HashProperty $property", new { path, property }).Succeeded().Output[0];
        Assert.Equal((rule, null), (finding.Properties["Rule"].Value.ToString(), finding.Properties["Sample"].Value));
    }

    [Theory]
    [InlineData("9.91214E+15")]
    [InlineData("Andr\uFFFD")]
    public void An_identifier_that_is_none_is_refused_when_it_is_hashed_and_again_from_the_reject_file(string id)
    {
        var path = Folder.Write("a.csv", $"distinct_id,v\n{id},a\n");
        var refused = Session.Run("Import-UserProfileCsv $path -HashProperty distinct_id -RejectPath $bad", new { path, bad = Folder.File("bad.csv") });
        Assert.Single(refused.Errors);
        Assert.Single(Session.Run("Import-UserProfileCsv $bad", new { bad = Folder.File("bad.csv") }).Errors);
        Assert.Empty(Service.Profiles);
    }

    [Fact]
    public void Blanks_do_not_change_a_hash()
    {
        var path = Folder.Write("a.csv", "distinct_id,$email\n1,a@b.io\n2,\u00A0a@b.io\u200B\n3,\uFEFFA@b.io \n");
        Assert.Empty(Session.Run("Import-UserProfileCsv $path -HashProperty '$email' -Strict", new { path }).Succeeded().Warnings);
        Assert.Single(Service.Profiles.Values.Select(profile => profile.GetRawText()).Distinct());
    }

    [Fact]
    public void A_reject_file_has_the_cells_as_they_were()
    {
        var path = Folder.Write("a.csv", "distinct_id,v,n\n 1, NULL ,x\n");
        const string parameters = "-NullText NULL -TrimValue -TrimIdentifier -PropertyType @{ n = 'Number' }";
        Session.Run($"Import-UserProfileCsv $path {parameters} -RejectPath $bad", new { path, bad = Folder.File("bad.csv") });
        var bad = File.ReadAllText(Folder.File("bad.csv"));
        Assert.Contains("\n 1, NULL ,x,2,", bad, StringComparison.Ordinal);
        File.WriteAllText(Folder.File("bad.csv"), bad.Replace(",x,", ",7,", StringComparison.Ordinal));
        Session.Run($"Import-UserProfileCsv $bad {parameters}", new { bad = Folder.File("bad.csv") }).Succeeded();
        Assert.Equal("""{"n":7}""", Service.Profiles["1"].GetRawText());
    }

    [Theory]
    [InlineData("-NullText 'null'")]
    [InlineData("-NullText NULL -TrimValue")]
    [InlineData("-NullText NULL -TrimIdentifier")]
    public void An_import_is_not_continued_with_other_texts(string parameters)
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,a\n");
        Session.Run("Import-UserProfileCsv $path -NullText NULL -JournalPath $j", new { path, j = Folder.File("j") }).Succeeded();
        var again = Session.Run($"Import-UserProfileCsv $path {parameters} -JournalPath $j -Resume", new { path, j = Folder.File("j") });
        Assert.StartsWith("JournalMismatch,", Assert.Single(again.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ distinct_id = '101.0' }, [pscustomobject]@{ distinct_id = '102.0' } | Set-UserProfile")]
    [InlineData("[pscustomobject]@{ distinct_id = '101.0' }, [pscustomobject]@{ distinct_id = '102.0' } | Set-UserProfile -Strict")]
    [InlineData("Import-UserProfileJson $path")]
    [InlineData("Import-UserProfileJson $path -Strict")]
    public void What_identifiers_without_a_sample_have_in_common_is_told_at_the_end(string command)
    {
        var path = Folder.Write("a.ndjson", """{"distinct_id":"101.0","v":1}""" + "\n" + """{"distinct_id":"102.0","v":1}""" + "\n");
        var warning = Assert.Single(Session.Run(command, new { path }).Succeeded().Warnings);
        Assert.Contains("101.0", warning, StringComparison.Ordinal);
        Assert.Equal(2, Service.Profiles.Count);
    }

    [Theory]
    [InlineData("101.0,a\n102.0,b\n", "FloatIdentifier")]
    [InlineData("9912140000000010,a\n9912140000000020,b\n", "RoundedIdentifier")]
    public void What_all_identifiers_have_in_common_is_told_once_and_refused_strictly(string rows, string rule)
    {
        var path = Folder.Write("a.csv", $"distinct_id,v\n{rows}");
        var warned = Session.Run("Import-UserProfileCsv $path", new { path }).Succeeded();
        Assert.Single(warned.Warnings);
        Assert.Equal((0, 2), (warned.Value("ExitCode"), Service.Profiles.Count));
        var refused = Session.Run("Import-UserProfileCsv $path -Strict", new { path });
        Assert.StartsWith($"{rule},", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal((2, 0L), (refused.Value("ExitCode"), refused.Value("Read")));
        Assert.Empty(Session.Run("Import-UserProfileCsv $path -Strict -AllowAnyIdentifier", new { path }).Succeeded().Warnings);
    }

    [Theory]
    [InlineData(".0", "u7,a", true)]
    [InlineData("0000000000000000", "17,a", true)]
    [InlineData(".0", "7.0,a", false)]
    public void A_later_identifier_that_disproves_what_the_first_have_in_common_is_told(string form, string later, bool disproves)
    {
        var rows = string.Concat(Enumerable.Range(1, 1000).Select(i => $"{i}{form},a\n"));
        var path = Folder.Write("a.csv", $"distinct_id,v\n{rows}{later}\n{later}\n");
        var imported = Session.Run("Import-UserProfileCsv $path", new { path }).Succeeded();
        Assert.Equal((disproves ? 2 : 1, 1002L), (imported.Warnings.Count, imported.Value("Accepted")));
        Assert.Equal(disproves, imported.Warnings[^1].Contains("line 1002", StringComparison.Ordinal));
        var finding = Session.Run("Test-UserProfile $path", new { path }).Succeeded().Output[0];
        Assert.Equal(disproves, ((string)finding.Properties["Message"].Value).Contains("line 1002", StringComparison.Ordinal));
        Assert.Equal(0L, Session.Run("Import-UserProfileCsv $path -Strict", new { path }).Value("Read"));
    }
}
