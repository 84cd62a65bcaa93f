using System.Text.Json;
using ProfilesModule.Server;

namespace ProfilesModule.Core.Tests.Server;

public sealed class IngestionReplyTests : IDisposable
{
    private const string Good = """{"$token":"t","$distinct_id":"a","$set":{"x":1}}""";

    private readonly RunningServer _running = new();

    public void Dispose() => _running.Dispose();

    [Theory]
    [InlineData("", "1")]
    [InlineData("verbose=0", "1")]
    [InlineData("verbose=1", """{"error":null,"status":1}""")]
    [InlineData("verbose=2", """{"error":null,"status":1}""")]
    [InlineData("strict=1", """{"code":200,"num_records_imported":1,"status":"OK"}""")]
    [InlineData("verbose=1&strict=1&ip=0", """{"code":200,"num_records_imported":1,"status":"OK"}""")]
    public async Task A_valid_record_is_answered_as_the_parameters_ask(string query, string body)
    {
        Assert.Equal(new Answer(200, body), await _running.Engage($"[{Good}]", query));
        Assert.Equal(1, _running.Server.ProfileCount);
    }

    [Theory]
    [InlineData("""[]""", "data, missing or empty")]
    [InlineData("", "data, missing or empty")]
    [InlineData("""[1]""", "data, must be an object")]
    [InlineData("""[{}]""", "$token, missing or empty")]
    [InlineData("""[{"$distinct_id":"a","$set":{}}]""", "$token, missing or empty")]
    [InlineData("""[{"$token":"","$distinct_id":"a","$set":{}}]""", "$token, missing or empty")]
    [InlineData("""[{"$token":5,"$distinct_id":"a","$set":{}}]""", "$token, missing or empty")]
    [InlineData("""[{"$token":"t","$set":{}}]""", "$distinct_id, missing or empty")]
    [InlineData("""[{"$token":"t","distinct_id":"a","$set":{}}]""", "$distinct_id, missing or empty")]
    [InlineData("""[{"$token":"t","$distinct_id":"","$set":{}}]""", "$distinct_id, missing or empty")]
    [InlineData("""[{"$token":"t","$distinct_id":null,"$set":{}}]""", "$distinct_id, missing or empty")]
    [InlineData("""[{"$token":"t","$distinct_id":true,"$set":{}}]""", "$distinct_id, missing or empty")]
    [InlineData("""[{"$token":"t","$distinct_id":"a"}]""", "operation, missing or empty")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$increment":{"x":1}}]""", "$increment, unknown operation")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$set":[]}]""", "$set, must be an object")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$set_once":"x"}]""", "$set_once, must be an object")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$add":{"x":"1"}}]""", "$add, must be an object of numbers")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$add":1}]""", "$add, must be an object of numbers")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$append":[1]}]""", "$append, must be an object")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$union":[1]}]""", "$union, must be an object")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$remove":["x"]}]""", "$remove, must be an object")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$unset":"x"}]""", "$unset, must be a list of property names")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$unset":["x",1]}]""", "$unset, must be a list of property names")]
    [InlineData("""[{"$token":"t","$distinct_id":"\ud800","$set":{}}]""", "data, not valid Unicode text")]
    [InlineData("""[{"$token":"t","$distinct_id":"a","$set":{"x":"\ud800"}}]""", "data, not valid Unicode text")]
    public async Task An_invalid_record_is_answered_with_its_text_and_status_0(string json, string error)
    {
        Answer verbose = await _running.Engage(json);
        Assert.Equal(200, verbose.Status);
        Assert.Equal(error, verbose.Json.GetProperty("error").GetString());
        Assert.Equal(0, verbose.Json.GetProperty("status").GetInt32());
        Assert.Equal(new Answer(200, "0"), await _running.Engage(json, ""));
        Assert.Equal(0, _running.Server.ProfileCount);
        Assert.Equal(0, _running.Server.UpdateCount);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[{}")]
    [InlineData("nonsense")]
    [InlineData("""[{"$token":"t"},]""")]
    public async Task Malformed_JSON_is_answered_400_with_status_0(string json)
    {
        Assert.Equal(new Answer(400, "0"), await _running.Engage(json, ""));
        Answer verbose = await _running.Engage(json);
        Assert.Equal(400, verbose.Status);
        Assert.StartsWith("data, not valid JSON", verbose.Json.GetProperty("error").GetString());
        Assert.Equal(0, verbose.Json.GetProperty("status").GetInt32());
        Answer strict = await _running.Engage(json, "strict=1");
        Assert.Equal(400, strict.Status);
        Assert.Equal(0, strict.Json.GetProperty("num_records_imported").GetInt32());
    }

    [Fact]
    public async Task JSON_nested_deeper_than_64_levels_is_malformed()
    {
        string Nested(int depth) =>
            $$$"""[{"$token":"t","$distinct_id":"a","$set":{"x":{{{new string('[', depth)}}}{{{new string(']', depth)}}}}}]""";

        Assert.Equal(new Answer(200, "1"), await _running.Engage(Nested(61), ""));
        Assert.Equal(new Answer(400, "0"), await _running.Engage(Nested(62), ""));
        Assert.Equal(new Answer(400, "0"), await _running.Engage(Nested(100_000), ""));
    }

    [Theory]
    [InlineData("verbose=3")]
    [InlineData("verbose=yes")]
    [InlineData("strict=2")]
    [InlineData("ip=10.0.0.1")]
    public async Task A_parameter_out_of_its_range_is_answered_400(string query)
    {
        Assert.Equal(400, (await _running.Engage($"[{Good}]", query)).Status);
        Assert.Equal(0, _running.Server.ProfileCount);
    }

    [Fact]
    public async Task Without_strict_the_good_records_are_applied_and_the_bad_ones_vanish()
    {
        Answer answer = await _running.Engage($$"""[{"$token":"t"},{{Good}},{"$token":"t","$distinct_id":"b","$set":3}]""");

        Assert.Equal(new Answer(200, """{"error":null,"status":1}"""), answer);
        Assert.Equal(1, _running.Server.ProfileCount);
        Assert.Equal(1, _running.Server.UpdateCount);
    }

    [Fact]
    public async Task Without_strict_and_without_a_good_record_the_first_text_is_given()
    {
        Answer answer = await _running.Engage("""[{"$token":"t","$distinct_id":"b","$set":3},{"$token":"t"}]""");

        Assert.Equal("$set, must be an object", answer.Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Strict_names_each_bad_record_and_applies_the_good_ones()
    {
        Answer answer = await _running.Engage($$"""[{"$token":"t"},{{Good}},{"$token":"t","$distinct_id":"b","$set":3}]""", "strict=1");

        Assert.Equal(400, answer.Status);
        Assert.Equal(
            """{"code":400,"error":"some data points in the request failed validation","failed_records":["""
            + """{"index":0,"$distinct_id":"","field":"$distinct_id","message":"$distinct_id, missing or empty"},"""
            + """{"index":2,"$distinct_id":"b","field":"$set","message":"$set, must be an object"}],"num_records_imported":1,"status":"Bad Request"}""",
            answer.Body);
        Assert.Equal(1, _running.Server.ProfileCount);
    }

    [Fact]
    public async Task Several_operations_in_one_record_are_applied_in_their_order_but_not_in_strict()
    {
        const string both = """{"$token":"t","$distinct_id":"a","$unset":["x"],"$set":{"x":1,"y":2},"$ignore_time":true}""";

        Answer strict = await _running.Engage(both, "strict=1");
        Assert.Equal(400, strict.Status);
        Assert.Equal("operation, more than one in a record", strict.Json.GetProperty("failed_records")[0].GetProperty("message").GetString());
        Assert.Equal(0, _running.Server.ProfileCount);

        Assert.Equal(200, (await _running.Engage(both)).Status);
        Assert.Equal("""{"y":2}""", await _running.Properties("a"));
    }

    [Theory]
    [InlineData("anonymous")]
    [InlineData("NULL")]
    [InlineData(" undefined ")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("0")]
    public async Task Strict_refuses_the_traces_of_a_missing_id_and_otherwise_they_are_ids(string id)
    {
        string record = $$"""[{"$token":"t","$distinct_id":{{JsonSerializer.Serialize(id)}},"$set":{} }]""";

        Answer strict = await _running.Engage(record, "strict=1");
        Assert.Equal("$distinct_id", strict.Json.GetProperty("failed_records")[0].GetProperty("field").GetString());
        Assert.Equal(new Answer(200, "1"), await _running.Engage(record, ""));
        Assert.NotNull(await _running.Properties(id));
    }

    [Fact]
    public async Task Two_thousand_records_are_taken_and_one_more_is_too_large()
    {
        string Batch(int count) =>
            $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"$token":"t","$distinct_id":"{{i}}","$set":{} }"""))}]";

        Answer tooLarge = await _running.Engage(Batch(2001));
        Assert.Equal(413, tooLarge.Status);
        Assert.Equal("Request Entity Too Large", tooLarge.Json.GetProperty("status").GetString());
        Assert.Equal(0, _running.Server.ProfileCount);

        Assert.Equal(200, (await _running.Engage(Batch(2000))).Status);
        Assert.Equal(2000, _running.Server.ProfileCount);
    }

    [Fact]
    public async Task A_body_of_2_MiB_is_taken_and_one_byte_more_is_too_large()
    {
        string Padded(int length) => $"[{Good}]".PadRight(length);

        Assert.Equal(200, (await _running.Engage(Padded(2 * 1024 * 1024))).Status);
        var tooLarge = new Answer(413, """{"code":413,"error":"request exceeds max limit of 2097152 bytes","status":"Request Entity Too Large"}""");
        Assert.Equal(tooLarge, await _running.Engage(Padded((2 * 1024 * 1024) + 1)));
        Assert.Equal(tooLarge, await _running.Engage(Padded(8 * 1024 * 1024)));
        Assert.Equal(1, _running.Server.UpdateCount);
    }

    [Fact]
    public async Task A_body_too_large_without_an_announced_length_is_refused_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "engage") { Content = RunningServer.Json("[]".PadRight(3_000_000)) };
        request.Headers.TransferEncodingChunked = true;

        Assert.Equal(413, (await Answer.Of(await _running.Client.SendAsync(request))).Status);
    }

    [Fact]
    public async Task An_update_with_another_token_is_answered_1_and_stored_nowhere()
    {
        using var running = new RunningServer(options: new EngageServerOptions { Token = "own" });

        Assert.Equal(new Answer(200, "1"), await running.Engage($"[{Good}]", ""));
        Assert.Equal(0, running.Server.ProfileCount);
        Assert.Equal(0, running.Server.UpdateCount);

        Assert.Equal(new Answer(200, "1"), await running.Engage("""[{"$token":"own","$distinct_id":"a","$set":{}}]""", ""));
        Assert.Equal(1, running.Server.ProfileCount);
        Assert.Equal(1, running.Server.UpdateCount);
    }
}
