using System.Text;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Server.Storage;
using ProfilesModule.Sqlite;

namespace ProfilesModule.Core.Tests.Server;

/// <summary>What a table shows of a store.</summary>
public sealed class ProfileSelectionTests : IDisposable
{
    private static readonly Gen<string> Texts = Gen.OneOfConst("a", "A", "b", "ab", "é", "É", "%", "_", "\\", "1", "");

    private static readonly Gen<object?> Values = Gen.OneOf(
        Texts.Select(text => (object?)text), Gen.Int[0, 20].Select(number => (object?)number), Gen.Const((object?)null), Gen.Const((object?)true));

    private static readonly Gen<Dictionary<string, object?>[]> Profiles = Gen.Dictionary(
        Gen.OneOfConst("$name", "$email", "$last_seen", "p", "q\"'$.x"), Values)[0, 5].Array[0, 12];

    private static readonly Gen<ProfileSelection> Selections = Gen.Select(
        Texts.Null(), Gen.Bool, Gen.OneOfConst("$name", "$email", "$last_seen", "p", "q\"'$.x", ProfileSelection.DistinctId).Null(), Gen.Bool,
        (text, hasCondition, sortBy, descending) => new ProfileSelection
        {
            Text = text is "" ? null : text,
            Condition = hasCondition ? profile => profile.DistinctId[^1] % 2 == 0 : null,
            SortBy = sortBy,
            Descending = descending,
        });

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_store_selects_the_same_with_and_without_its_index()
    {
        var number = 0;
        Gen.Select(Profiles, Selections, Gen.Int[0, 4], Gen.Int[1, 6]).Sample(
            (profiles, selection, offset, count) =>
            {
                using var memory = new MemoryProfileStore();
                using var sqlite = new SqliteProfileStore(_folder.File($"{Interlocked.Increment(ref number)}.db"));
                Fill(memory, profiles);
                Fill(sqlite, profiles);
                var expected = Read(memory, selection, offset, count);
                Assert.Equal(expected, Read(sqlite, selection, offset, count));
                sqlite.PrepareSelections();
                Assert.Equal(expected, Read(sqlite, selection, offset, count));
            },
            iter: 100,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(ProfileStoreTests.Stores), MemberType = typeof(ProfileStoreTests))]
    public void What_a_condition_throws_comes_through(StoreKind kind)
    {
        using IProfileStore store = kind == StoreKind.Memory ? new MemoryProfileStore() : new SqliteProfileStore(_folder.File("profiles.db"));
        Fill(store, [[]]);
        using IProfileSnapshot snapshot = store.OpenSnapshot();
        var selection = new ProfileSelection { Condition = _ => throw new NotSupportedException("no") };
        Assert.Throws<NotSupportedException>(() => snapshot.Count(selection));
        Assert.Throws<NotSupportedException>(() => snapshot.Read(selection, 0, 1).ToList());
    }

    private static void Fill(IProfileStore store, Dictionary<string, object?>[] profiles) => store.Write(transaction =>
    {
        for (var i = 0; i < profiles.Length; i++)
            transaction.TryAdd(new(ProfileKey.Users, $"id {(char)('j' - (i % 10))} {i}"), new(0, JsonSerializer.SerializeToUtf8Bytes(profiles[i])));
        transaction.TryAdd(new(5, "group"), new(0, Encoding.UTF8.GetBytes("{}")));
    });

    private static (long Count, string Ids) Read(IProfileStore store, ProfileSelection selection, int offset, int count)
    {
        using var snapshot = store.OpenSnapshot();
        return (snapshot.Count(selection), string.Join(", ", snapshot.Read(selection, offset, count).Select(profile => profile.DistinctId)));
    }
}
