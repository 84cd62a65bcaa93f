using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ProfilesModule.Tests.Delivery;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>
/// The hourly job: a table of users with a column of every type, and a state. After each run, every value that the service stores is
/// compared with the right one. PROFILES_SYNC_USERS says how many users; default 60,000.
/// </summary>
public abstract class SyncTests : PwshTest, IDisposable
{
    protected static readonly int Users =
        int.Parse(Environment.GetEnvironmentVariable("PROFILES_SYNC_USERS") ?? "60000", CultureInfo.InvariantCulture);

    private const string Job = """
        Connect-UserProfileService -Token t -Endpoint $env:ENDPOINT -WarningAction Ignore
        $r = Import-UserProfileQuery $env:QUERY -Provider $env:PROVIDER -ConnectionVariable CONNECTION -StatePath users.state -EmptyCell Unset `
            -RemoveMissing -Confirm:$false -WarningAction Ignore
        "$($r.Read) read, $($r.Accepted) accepted, $($r.Unchanged) unchanged, $($r.Removed) removed"
        exit $r.ExitCode
        """;

    private readonly ModuleSession _session = new();
    private readonly Random _random = new();
    private readonly StoredProfiles _stored;
    private readonly dynamic _server;

    private protected SyncTests(string provider, string connectionString, IEnumerable<KeyValuePair<string, string>> constants)
    {
        _server = _session.Run("$server = Start-UserProfileServer; $server").Succeeded().Single();
        Uri endpoint = _server.Endpoint;
        _stored = new(endpoint, constants);
        Variables["ENDPOINT"] = endpoint.ToString();
        Variables["PROVIDER"] = provider;
        Variables["CONNECTION"] = connectionString;
        Variables["QUERY"] = "select * from users";
    }

    private protected abstract void Execute(string sql);

    private protected async Task RunTheJobHourByHour()
    {
        // A run with a new state first tests with a profile of its own, which it removes, that updates arrive.
        await Sync("first", accepted: Users, others: 2);
        await Sync("unchanged", accepted: 0);

        Change("n = -n where n % 200 = 0", user => user.Id % 200 == 0, user => user with { N = -user.N });
        await Sync("changed", accepted: Users / 200);

        Change("name = null where n between 1 and 10", user => user.Id <= 10, user => user with { Name = null });
        // Of each, an update that sets the rest, and one that removes the name.
        await Sync("null", accepted: 10, others: 10);
        Change("name = 'again' where n between 1 and 10", user => user.Id <= 10, user => user with { Name = "again" });
        await Sync("not null any more", accepted: 10);

        Execute("delete from users where n % 100 = 1");
        _stored.Expected.RemoveAll(user => user.Id % 100 == 1);
        await Sync("deleted", accepted: 0, removed: Users / 100);

        Change("n = n + 1000000 where n > 0", user => user.N > 0, user => user with { N = user.N + 1_000_000 });
        await KillTheJob();
        Assert.Equal(0, RunTheJob().ExitCode);
        await _stored.Check("killed");
        await Sync("unchanged after that", accepted: 0);
    }

