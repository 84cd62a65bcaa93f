using System.Text;
using CsCheck;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Wire;

public sealed class ReplyReaderTests
{
    [Theory]
    [InlineData("1")]
    [InlineData(" 1\n")]
    [InlineData("""{"error":null,"status":1}""")]
    [InlineData("""{"error":"","status":1}""")]
    [InlineData("""{"status":1}""")]
    [InlineData("""{"code":200,"num_records_imported":3,"status":"OK"}""")]
    [InlineData("""{"code":200,"status":"OK"}""")]
    [InlineData("""{"status":1,"num_good_events":3,"failed_records":[]}""")]
    public void A_readable_success_is_accepted(string body) =>
        Assert.Equal(VerdictKind.Accepted, Read(200, body).Kind);

    [Theory]
    [InlineData(200, "0", null)]
    [InlineData(200, """{"error":"data, missing or empty","status":0}""", "data, missing or empty")]
    [InlineData(200, """{"error":"bad","num_records_imported":0,"status":0}""", "bad")]
    [InlineData(400, """{"error":"bad","status":0}""", "bad")]
    [InlineData(400, """{"status":"Bad Request"}""", null)]
    [InlineData(400, """{"failed_records":["first is bad"],"num_records_imported":0}""", "first is bad")]
    public void A_refusal_applied_nothing(int status, string body, string? message)
    {
        var verdict = Read(status, body);
        Assert.Equal(VerdictKind.NotApplied, verdict.Kind);
        Assert.Matches(message is null ? "." : $"^{message}$", verdict.Message);
    }

    [Theory]
    [InlineData(200, """{"num_records_imported":2,"status":"OK"}""")]
    [InlineData(200, """{"num_good_events":1,"error":"some","status":0}""")]
    [InlineData(400, """{"num_records_imported":2,"status":"Bad Request"}""")]
    [InlineData(400, """{"failed_records":["first is bad"],"num_records_imported":2}""")]
    [InlineData(400, """{"failed_records":[{"index":7,"message":"out of range"}],"num_records_imported":2}""")]
    [InlineData(400, """{"failed_records":[{"index":1,"message":"twice"},{"index":1,"message":"twice"}],"num_records_imported":1}""")]
    public void What_was_imported_in_part_without_saying_which_is_partial(int status, string body) =>
        Assert.Equal(VerdictKind.Partial, Read(status, body).Kind);

    [Theory]
    [InlineData(200, "1")]
    [InlineData(200, "0")]
    [InlineData(400, "0")]
    [InlineData(400, "\"Bad Request\"")]
    [InlineData(400, "null")]
    public void Failed_records_are_rejected_by_position(int code, string status)
    {
        var verdict = Read(code, $$"""{"status":{{status}},"error":"some failed","failed_records":[{"index":1,"field":"$distinct_id","message":"missing"}],"num_records_imported":2}""");
        Assert.Equal(VerdictKind.PartlyRejected, verdict.Kind);
        Assert.Equal(new FailedRecord(1, "$distinct_id: missing"), Assert.Single(verdict.Failed));
        Assert.Equal(RestOfUpdates.Accepted, verdict.Rest);
    }

    [Theory]
    [InlineData("""{"failed_records":[{"index":0,"message":"m"}]}""", RestOfUpdates.Unknown)]
    [InlineData("""{"failed_records":[{"index":0,"message":"m"}],"num_records_imported":0}""", RestOfUpdates.NotApplied)]
    public void A_count_says_what_became_of_the_rest(string body, object rest) =>
        Assert.Equal((VerdictKind.PartlyRejected, (RestOfUpdates)rest), (Read(400, body).Kind, Read(400, body).Rest));

    [Theory]
    [InlineData(408, true)]
    [InlineData(429, false)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    public void Overload_and_server_failure_are_worth_another_attempt(int status, bool mayHaveBeenApplied)
    {
        var verdict = ReplyReader.Read(status, Encoding.UTF8.GetBytes("busy"), 3, TimeSpan.FromSeconds(7));
        Assert.Equal((VerdictKind.Transient, mayHaveBeenApplied, TimeSpan.FromSeconds(7)), (verdict.Kind, verdict.MayHaveBeenApplied, verdict.RetryAfter));
    }

    [Theory]
    [InlineData(401, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(402, true)]
    [InlineData(414, true)]
    [InlineData(422, true)]
    public void Other_refusals_end_the_run(int status, bool mayHaveBeenApplied)
    {
        var verdict = Read(status, "");
        Assert.Equal((VerdictKind.Fatal, mayHaveBeenApplied), (verdict.Kind, verdict.MayHaveBeenApplied));
    }

    [Fact]
    public void A_request_that_is_too_large_is_told_apart() => Assert.Equal(VerdictKind.TooLarge, Read(413, "").Kind);

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "<html>OK</html>")]
    [InlineData(200, "OK")]
    [InlineData(200, "true")]
    [InlineData(200, "[1]")]
    [InlineData(200, "\"1\"")]
    [InlineData(200, "2")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"status":"error","error":"x"}""")]
    [InlineData(200, """{"status":true}""")]
    [InlineData(200, """{"status":1""")]
    [InlineData(201, "1")]
    [InlineData(204, "")]
    [InlineData(302, "1")]
    [InlineData(400, """{"num_records_imported":3,"status":"Bad Request"}""")]
    [InlineData(500, """{"failed_records":[{"index":1,"message":"missing"}],"num_records_imported":2}""")]
    [InlineData(200, """{"num_records_imported":3,"error":"x","status":0}""")]
    [InlineData(200, """{"num_records_imported":0,"status":"OK"}""")]
    [InlineData(200, """{"num_records_imported":0,"status":1}""")]
    [InlineData(200, """{"num_good_events":0,"status":1}""")]
    [InlineData(200, """{"num_records_imported":-1,"status":1}""")]
    [InlineData(200, """{"num_records_imported":4,"status":1}""")]
    [InlineData(200, """{"error":"quota exceeded","status":1}""")]
    public void What_cannot_be_read_is_never_success(int status, string body)
    {
        var verdict = Read(status, body);
        Assert.Equal((VerdictKind.Transient, true), (verdict.Kind, verdict.MayHaveBeenApplied));
    }

    [Theory]
    [InlineData(400, "<html>Bad Request</html>", VerdictKind.Fatal)]
    [InlineData(403, "<title>Blocked</title>", VerdictKind.Fatal)]
    [InlineData(302, "", VerdictKind.Transient)]
    [InlineData(503, "upstream connect error", VerdictKind.Transient)]
    public void What_does_not_begin_as_the_service_does_is_of_another(int status, string body, object kind) =>
        Assert.Equal(((VerdictKind)kind, false), (Read(status, body).Kind, Read(status, body).IsOfService));

    [Fact]
    public void Any_bytes_get_a_verdict() => Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[200, 599]).Sample((body, status) =>
        Assert.NotNull(ReplyReader.Read(status, body, 3)));

    private static Verdict Read(int status, string body) => ReplyReader.Read(status, Encoding.UTF8.GetBytes(body), 3);
}
