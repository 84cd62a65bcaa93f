using System.Text;
using System.Text.Json;
using ProfilesModule.Core.Tests.Delivery;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Page;
using ProfilesModule.Server.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Page;

public sealed class SnapshotTransportTests
{
    // Three updates, of which a reply may name the second.
    private const string Body = """
        [{"$token":"t","$distinct_id":"a","$set":{"n":1}},{"$token":"t","$distinct_id":"b","$set":{"n":1}},{"$token":"t","$distinct_id":"c","$set":{"n":1}}]
        """;

    [Theory]
    [InlineData((int)VerdictKind.Accepted, (int)RestOfUpdates.Unknown, "abc")]
    [InlineData((int)VerdictKind.PartlyRejected, (int)RestOfUpdates.Accepted, "ac")]
    [InlineData((int)VerdictKind.PartlyRejected, (int)RestOfUpdates.NotApplied, "")]
    [InlineData((int)VerdictKind.PartlyRejected, (int)RestOfUpdates.Unknown, "")]
    [InlineData((int)VerdictKind.Partial, (int)RestOfUpdates.Unknown, "")]
    [InlineData((int)VerdictKind.Transient, (int)RestOfUpdates.Unknown, "")]
    [InlineData((int)VerdictKind.Fatal, (int)RestOfUpdates.Unknown, "")]
    public async Task The_snapshot_gets_what_the_service_certainly_took(int kind, int rest, string stored)
    {
        using var store = new MemoryProfileStore();
        using var server = new RunningServer();
        var verdict = new Verdict((VerdictKind)kind, 200, "") { Rest = (RestOfUpdates)rest, Failed = [new(1, "bad")] };
        var changes = new SnapshotChanges();
        foreach (var id in new[] { "a", "b", "c" })
            changes.Note(id, exists: false);
        var transport = new SnapshotTransport(ScriptedTransport.Answering(_ => verdict), server.Server, store, changes);
        Assert.Same(verdict, await transport.SendAsync(Encoding.UTF8.GetBytes(Body), 3, true, default));
        using var snapshot = store.OpenSnapshot();
        Assert.Equal(stored, string.Concat(snapshot.ReadFrom(ProfileKey.Users, 0).Select(profile => profile.DistinctId).Order()));
        Assert.All(snapshot.ReadFrom(ProfileKey.Users, 0), profile => Assert.Equal(1, JsonDocument.Parse(profile.Properties).RootElement.GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task A_profile_that_was_not_read_is_not_added()
    {
        using var store = new MemoryProfileStore();
        using var server = new RunningServer();
        store.Write(transaction => transaction.TryAdd(new(ProfileKey.Users, "b"), new(long.MinValue, "{}"u8.ToArray())));
        var changes = new SnapshotChanges();
        await new SnapshotTransport(ScriptedTransport.Answering(_ => ScriptedTransport.Accepted), server.Server, store, changes)
            .SendAsync(Encoding.UTF8.GetBytes(Body), 3, true, default);
        using var snapshot = store.OpenSnapshot();
        Assert.Equal("b", Assert.Single(snapshot.ReadFrom(ProfileKey.Users, 0)).DistinctId);
        Assert.Equal((false, true), (changes.IsNewer("a"), changes.IsNewer("b")));
    }
}