    public new void Dispose()
    {
        _session.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Change(string update, Predicate<User> isChanged, Func<User, User> change)
    {
        Execute("update users set " + update);
        _stored.Change(isChanged, change);
    }

    private async Task Sync(string run, int accepted, int removed = 0, int others = 0)
    {
        var (users, before) = (_stored.Expected.Count, (long)_server.UpdateCount);
        var result = RunTheJob();

        Assert.Equal(
            (0, $"{users} read, {accepted} accepted, {users - accepted} unchanged, {removed} removed\n", run),
            (result.ExitCode, result.Output + result.Errors, run));
        Assert.Equal(accepted + removed + others, (long)_server.UpdateCount - before);
        await _stored.Check(run);
    }

    private PwshResult RunTheJob() => Run("-File", Script(Job));

    private async Task KillTheJob()
    {
        var until = (long)_server.UpdateCount + _random.Next(Users / 2);
        using var process = StartPwsh("-File", Script(Job));
        while ((long)_server.UpdateCount < until && !process.HasExited)
            await Task.Delay(1);
        Assert.False(process.HasExited, "The run ended before it was killed.");
        process.Kill();
        Finish(process);
    }

    /// <summary>A row of the table, less what all rows have in common.</summary>
    private protected sealed record User(int Id, long N, string? Name);

    /// <summary>The profiles of a service, and what they should be.</summary>
    private sealed class StoredProfiles
    {
        private readonly Uri _query;
        private readonly Dictionary<string, Value> _constants;

        public StoredProfiles(Uri endpoint, IEnumerable<KeyValuePair<string, string>> constants)
        {
            _query = new(endpoint, "api/query/engage?project_id=1");
            _constants = constants.ToDictionary(c => c.Key, c => new Value(c.Value));
        }

        public List<User> Expected { get; } = [.. Enumerable.Range(1, Users).Select(i => new User(i, i, $"name {i}"))];

        public void Change(Predicate<User> isChanged, Func<User, User> change)
        {
            for (var i = 0; i < Expected.Count; i++)
            {
                if (isChanged(Expected[i]))
                    Expected[i] = change(Expected[i]);
            }
        }

        public async Task Check(string run)
        {
            var left = Expected.ToDictionary(user => $"user-{user.Id}");
            using var client = new HttpClient();
            string? session = null;
            for (var page = 0; ; page++)
            {
                using var form = new FormUrlEncodedContent(session is null ? [] : [new("session_id", session), new("page", $"{page}")]);
                using var reply = await client.PostAsync(_query, form);
                reply.EnsureSuccessStatusCode();
                using var json = JsonDocument.Parse(await reply.Content.ReadAsByteArrayAsync());
                session = json.RootElement.GetProperty("session_id").GetString();
                var results = json.RootElement.GetProperty("results");
                if (results.GetArrayLength() == 0)
                    break;
                foreach (var profile in results.EnumerateArray())
                {
                    var id = profile.GetProperty("$distinct_id").GetString()!;
                    Assert.True(left.Remove(id, out var user), $"After the run '{run}', the service has {id}, which is not in the table or is there twice.");
                    Check(user, profile.GetProperty("$properties"), run);
                }
            }

            Assert.True(left.Count == 0, $"After the run '{run}', {left.Count} profiles are missing, such as {left.Keys.FirstOrDefault()}.");
        }

        private void Check(User user, JsonElement properties, string run)
        {
            var count = 0;
            foreach (var property in properties.EnumerateObject().Where(property => property.Name is not "$last_seen"))
            {
                var isRight = property.Name switch
                {
                    "n" => property.Value.TryGetInt64(out var n) && n == user.N,
                    "name" => user.Name is not null && property.Value.ValueEquals(user.Name),
                    var name => _constants[name].Is(property.Value),
                };
                Assert.True(isRight, $"After the run '{run}', {user} has {property}.");
                count++;
            }

            Assert.True(count == _constants.Count + (user.Name is null ? 1 : 2), $"After the run '{run}', {user} has {properties}.");
        }
    }

    /// <summary>A value that all profiles have.</summary>
    private sealed class Value(string json)
    {
        private readonly string _right = CanonicalJson.Of(json);
        private byte[] _known = [];

        // Nearly all are written in the same way.
        public bool Is(JsonElement value)
        {
            var bytes = JsonMarshal.GetRawUtf8Value(value);
            if (bytes.SequenceEqual(_known))
                return true;
            if (CanonicalJson.Of(value) != _right)
                return false;
            _known = bytes.ToArray();
            return true;
        }
    }
}

/// <summary>The job of a PostgreSQL.</summary>
public sealed class PostgreSqlSyncTests(PostgreSqlServer server) : SyncTests("PostgreSql", server.Missing is null ? server.ConnectionString : "", Columns.Select(c => KeyValuePair.Create(c.Name, c.Json))), IClassFixture<PostgreSqlServer>
{
    private static IEnumerable<(string Name, string Sql, string Json)> Columns =>
        PostgreSqlTests.Values.Select((value, index) => ($"c{index}", (string)value[0], (string)value[1]));

    [SkippableFact]
    public async Task The_service_has_what_the_table_has_after_each_run()
    {
        Skip.If(server.Missing is not null, server.Missing);
        Execute($"""
            create type mood as enum ('sad'); create domain positive as int check (value > 0);
            create table users as select 'user-' || i as distinct_id, i as n, 'name ' || i as name, {string.Join(", ", Columns.Select(c => $"{c.Sql} as {c.Name}"))}
            from generate_series(1, {Users}) i
            """);
        await RunTheJobHourByHour();
    }

    private protected override void Execute(string sql) => server.Execute(sql);
}

/// <summary>The job of a MariaDB.</summary>
public sealed class MariaDbSyncTests(MariaDbServer server) : SyncTests("MySql", server.Missing is null ? server.ConnectionString : "", Columns.Select(c => KeyValuePair.Create(c.Name, c.Json))), IClassFixture<MariaDbServer>
{
    private static IEnumerable<(string Name, string Type, string Sql, string Json)> Columns =>
        MariaDbTests.Values.Select((value, index) => ($"c{index}", (string)value[0], (string)value[1], (string)value[2]));

    [SkippableFact]
    public async Task The_service_has_what_the_table_has_after_each_run()
    {
        Skip.If(server.Missing is not null, server.Missing);
        Execute($"""
            set time_zone = '+00:00';
            create table users (distinct_id varchar(20), n int, name varchar(20), {string.Join(", ", Columns.Select(c => $"{c.Name} {c.Type}"))});
            insert into users select concat('user-', seq), seq, concat('name ', seq), {string.Join(", ", Columns.Select(c => c.Sql))} from seq_1_to_{Users}
            """);
        await RunTheJobHourByHour();
    }

    private protected override void Execute(string sql) => server.Execute(sql);
}
