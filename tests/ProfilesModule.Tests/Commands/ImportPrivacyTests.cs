using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Columns that are hashed or left out before anything is written anywhere.</summary>
public sealed class ImportPrivacyTests : ConnectedTests
{
    [Theory]
    [InlineData("email", " Ann@Example.COM ", "ann@example.com")]
    [InlineData("$email", "ÄNN@b.c", "änn@b.c")]
    [InlineData("phone", " +43 (664) 123-45 ", "+4366412345")]
    [InlineData("$phone", "0664/123 45", "066412345")]
    [InlineData("note", " Ann B ", "Ann B")]
    [InlineData("note", "a,\"b\"", "a,\"b\"")]
    public void A_hash_is_that_of_the_text_in_its_usual_form(string column, string cell, string text)
    {
        var path = Folder.Write("a.csv", $"distinct_id,{column}\nx,\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n");
        Session.Run("Import-UserProfileCsv $path -HashProperty $column", new { path, column }).Succeeded();
        Assert.Equal(Hash(text), Service.Profiles["x"].GetProperty(column).GetString());
    }

    [Theory]
    [InlineData("-HashProperty mail -PropertyMap @{ mail = '$email' }", "$email")]
    [InlineData("-HashProperty '$email' -PropertyMap @{ mail = '$email' }", "$email")]
    [InlineData("-HashProperty MAIL", "mail")]
    public void A_column_is_named_by_its_own_name_or_that_of_its_property(string parameters, string property)
    {
        var path = Folder.Write("a.csv", "distinct_id,mail\nx,a@b.c\ny,\nz,  \n");
        Session.Run($"Import-UserProfileCsv $path {parameters}", new { path }).Succeeded();
        Assert.Equal(Hash("a@b.c"), Service.Profiles["x"].GetProperty(property).GetString());
        Assert.Equal(("{}", "{}"), (Service.Profiles["y"].GetRawText(), Service.Profiles["z"].GetRawText()));
    }

    [Fact]
    public void The_identifier_can_be_hashed_and_rows_of_one_address_are_one_profile()
    {
        var path = Folder.Write("a.csv", "email,v\nA@b.c,1\na@B.c ,2\n");
        var result = Session.Run("Import-UserProfileCsv $path -HashProperty email -Unique", new { path }).Succeeded();
        Assert.Equal($$"""{"email":"{{Hash("a@b.c")}}","v":"2"}""", Service.Profiles[Hash("a@b.c")].GetRawText());
        Assert.Equal((1L, 1L), (result.Value("Accepted"), result.Value("Skipped")));
    }

    [Fact]
    public void A_name_that_is_no_column_is_an_error()
    {
        var path = Folder.Write("a.csv", "distinct_id,mail\nx,a@b.c\n");
        var error = Assert.Single(Session.Run("Import-UserProfileCsv $path -HashProperty email", new { path }).Errors);
        Assert.StartsWith("ColumnNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(0, Service.Requests);
    }

    [Theory]
    [InlineData("Import-UserProfileCsv $path")]
    [InlineData("Import-UserProfileCsv $path -Unique -InferType")]
    [InlineData("Import-UserProfileCsv $path -WhatIf")]
    public void Nothing_that_is_to_be_hidden_is_in_any_file_or_stream(string command)
    {
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(
            records.Any(r => r.GetProperty("$distinct_id").ValueEquals("bad")) ? (400, """{"error":"no","status":0}""") : null);
        var path = Folder.Write("a.csv", "distinct_id,email,ssn,age\nok,secret@b.c,SECRET,7\n,secret@b.c,SECRET,7\nbad,secret@b.c,SECRET,7\nx,secret@b.c,SECRET,many\nx,secret@b.c,SECRET\nx,secret@b.c,SECRET\"x,7\n\nsecret@b.c,\"SECRET,7\n");
        var parameters = "-HashProperty email -ExcludeProperty ssn -PropertyType @{ age = 'Number' } -RejectPath $bad -JournalPath $j -LogPath $log -Verbose";
        var result = Session.Run($"{command} {parameters}", new { path, bad = Folder.File("bad.csv"), j = Folder.File("j"), log = Folder.File("log") });
        Assert.Null(result.Terminating);
        Assert.Equal((command.Contains("-WhatIf", StringComparison.Ordinal) ? 5 : 6, 7L), (result.Errors.Count, result.Value("Read")));
        var texts = result.AllText()
            .Concat(result.Errors.Select(e => string.Join(' ', ((PSObject)e.TargetObject).Properties.Select(p => $"{p.Name}={p.Value}"))))
            .Concat(Service.Bodies)
            .Concat(new[] { "bad.csv", "j", "log" }.Select(Folder.File).Where(File.Exists).Select(File.ReadAllText));
        Assert.All(texts, text => Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("-HashProperty email -ExcludeProperty ssn")]
    [InlineData("")]
    public void A_reject_file_has_what_was_hashed_and_is_imported_without_hashing_it_again(string parameters)
    {
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((400, """{"error":"no","status":0}"""));
        var path = Folder.Write("a.csv", "distinct_id,email,ssn,note\nx,A@b.c,1,\"a, \"\"b\"\"\nc\"\ny,b@b.c,2,n\n");
        Session.Run("Import-UserProfileCsv $path -HashProperty email -ExcludeProperty ssn -RejectPath $bad", new { path, bad = Folder.File("bad.csv"), again = Folder.File("again.csv") });
        Assert.Equal("distinct_id,email#sha256,note,_line,_error,_errorId", File.ReadAllLines(Folder.File("bad.csv"))[0]);
        Session.Run($"Import-UserProfileCsv $bad {parameters} -RejectPath $again");
        Assert.Equal("distinct_id,email#sha256,note,_line,_error,_errorId", File.ReadAllLines(Folder.File("again.csv"))[0]);
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Session.Run($"Import-UserProfileCsv $again {parameters}").Succeeded();
        Assert.Equal($$"""{"email":"{{Hash("a@b.c")}}","note":"a, \u0022b\u0022\nc"}""".Replace("\\u0022", "\\\"", StringComparison.Ordinal), Service.Profiles["x"].GetRawText());
        Assert.Equal(Hash("b@b.c"), Service.Profiles["y"].GetProperty("email").GetString());
    }

    [Fact]
    public void The_target_of_an_error_can_be_sent_again_as_it_is()
    {
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number == 1 ? (400, """{"error":"no","status":0}""") : null);
        var path = Folder.Write("a.csv", "distinct_id,email,ssn\nx,A@b.c,1\n");
        Session.Run("Import-UserProfileCsv $path -HashProperty email -ExcludeProperty ssn -ErrorVariable failed -ErrorAction SilentlyContinue | Out-Null; $failed.TargetObject | Set-UserProfile", new { path });
        Assert.Equal($$"""{"email":"{{Hash("a@b.c")}}"}""", Service.Profiles["x"].GetRawText());
    }

    [Fact]
    public void Without_either_rows_stay_as_they_were()
    {
        var path = Folder.Write("a.csv", "distinct_id,note\n,\"n\" \n ,\"quoted\"\n");
        Session.Run("Import-UserProfileCsv $path -RejectPath $bad", new { path, bad = Folder.File("bad.csv") });
        Assert.StartsWith(" ,\"quoted\",3,", File.ReadAllLines(Folder.File("bad.csv"))[2], StringComparison.Ordinal);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
