using System.Text;

namespace ProfilesModule.Core.Tests.Server;

/// <summary>What the documentation says is too much: the record is refused, and the profile stays as it was.</summary>
public sealed class UpdateLimitTests : IDisposable
{
    private readonly RunningServer _running = new();

    public void Dispose() => _running.Dispose();

    public static TheoryData<string, string> TooMuch => new()
    {
        { "{\"x\":" + Object(256) + "}", "x has an object of more than 255 keys" },
        { "{\"x\":{\"y\":" + Object(256) + "}}", "x has an object of more than 255 keys" },
        { $$"""{"x":[{{Object(256)}}]}""", "x has an object of more than 255 keys" },
        { """{"x":{"a":{"b":{"c":{}}}}}""", "x is nested deeper than 3 objects" },
        { """{"x":{"a":[{"b":[{"c":1}]},{"d":{"e":1}}]}}""", "" },
        { """{"x":{"a":[{"b":{"c":{}}}]}}""", "x is nested deeper than 3 objects" },
        { """{"x":[{"a":{"b":1}}]}""", "x is a list of objects that hold objects" },
        { """{"x":[{"a":[{}]}]}""", "x is a list of objects that hold objects" },
        { $$"""{"x":[{{List(1100, 255)}}]}""", "x is larger than 262144 bytes" },
        { "{\"x\":{\"y\":[" + List(1100, 255) + "]}}", "x is larger than 262144 bytes" },
        { Object(2001), "has more than 2000 properties" },
        { """{"bucket":1}""", "bucket is a name that no property may have" },
        { """{"$bucket":1}""", "$bucket is a name that no property may have" },
        { Object(255), "" },
        { "{\"x\":" + Object(255) + "}", "" },
        { """{"x":{"a":{"b":{"c":1}}},"y":[[1],[[2]],{"a":[1,[2]]}]}""", "" },
        { $$"""{"x":[{{List(1000, 255)}}]}""", "" },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public async Task A_record_of_too_much_is_refused(string properties, string problem)
    {
        foreach (string operation in new[] { "$set", "$set_once" })
        {
            Answer answer = await _running.Apply("a", $"\"{operation}\":{properties}");
            Assert.Equal(problem.Length == 0 ? """{"error":null,"status":1}""" : $$"""{"error":"{{operation}}, {{problem}}","status":0}""", answer.Body);
        }

        Assert.Equal(problem.Length == 0 ? 1 : 0, _running.Server.ProfileCount);
    }

    [Fact]
    public async Task Only_the_record_that_is_too_large_is_refused()
    {
        string large = $"{{{string.Join(',', Enumerable.Range(0, 5).Select(i => $"\"x{i}\":[{List(900, 250)}]"))}}}";
        Answer answer = await _running.Engage(
            $$$"""[{"$token":"t","$distinct_id":"a","$set":{"x":1}},{"$token":"t","$distinct_id":"b","$set":{{{large}}}}]""", "strict=1");
        Assert.Equal(400, answer.Status);
        Assert.Contains("\"message\":\"data, larger than 1048576 bytes\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"num_records_imported\":1", answer.Body, StringComparison.Ordinal);
        Assert.Equal(1, _running.Server.ProfileCount);
    }

    [Fact]
    public async Task A_profile_takes_no_more_than_2000_properties()
    {
        await _running.Apply("a", $"\"$set\":{Object(1999)},\"$ignore_time\":true");
        await _running.Apply("a", """ "$set":{"k0":2,"last":1,"more":1},"$ignore_time":true """);
        await _running.Apply("a", """ "$append":{"list":1},"$ignore_time":true """);
        string properties = (await _running.Properties("a"))!;
        Assert.Contains("\"k0\":2", properties, StringComparison.Ordinal);
        Assert.Contains("\"last\":1", properties, StringComparison.Ordinal);
        Assert.DoesNotContain("more", properties, StringComparison.Ordinal);
        Assert.DoesNotContain("list", properties, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$append", "\"y\"")]
    [InlineData("$union", "[\"y\"]")]
    public async Task A_list_grows_to_256_KB(string operation, string element)
    {
        await _running.Apply("a", $$""" "$set":{"x":[{{List(1016, 255)}}],"z":[]} """);
        int before = (await _running.Properties("a"))!.Length;
        await _running.Apply("a", $"\"{operation}\":{{\"x\":{element},\"z\":{element}}}");
        Assert.Equal(before + 7, (await _running.Properties("a"))!.Length);
        await _running.Apply("a", $$""" "$append":{"x":"{{new string('z', 255)}}"} """);
        Assert.Equal(before + 7, (await _running.Properties("a"))!.Length);
    }

    [Fact]
    public async Task A_url_that_is_too_long_is_answered_by_what_stands_before_the_service()
    {
        string Url(int length) => $"engage?data={Uri.EscapeDataString($$$"""[{"$token":"t","$distinct_id":"a","$set":{"x":"{{{new string('x', length)}}}"}}]""")}";
        using HttpResponseMessage shorter = await _running.Client.GetAsync(Url(8000));
        Assert.Equal("1", await shorter.Content.ReadAsStringAsync());
        using HttpResponseMessage longer = await _running.Client.GetAsync(Url(8200));
        Assert.Equal((414, "text/html"), ((int)longer.StatusCode, longer.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("callback=f", "f(1);")]
    [InlineData("callback=jQuery.cb_1&verbose=1", """jQuery.cb_1({"error":null,"status":1});""")]
    [InlineData("callback=f&strict=1", """f({"code":200,"num_records_imported":1,"status":"OK"});""")]
    public async Task A_callback_makes_a_script_of_the_reply(string query, string body)
    {
        using HttpResponseMessage response = await _running.Client.PostAsync($"engage?{query}", RunningServer.Json("""[{"$token":"t","$distinct_id":"a","$set":{}}]"""));
        Assert.Equal((body, "text/javascript"), (await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("engage", "callback=alert(1)", "callback, must be the name of a function")]
    [InlineData("groups", "callback=f", "callback, not supported for groups")]
    [InlineData("engage", "img=1", "img, not supported by this server")]
    [InlineData("engage", "redirect=http://example.com", "redirect, not supported by this server")]
    public async Task What_it_does_not_know_is_refused(string path, string query, string error)
    {
        Answer answer = await Answer.Of(await _running.Client.PostAsync($"{path}?verbose=1&{query}", RunningServer.Json("[]")));
        Assert.Equal(new Answer(400, $$"""{"error":"{{error}}","status":0}"""), answer);
    }

    [Theory]
    [InlineData("ip=1", "\"$ip\":\"8.8.8.8\"")]
    [InlineData("ip=1", "\"$latitude\":47.4,\"$longitude\":8.5")]
    [InlineData("", "\"$ip\":0")]
    public async Task No_place_is_made_up(string query, string fields)
    {
        await _running.Engage($$$"""[{"$token":"t","$distinct_id":"a","$ignore_time":true,{{{fields}}},"$set":{"$city":"Bern"}}]""", query);
        Assert.Equal("""{"$city":"Bern"}""", await _running.Properties("a"));
    }

    private static string Object(int keys) => $"{{{string.Join(',', Enumerable.Range(0, keys).Select(i => $"\"k{i}\":1"))}}}";

    private static string List(int count, int length)
    {
        var list = new StringBuilder();
        for (int i = 0; i < count; i++)
            list.Append(i == 0 ? "" : ",").Append('"').Append($"{i}".PadRight(length, 'x')).Append('"');
        return list.ToString();
    }
}
