using System.Text.Json;
using CsCheck;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Fuzz;

/// <summary>Replies of every kind of disorder, over real sockets. Runs alone: what other tests allocate would be counted with it.</summary>
[CollectionDefinition(nameof(ReplyFuzzTests), DisableParallelization = true)]
[Collection(nameof(ReplyFuzzTests))]
public sealed class ReplyFuzzTests
{
    private const int Replies = 2000;
    private const int Updates = 3;

    // The body is read up to a megabyte and then parsed; a reply of eight megabytes must cost no more.
    private const long AllocatedAtMost = 48L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2);

    /// <summary>CsCheck prints the seed of a reply that fails, and takes it in the environment variable CsCheck_Seed.</summary>
    [Fact]
    public void No_reply_is_success_that_does_not_say_so() => HostileReply.Any.Sample(
        reply => CheckAsync(reply).WaitAsync(Patience).GetAwaiter().GetResult(),
        iter: Replies,
        threads: 1);

    private static async Task CheckAsync(HostileReply reply)
    {
        await using var server = new RawServer(async connection =>
        {
            if (await connection.ReadRequestAsync() is not null)
                await reply.SendAsync(connection);
        });
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
        var before = GC.GetTotalAllocatedBytes();
        var verdict = await new EngageTransport(http, server.Endpoint, AttemptTimeout, TimeProvider.System).SendAsync("[]"u8.ToArray(), Updates, isRepeatable: true, default);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, AllocatedAtMost + (2L * reply.Repeated * Math.Max(reply.Body.Length, 64)));

        // Nothing is asked twice, and nobody is sent elsewhere.
        Assert.Single(server.Requests);
        Assert.InRange(verdict.Message.Length, 0, 1000);
        Assert.True(verdict.Kind == VerdictKind.Accepted || verdict.Message.Length > 0 || verdict.Kind == VerdictKind.PartlyRejected);
        Assert.All(verdict.Failed, failed => Assert.InRange(failed.Index, 0, Updates - 1));
        Assert.Equal(verdict.Failed.Select(f => f.Index).Distinct().Count(), verdict.Failed.Count);
        if (verdict.Kind is VerdictKind.Accepted or VerdictKind.PartlyRejected or VerdictKind.Partial or VerdictKind.NotApplied or VerdictKind.TooLarge)
            Assert.Equal(reply.StatusCode, verdict.StatusCode);
        if (verdict.Kind == VerdictKind.Accepted)
            Assert.True(SaysSuccess(reply), reply.ToString());
        else if (verdict.Kind == VerdictKind.Transient && verdict.StatusCode is 0 or 200)
            Assert.True(verdict.MayHaveBeenApplied);
    }

    /// <summary>The rules of the documentation, in the plainest words: 200, and a body that is 1, or has a status of 1 or "OK", and no failures.</summary>
    private static bool SaysSuccess(HostileReply reply)
    {
        if (reply.StatusCode != 200 || reply.Content is null)
            return false;
        try
        {
            using var document = JsonDocument.Parse(reply.Content);
            return SaysSuccess(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool SaysSuccess(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Number => IsOne(root),
        JsonValueKind.Object => root.TryGetProperty("status", out var status)
            && (IsOne(status) || (status.ValueKind == JsonValueKind.String && status.GetString() == "OK"))
            && !(root.TryGetProperty("failed_records", out var failed) && failed.ValueKind == JsonValueKind.Array && failed.GetArrayLength() > 0)
            && !(root.TryGetProperty("num_records_imported", out var imported) && imported.ValueKind == JsonValueKind.Number && imported.TryGetInt32(out var count) && count < Updates),
        _ => false,
    };

    private static bool IsOne(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number == 1;
}
