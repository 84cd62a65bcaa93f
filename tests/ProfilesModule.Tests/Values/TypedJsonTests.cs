using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Values;

/// <summary>Values of JSON files that say of what type they are arrive as the value that they stand for.</summary>
public sealed class TypedJsonTests : ConnectedTests
{
    [Theory]
    [InlineData("{\"$oid\":\"5f1e0c1b2c3d4e5f6a7b8c9d\"}", "\"5f1e0c1b2c3d4e5f6a7b8c9d\"")]
    [InlineData("{ \"$uuid\" : \"a\\u00fc\" }", "\"a\\u00fc\"")]
    [InlineData("{\"$date\":\"2023-01-05T10:11:12Z\"}", "\"2023-01-05T10:11:12\"")]
    [InlineData("{\"$date\":\"2023-01-05T10:11:12.345+0200\"}", "\"2023-01-05T08:11:12\"")]
    [InlineData("{\"$date\":{\"$numberLong\":\"1672913472000\"}}", "\"2023-01-05T10:11:12\"")]
    [InlineData("{\"$date\":1672913472999}", "\"2023-01-05T10:11:12\"")]
    [InlineData("{\"$date\":{\"$numberLong\":\"-1\"}}", "\"1969-12-31T23:59:59\"")]
    [InlineData("{\"$numberLong\":\"9007199254740993\"}", "9007199254740993")]
    [InlineData("{\"$numberInt\":\"-5\"}", "-5")]
    [InlineData("{\"$numberDouble\":\"1.0E+2\"}", "1.0E+2")]
    [InlineData("{\"$numberDecimal\":\"1.50\"}", "1.50")]
    [InlineData("\"/Date(1672913472000)/\"", "\"2023-01-05T10:11:12\"")]
    [InlineData("\"\\/Date(1672913472000+0100)\\/\"", "\"2023-01-05T10:11:12\"")]
    [InlineData("[ {\"$oid\":\"a\"}, {\"x\":[{\"$numberInt\":\"1\"}, \"\\/Date(0)\\/\"]}, 7 ]", "[ \"a\", {\"x\":[1, \"1970-01-01T00:00:00\"]}, 7 ]")]
    [InlineData("\"/Date(1672913472000)\"", "\"/Date(1672913472000)\"")]
    [InlineData("\"see /Date(0)/\"", "\"see /Date(0)/\"")]
    [InlineData("\"\\\\Date(0)/\"", "\"\\\\Date(0)/\"")]
    [InlineData("{\"$oid2\":\"a\",\"b\":1}", "{\"$oid2\":\"a\",\"b\":1}")]
    public void A_typed_value_is_the_value(string value, string sent)
    {
        var text = $"{{\"distinct_id\":\"1\",\"a\":{value}}}\n{{\"type\":\"identify\",\"userId\":\"2\",\"traits\":{{\"a\":{value}}}}}\n{{\"$distinct_id\":\"3\",\"$properties\":{{\"a\":{value}}}}}\n";
        Import(text).Succeeded();
        Assert.Equal(["1", "2", "3"], Service.Profiles.Keys.Order());
        Assert.All(Service.Profiles.Values, profile => Assert.Equal($"{{\"a\":{sent}}}", profile.GetRawText()));
    }

    [Theory]
    [InlineData("{\"$numberDouble\":\"NaN\"}")]
    [InlineData("{\"$numberDouble\":\"-Infinity\"}")]
    [InlineData("{\"$numberLong\":\"007\"}")]
    [InlineData("{\"$date\":\"yesterday\"}")]
    [InlineData("{\"$date\":{\"$numberLong\":\"99999999999999999\"}}")]
    [InlineData("{\"$binary\":{\"base64\":\"AA==\",\"subType\":\"04\"}}")]
    [InlineData("[{\"$timestamp\":{\"t\":1,\"i\":1}}]")]
    [InlineData("{\"$oid\":\"a\",\"more\":1}")]
    public void A_value_that_no_profile_can_hold_is_refused_and_can_be_excluded(string value)
    {
        var text = $"{{\"distinct_id\":\"1\",\"a\":{value},\"b\":1}}\n";
        Assert.StartsWith("ExtendedJsonValue,", Assert.Single(Import(text).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
        Import(text, "-ExcludeProperty a").Succeeded();
        Assert.Equal("{\"b\":1}", Service.Profiles["1"].GetRawText());
    }

    [Fact]
    public void An_identifier_is_unwrapped_also_from_a_reject_file_and_before_it_is_hashed()
    {
        var text = "{\"_id\":{\"$oid\":\"5f1e\"},\"n\":{\"$numberLong\":\"5\"}}\n";
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((200, "{\"status\":0,\"error\":\"no\"}"));
        var rejects = Folder.File("bad.ndjson");
        Import(text, $"-IdentifierProperty _id -RejectPath '{rejects}'");
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Assert.StartsWith("{\"_id\":{\"$oid\":\"5f1e\"},", File.ReadAllText(rejects), StringComparison.Ordinal);
        Session.Run("Import-UserProfileJson $rejects -IdentifierProperty _id", new { rejects }).Succeeded();
        Assert.Equal("{\"n\":5}", Service.Profiles["5f1e"].GetRawText());

        Service.Profiles.Clear();
        Import(text, "-IdentifierProperty _id -HashProperty _id").Succeeded();
        Import("{\"_id\":\"5f1e\",\"n\":5}", "-IdentifierProperty _id -HashProperty _id").Succeeded();
        Assert.Single(Service.Profiles);
    }

    private ScriptResult Import(string text, string parameters = "") =>
        Session.Run($"Import-UserProfileJson $path {parameters}", new { path = Folder.Write("users.json", text) });
}
