using System.Text;
using Microsoft.Data.Sqlite;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;
using ProfilesModule.Sqlite;
using ProfilesModule.Storage;

namespace ProfilesModule.Core.Tests.Server;

public sealed class ProfileStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<StoreKind> Stores => [StoreKind.Memory, StoreKind.Sqlite];

    private string FilePath => _folder.File("profiles.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_transaction_sees_its_own_changes_and_keeps_them(StoreKind kind)
    {
        using IProfileStore store = Open(kind);
        store.Write(transaction =>
        {
            Assert.Null(transaction.Find(User("a")));
            Assert.True(transaction.TryAdd(User("a"), new ProfileState(0, Bytes("1"))));
            Assert.False(transaction.TryAdd(User("a"), new ProfileState(0, Bytes("2"))));
            Assert.Equal(Bytes("1"), transaction.Find(User("a"))!.Value.Properties);
            transaction.Replace(User("a"), new ProfileState(0, Bytes("3")));
            Assert.Equal(Bytes("3"), transaction.Find(User("a"))!.Value.Properties);
            Assert.True(transaction.TryAdd(User("b"), new ProfileState(0, Bytes("4"))));
            transaction.Delete(User("b"));
            Assert.Null(transaction.Find(User("b")));
            transaction.Replace(User("none"), new ProfileState(0, Bytes("5")));
            transaction.Delete(User("none"));
        });

        Assert.Equal(1, store.Count);
        using IProfileSnapshot snapshot = store.OpenSnapshot();
        StoredProfile profile = Assert.Single(snapshot.ReadFrom(ProfileKey.Users, 0));
        Assert.Equal("a", profile.DistinctId);
        Assert.Equal(Bytes("3"), profile.Properties.ToArray());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_transaction_that_throws_leaves_nothing(StoreKind kind)
    {
        using IProfileStore store = Open(kind);
        store.Write(transaction => transaction.TryAdd(User("a"), new ProfileState(0, Bytes("1"))));

        Assert.Throws<NotSupportedException>(() => store.Write(transaction =>
        {
            transaction.TryAdd(User("b"), new ProfileState(0, Bytes("2")));
            transaction.Replace(User("a"), new ProfileState(0, Bytes("2")));
            throw new NotSupportedException();
        }));

        Assert.Equal(1, store.Count);
        using IProfileSnapshot snapshot = store.OpenSnapshot();
        Assert.Null(snapshot.Find(User("b")));
        Assert.Equal(Bytes("1"), snapshot.Find(User("a"))!.Value.Properties.ToArray());
        store.Write(transaction => transaction.TryAdd(User("b"), new ProfileState(0, Bytes("3"))));
        Assert.Equal(2, store.Count);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_snapshot_reads_from_any_position_what_was_there_when_it_was_opened(StoreKind kind)
    {
        using IProfileStore store = Open(kind);
        store.Write(transaction =>
        {
            foreach (string id in new[] { "a", "b", "c", "d" })
                transaction.TryAdd(User(id), new ProfileState(0, Bytes("1")));
            transaction.Delete(User("b"));
        });
        using IProfileSnapshot snapshot = store.OpenSnapshot();
        store.Write(transaction =>
        {
            transaction.Delete(User("a"));
            transaction.Replace(User("c"), new ProfileState(0, Bytes("2")));
            transaction.TryAdd(User("e"), new ProfileState(0, Bytes("2")));
        });

        Assert.Equal(3, snapshot.Count(ProfileKey.Users));
        Assert.Equal(3, store.Count);
        StoredProfile[] all = [.. snapshot.ReadFrom(ProfileKey.Users, 0)];
        Assert.Equal(["a", "c", "d"], all.Select(profile => profile.DistinctId));
        Assert.All(all, profile => Assert.Equal(Bytes("1"), profile.Properties.ToArray()));
        Assert.Equal(["c", "d"], snapshot.ReadFrom(ProfileKey.Users, all[0].Position + 1).Select(profile => profile.DistinctId));
        Assert.Equal(["d"], snapshot.ReadFrom(ProfileKey.Users, all[2].Position).Select(profile => profile.DistinctId));
        Assert.Empty(snapshot.ReadFrom(ProfileKey.Users, all[2].Position + 1));
        Assert.Equal(all[0].Position, snapshot.Find(User("a"))!.Value.Position);
        Assert.Null(snapshot.Find(User("e")));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Profiles_of_users_and_of_each_group_type_are_kept_apart(StoreKind kind)
    {
        using IProfileStore store = Open(kind);
        long[] dataGroupIds = [ProfileKey.Users, long.MinValue, long.MaxValue];
        store.Write(transaction => Array.ForEach(dataGroupIds, group => transaction.TryAdd(new ProfileKey(group, "a"), new ProfileState(group, Bytes($"{group}")))));
        store.Write(transaction =>
        {
            Assert.Equal(long.MaxValue, transaction.Find(new ProfileKey(long.MaxValue, "a"))!.Value.UpdateTime);
            transaction.TryAdd(User("b"), new ProfileState(0, Bytes("0")));
            transaction.Replace(User("a"), new ProfileState(0, Bytes("1")));
            transaction.Delete(new ProfileKey(long.MinValue, "a"));
        });

        Assert.Equal(3, store.Count);
        using IProfileSnapshot snapshot = store.OpenSnapshot();
        Assert.Equal([2, 0, 1], dataGroupIds.Select(snapshot.Count));
        Assert.Equal(["a", "b"], snapshot.ReadFrom(ProfileKey.Users, 0).Select(profile => profile.DistinctId));
        Assert.Empty(snapshot.ReadFrom(long.MinValue, 0));
        Assert.Equal(Bytes($"{long.MaxValue}"), snapshot.ReadFrom(long.MaxValue, 0).Single().Properties.ToArray());
        Assert.Null(snapshot.Find(new ProfileKey(long.MaxValue, "b")));
    }

    [Fact]
    public async Task A_server_on_the_same_file_has_the_profiles_of_the_one_before()
    {
        for (int start = 0; start < 3; start++)
        {
            using EngageServer server = EngageServer.Start(new EngageServerOptions(), new SqliteProfileStore(FilePath));
            using var client = new HttpClient { BaseAddress = server.Endpoint };
            Assert.Equal(start, server.ProfileCount);
            await client.PostAsync("engage", RunningServer.Json($$"""{"$token":"t","$distinct_id":"{{start}}","$set":{"n":{{start}} } }"""));

            Answer all = await Answer.Of(await client.GetAsync("api/query/engage"));
            Assert.Equal(Enumerable.Range(0, start + 1).Select(i => $"{i}"), all.Ids);
        }
    }

    [Fact]
    public async Task What_was_answered_is_in_the_file_when_its_process_dies()
    {
        using var server = EngageServer.Start(new EngageServerOptions(), new SqliteProfileStore(FilePath));
        using var client = new HttpClient { BaseAddress = server.Endpoint };
        for (int i = 0; i < 20; i++)
            Assert.Equal(200, (await Answer.Of(await client.PostAsync("engage", RunningServer.Json($$"""[{"$token":"t","$distinct_id":"{{i}}","$set":{} }]""")))).Status);

        // What the operating system has of it at this instant is what a dead process leaves.
        string copy = FilePath + ".copy";
        File.Copy(FilePath, copy);
        File.Copy(FilePath + "-wal", copy + "-wal");
        using var after = new SqliteProfileStore(copy);
        Assert.Equal(20, after.Count);
    }

    [Fact]
    public void A_file_that_is_open_is_refused_and_free_again_when_it_is_closed()
    {
        using (new SqliteProfileStore(FilePath))
        {
            var refusal = Assert.Throws<FileInUseException>(() => new SqliteProfileStore(FilePath));
            Assert.Contains("in use by another server", refusal.Message);
            Assert.Contains(FilePath, refusal.Message);
        }

        new SqliteProfileStore(FilePath).Dispose();
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void A_file_that_another_program_holds_is_refused()
    {
        new SqliteProfileStore(FilePath).Dispose();
        using SqliteConnection other = OpenDirectly("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");

        var refusal = Assert.Throws<FileInUseException>(() => new SqliteProfileStore(FilePath));

        Assert.Contains("in use by another program", refusal.Message);
    }

    [Fact]
    public void A_write_that_another_program_blocks_fails_whole_and_the_next_one_works()
    {
        using var store = new SqliteProfileStore(FilePath);
        using (OpenDirectly("BEGIN IMMEDIATE"))
            Assert.Contains("in use", Assert.Throws<FileInUseException>(() => store.Write(transaction => transaction.TryAdd(User("a"), new ProfileState(0, Bytes("1"))))).Message);

        store.Write(transaction => transaction.TryAdd(User("a"), new ProfileState(0, Bytes("1"))));

        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void A_file_that_is_not_a_database_is_refused_and_left_alone()
    {
        string text = new('x', 5000);
        File.WriteAllText(FilePath, text);

        var refusal = Assert.Throws<InvalidDataException>(() => new SqliteProfileStore(FilePath));

        Assert.Contains("not an SQLite database", refusal.Message);
        Assert.Equal(text, File.ReadAllText(FilePath));
    }

    [Theory]
    [InlineData("CREATE TABLE other (x)", "not one of profiles")]
    [InlineData("PRAGMA user_version = 1", "not one of profiles")]
    [InlineData("PRAGMA application_id = 0x50524F46; PRAGMA user_version = 1", "version 1")]
    [InlineData("PRAGMA application_id = 0x50524F46; PRAGMA user_version = 3", "version 3")]
    public void Another_programs_database_or_one_of_another_version_is_refused_and_left_alone(string sql, string message)
    {
        OpenDirectly(sql).Dispose();
        byte[] before = File.ReadAllBytes(FilePath);

        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => new SqliteProfileStore(FilePath)).Message);

        Assert.Equal(before, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void An_empty_file_becomes_a_database_and_a_missing_folder_is_an_error()
    {
        File.WriteAllBytes(FilePath, []);
        new SqliteProfileStore(FilePath).Dispose();

        Assert.Throws<DirectoryNotFoundException>(() => new SqliteProfileStore(Path.Combine(_folder.File("none"), "p.db")));
        Assert.ThrowsAny<IOException>(() => new SqliteProfileStore(_folder.File("")));
    }

    [Fact]
    public void Other_programs_can_read_the_properties_as_JSON()
    {
        using var store = new SqliteProfileStore(FilePath);
        store.Write(transaction => transaction.TryAdd(User("a"), new ProfileState(0, Encoding.UTF8.GetBytes("""{"p":"é"}"""))));
        using SqliteConnection other = OpenDirectly("SELECT 1");
        using SqliteCommand command = other.CreateCommand();
        command.CommandText = "SELECT properties ->> 'p' FROM profile";

        Assert.Equal("é", command.ExecuteScalar());
    }

    private static ProfileKey User(string distinctId) => new(ProfileKey.Users, distinctId);

    private static byte[] Bytes(string value) => Encoding.UTF8.GetBytes($$"""{"p":{{value}}}""");

    private IProfileStore Open(StoreKind kind) => kind == StoreKind.Memory ? new MemoryProfileStore() : new SqliteProfileStore(FilePath);

    private SqliteConnection OpenDirectly(string sql)
    {
        var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return connection;
    }
}
