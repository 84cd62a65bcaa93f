using System.Text;

namespace ProfilesModule.Core.Tests.Server;

public sealed class BodyEncodingTests : IDisposable
{
    // The tilde-rich text makes base64 with plus signs and slashes.
    private const string Record = """{"$token":"t","$distinct_id":"a","$set":{"x":"~~?>é €"},"$ignore_time":"1"}""";

    private readonly RunningServer _running = new();

    public static TheoryData<string, string, string> Bodies
    {
        get
        {
            string base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes($"[{Record}]"));
            Assert.Contains('+', base64);
            Assert.EndsWith("=", base64);
            return new TheoryData<string, string, string>
            {
                { "application/json", $"[{Record}]", "JSON list" },
                { "application/json", Record, "JSON object" },
                { "application/json", $"\uFEFF \r\n[{Record}]", "byte order mark" },
                { "text/plain", $"[{Record}]", "JSON labelled as text" },
                { "application/x-www-form-urlencoded", Record, "JSON labelled as a form" },
                { "application/x-www-form-urlencoded", $"data={Uri.EscapeDataString($"[{Record}]")}", "form with a JSON list" },
                { "application/x-www-form-urlencoded", $"data={Uri.EscapeDataString(Record)}&verbose=0&ip=0", "form with a JSON object" },
                { "application/x-www-form-urlencoded", $"data={Record}", "form with unescaped JSON" },
                { "application/x-www-form-urlencoded", $"ip=0&data={Uri.EscapeDataString(base64)}", "form with base64" },
                { "application/x-www-form-urlencoded", $"data={base64}", "form with unescaped base64" },
                { "application/x-www-form-urlencoded", $"data={base64.TrimEnd('=')}", "form with base64 without padding" },
                { "text/plain", $"data={base64}", "base64 in text" },
                { "text/plain", $"data={Uri.EscapeDataString(base64)}", "escaped base64 in text" },
            };
        }
    }

    public void Dispose() => _running.Dispose();

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Each_way_to_wrap_the_data_arrives(string mediaType, string body, string name)
    {
        foreach (string path in new[] { "engage", "engage/" })
        {
            Answer answer = await Answer.Of(await _running.Client.PostAsync(path, RunningServer.Content(body, mediaType)));
            Assert.True(answer == new Answer(200, "1"), $"{name}: {answer}");
        }
        Assert.Equal("""{"x":"~~?>é €"}""", await _running.Properties("a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_GET_carries_the_data_in_its_query(bool base64)
    {
        string data = base64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(Record)) : Record;
        Answer answer = await Answer.Of(await _running.Client.GetAsync($"engage?verbose=1&data={Uri.EscapeDataString(data)}"));

        Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), answer);
        Assert.Equal("""{"x":"~~?>é €"}""", await _running.Properties("a"));
    }

    [Fact]
    public async Task The_parameters_may_be_form_fields()
    {
        Answer verbose = await Answer.Of(await _running.Client.PostAsync("engage", RunningServer.Form(("data", Record), ("verbose", "1"))));
        Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), verbose);

        Answer strict = await Answer.Of(await _running.Client.PostAsync("engage", RunningServer.Form(("data", "{}"), ("strict", "1"))));
        Assert.Equal(400, strict.Status);

        Answer bad = await Answer.Of(await _running.Client.PostAsync("engage", RunningServer.Form(("data", Record), ("ip", "x"))));
        Assert.Equal(new Answer(400, "0"), bad);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("data=", 200)]
    [InlineData("verbose=0", 200)]
    [InlineData("data=%%%", 400)]
    [InlineData("data=bm9uc2Vuc2U=", 400)]
    public async Task A_form_without_readable_data_is_answered_0(string body, int status)
    {
        Answer answer = await Answer.Of(await _running.Client.PostAsync("engage", RunningServer.Content(body, "application/x-www-form-urlencoded")));

        Assert.Equal(new Answer(status, "0"), answer);
    }
}
