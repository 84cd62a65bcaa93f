using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class ImportUserProfileJsonTests : ConnectedTests
{
    [Theory]
    [InlineData("{\"distinct_id\":\"1\",\"a\":1.10}\n{\"distinct_id\":2,\"a\":[1, {\"b\":null}]}\n")]
    [InlineData("\uFEFF\r\n{\"distinct_id\":\"1\",\"a\":1.10}\r\n\r\n  {\"distinct_id\":2,\"a\":[1, {\"b\":null}]}")]
    [InlineData("[{\"distinct_id\":\"1\",\"a\":1.10},{\"distinct_id\":2,\"a\":[1, {\"b\":null}]}]")]
    [InlineData("\uFEFF \r\n[\r\n  {\r\n  \"distinct_id\": \"1\",\r\n  \"a\": 1.10\r\n  } ,\n{\"distinct_id\":2,\"a\":[1, {\"b\":null}]}\n]\n")]
    [InlineData("{\n  \"distinct_id\": \"1\",\n  \"a\": 1.10\n}\n{\n  \"distinct_id\": 2,\n  \"a\":[1, {\"b\":null}]\n}\n")]
    public void Lines_a_list_and_objects_over_several_lines_are_read_alike(string text)
    {
        var result = Import(text).Succeeded();
        Assert.Equal((2L, 2L, 0), ((long)result.Value("Read")!, (long)result.Value("Accepted")!, (int)result.Value("ExitCode")!));
        Assert.Equal("{\"a\":1.10}", Service.Profiles["1"].GetRawText());
        Assert.Equal("{\"a\":[1, {\"b\":null}]}", Service.Profiles["2"].GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n")]
    [InlineData("[]")]
    [InlineData(" [ \n ] ")]
    public void A_file_without_objects_is_imported_without_rows(string text)
    {
        var result = Import(text).Succeeded();
        Assert.Equal((0L, 0), ((long)result.Value("Read")!, (int)result.Value("ExitCode")!));
    }

    [Fact]
    public void A_compressed_file_is_read_to_its_end_or_is_an_error()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes("{\"distinct_id\":\"1\",\"a\":1}\n{\"distinct_id\":\"2\",\"a\":2}\n"));
        var path = Folder.File("users.ndjson.gz");
        File.WriteAllBytes(path, compressed.ToArray());
        Assert.Equal(2L, Session.Run("Import-UserProfileJson $path", new { path }).Succeeded().Value("Accepted"));
        File.WriteAllBytes(path, compressed.ToArray()[..^9]);
        var cutOff = Session.Run("Import-UserProfileJson $path", new { path });
        Assert.StartsWith("FileNotReadable,", Assert.Single(cutOff.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, cutOff.Value("ExitCode"));
    }

    [Fact]
    public void Lines_that_cannot_be_parsed_end_the_import_when_they_are_as_many_as_is_allowed()
    {
        var result = Import("{\"distinct_id\":\"1\"}\nx\ny\n{\"distinct_id\":\"2\"}\n", "-MaxParseErrors 2");
        var ended = Assert.Single(result.Errors, e => e.FullyQualifiedErrorId.StartsWith("MaxParseErrorsReached,", StringComparison.Ordinal));
        Assert.Contains("-Delimiter", ended.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
    }

    [Fact]
    public void A_line_that_cannot_be_read_costs_no_other_and_is_named()
    {
        var result = Import("{\"distinct_id\":\"1\",\"a\":1}\n{\"distinct_id\":\"2\",\"a\":\n\n7\n{\"distinct_id\":\"3\",\"a\":1,\"a\":2}\n{\"a\":1}\n{\"distinct_id\":\"4\"} x\n{\"distinct_id\":\"5\",\"a\":\"\\ud83d\"}\n{\"distinct_id\":1.5}\n{\"distinct_id\":\"9\",\"a\":1}\n");
        Assert.Equal((9L, 2L, 7L, 1), ((long)result.Value("Read")!, (long)result.Value("Accepted")!, (long)result.Value("Rejected")!, (int)result.Value("ExitCode")!));
        Assert.Equal(
            ["MalformedJson", "MalformedJson", "DuplicateProperty", "MissingIdentifier", "MalformedJson", "UnsupportedValue", "InvalidIdentifier"],
            result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(
            [2, 4, 5, 6, 7, 8, 9],
            result.Errors.Select(e => int.Parse(e.Exception.Message.Split("line ")[1].Split(':')[0])));
        Assert.Equal(["1", "9"], Service.Profiles.Keys.Order());
    }

    [Theory]
    [InlineData("[{\"distinct_id\":\"1\"},\n{\"distinct_id\":\"2\"},\n{\"distinct_id\" \"3\"}]", "line 3, byte 16", 2)]
    [InlineData("[{\"distinct_id\":\"1\"}\n{\"distinct_id\":\"2\"}]", "line 2, byte 1", 1)]
    [InlineData("[{\"distinct_id\":\"1\"},\n{\"distinct_id\":\"2\"}] x", "line 2, byte 22", 2)]
    [InlineData("[{\"distinct_id\":\"1\"},\n{\"distinct_id\":", "line 2", 1)]
    [InlineData("[{\"distinct_id\":\"1\"}", "line 1", 1)]
    [InlineData("{\n\"distinct_id\":\"1\"\n}\n{\n\"distinct_id\":}", "line 5", 1)]
    public void A_list_that_is_no_json_from_some_place_on_ends_there_and_what_was_before_is_sent(string text, string place, int sent)
    {
        var result = Import(text);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("FileNotReadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(place, error.ToString(), StringComparison.Ordinal);
        Assert.Equal((sent, 2), (Service.Profiles.Count, (int)result.Value("ExitCode")!));
    }

    [Theory]
    [InlineData("distinct_id,a\n1,2\n")]
    [InlineData("\"text\"")]
    public void What_is_no_json_of_objects_is_not_read(string text)
    {
        var result = Import(text);
        Assert.StartsWith("FileNotReadable,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal((0L, 2), ((long)result.Value("Read")!, (int)result.Value("ExitCode")!));
    }

    [Fact]
    public void Another_encoding_than_utf_8_is_refused()
    {
        var path = Folder.Write("a.json", "[{\"distinct_id\":\"1\"}]", Encoding.Unicode);
        var result = Session.Run("Import-UserProfileJson $path", new { path });
        Assert.Contains("UTF-8", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        path = Folder.Write("b.json", "{\"distinct_id\":\"1\",\"a\":\"ü\"}\n", Encoding.Latin1);
        result = Session.Run("Import-UserProfileJson $path", new { path });
        Assert.StartsWith("InvalidEncoding,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    [Fact]
    public void Members_are_chosen_and_named_as_columns_are()
    {
        var text = "{\"id\":\"1\",\"email\":\"a@b.io\",\"mail2\":\"c\",\"plan\":\"x\",\"secret\":1,\"note\":2}\n";
        Import(text, "-IdentifierProperty ID -Property *mail*, plan -ExcludeProperty secret -UseReservedName -PropertyMap @{ plan = 'tier' }").Succeeded();
        Assert.Equal("{\"$email\":\"a@b.io\",\"mail2\":\"c\",\"tier\":\"x\"}", Service.Profiles["1"].GetRawText());
    }

    [Fact]
    public void A_name_that_no_object_has_is_told()
    {
        var result = Import("{\"distinct_id\":\"1\",\"email\":\"a@b.io\"}\n", "-UseReservedName -HashProperty '$email', 'emial' -ExcludeProperty secrte -PropertyMap @{ plna = 'tier' } -Property em*").Succeeded();
        Assert.Equal(["emial", "plna", "secrte"], result.Warnings.Select(w => w.Split('\'')[1]).Order());
    }

    [Theory]
    [InlineData("Set", "$set", "{\"n\":1.50}")]
    [InlineData("SetOnce", "$set_once", "{\"n\":1.50}")]
    [InlineData("Add", "$add", "{\"n\":1.50}")]
    [InlineData("Append", "$append", "{\"n\":1.50}")]
    [InlineData("Union", "$union", "{\"n\":[1.50]}")]
    [InlineData("Remove", "$remove", "{\"n\":1.50}")]
    public void Each_operation_carries_the_value_as_it_stands(string operation, string key, string expected)
    {
        Import("{\"distinct_id\":\"1\",\"n\":1.50}\n", $"-Operation {operation} -IgnoreTime").Succeeded();
        var record = JsonDocument.Parse(Assert.Single(Service.Bodies)).RootElement[0];
        Assert.Equal(expected, record.GetProperty(key).GetRawText());
        Assert.True(record.GetProperty("$ignore_time").GetBoolean());
    }

    [Fact]
    public void Only_numbers_are_added()
    {
        var result = Import("{\"distinct_id\":\"1\",\"n\":\"many\"}\n", "-Operation Add");
        Assert.StartsWith("UnsupportedValue,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identify_call_of_segment_is_its_traits()
    {
        Import("""
            {"type":"identify","messageId":"m","anonymousId":"x","userId":"u1","traits":{"email":"a@b.io","firstName":"Ann","plan":"pro","createdAt":"2026-01-31T12:00:00Z","address":{"city":"Graz","street":"Am Ring 1","country":"AT"}},"context":{"ip":"1.2.3.4"},"timestamp":"2026-01-01T00:00:00Z"}
            {"userId":97,"traits":{"name":"Bo","city":"Linz","address":{"city":"Wien"}}}
            {"type":"identify","userId":"u3"}
            """).Succeeded();
        Assert.Equal(
            """{"$email":"a@b.io","$first_name":"Ann","plan":"pro","$created":"2026-01-31T12:00:00Z","address":{"street":"Am Ring 1"},"$country_code":"AT","$city":"Graz"}""",
            Service.Profiles["u1"].GetRawText());
        Assert.Equal("""{"$name":"Bo","$city":"Linz","address":{"city":"Wien"}}""", Service.Profiles["97"].GetRawText());
        Assert.Equal("{}", Service.Profiles["u3"].GetRawText());
    }

    [Fact]
    public void Other_calls_of_segment_are_errors_of_their_rows()
    {
        var result = Import("""
            {"type":"track","userId":"u1","event":"Signed up","properties":{"plan":"pro"}}
            {"type":"identify","anonymousId":"x","traits":{"plan":"pro"}}
            {"type":"group","userId":"u1","groupId":"g","traits":{"plan":"pro"}}
            {"userId":"u1","plan":"pro"}
            {"distinct_id":"d","type":"track","traits":{"a":1}}
            """);
        Assert.Equal(["UnsupportedObject", "MissingIdentifier", "UnsupportedObject", "MissingIdentifier"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Contains("anonymousId", result.Errors[1].ToString(), StringComparison.Ordinal);
        Assert.Equal("{\"type\":\"track\",\"traits\":{\"a\":1}}", Service.Profiles["d"].GetRawText());
    }

    [Fact]
    public void What_if_sends_nothing_and_says_what_would_be_sent()
    {
        var result = Import("{\"distinct_id\":\"1\"}\n{\"a\":1}\n", "-WhatIf");
        Assert.Equal((2L, 1L, 0L), ((long)result.Value("Read")!, (long)result.Value("Rejected")!, (long)result.Value("Accepted")!));
        Assert.Equal(0, Service.Requests);
        Assert.StartsWith("MissingIdentifier,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_last_object_of_an_identifier_is_sent_where_that_is_asked_for()
    {
        var result = Import("""[{"distinct_id":"1","n":1},{"distinct_id":"2","n":1},{"distinct_id":1,"n":2}]""", "-Unique").Succeeded();
        Assert.Equal((3L, 2L, 1L), ((long)result.Value("Read")!, (long)result.Value("Accepted")!, (long)result.Value("Skipped")!));
        Assert.Equal("{\"n\":2}", Service.Profiles["1"].GetRawText());
    }

    [Fact]
    public void Rules_are_kept_and_told_as_for_csv()
    {
        var result = Import("{\"distinct_id\":\"null\",\"a\":1}\n{\"distinct_id\":\"1\",\"email\":\"a@b.io\",\"$email\":\"x\"}\n{\"distinct_id\":\"2\",\"$email\":\"\\u0078\",\"bucket\":1}\n");
        Assert.Equal(["PlaceholderIdentifier", "ForbiddenName"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Contains(result.Warnings, w => w.StartsWith("a.json, line 2: '$email' ", StringComparison.Ordinal));
        Assert.Contains(result.Warnings, w => Regex.IsMatch(w, @"\bInvalidEmail\b.*\b2 "));
        Assert.Equal(["1"], Service.Profiles.Keys);
    }

    [Fact]
    public void The_target_of_an_error_can_be_sent_again()
    {
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((400, """{"error":"no","status":0}"""));
        var result = Import("{\"distinct_id\":\"1\",\"Plan\":1.10,\"plan\":[1,{\"b\":null}]}\n");
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Session.Run("$target | Set-UserProfile", new { target = Assert.Single(result.Errors).TargetObject }).Succeeded();
        Assert.Equal("{\"Plan\":1.10,\"plan\":[1,{\"b\":null}]}", Service.Profiles["1"].GetRawText());
    }

    private ScriptResult Import(string text, string parameters = "")
    {
        var path = Folder.Write("a.json", text);
        return Session.Run($"Import-UserProfileJson $path {parameters}", new { path });
    }
}
