using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>The hourly jobs of the folder examples, run as a scheduler does.</summary>
public sealed class ExampleTests(PostgreSqlServer postgreSql, MariaDbServer mariaDb) : PwshTest, IClassFixture<PostgreSqlServer>, IClassFixture<MariaDbServer>
{
    private const string Table = """
        create table users (id int, name varchar(50), email varchar(50), plan varchar(10), seats int, signed_up date);
        insert into users values (1, 'Alice', 'alice@example.com', 'pro', 5, '2026-01-31'), (2, 'Bob', null, 'trial', null, '2026-02-01');
        """;

    private static readonly string Examples = Path.Combine(ModuleSession.RepositoryRoot, "examples");

    [SkippableFact]
    public void PostgreSql_is_kept_up_with()
    {
        Skip.If(postgreSql.Missing is not null, postgreSql.Missing);
        postgreSql.Execute("drop table if exists users; " + Table);
        RunTwice("postgres-sync.ps1", postgreSql.ConnectionString, postgreSql.Execute);
    }

    [SkippableFact]
    public void MySql_is_kept_up_with()
    {
        Skip.If(mariaDb.Missing is not null, mariaDb.Missing);
        mariaDb.Execute(Table);
        RunTwice("mysql-sync.ps1", mariaDb.ConnectionString, mariaDb.Execute);
    }

    [Fact]
    public void Sqlite_is_kept_up_with()
    {
        var text = $"Data Source={Path.Combine(Folder, "users.db")};Pooling=false";
        void Execute(string sql)
        {
            using var connection = new SqliteConnection(text);
            connection.Open();
            using var command = new SqliteCommand(sql, connection);
            command.ExecuteNonQuery();
        }

        Execute(Table);
        RunTwice("sqlite-sync.ps1", text, Execute);
    }

    [Fact]
    public void SqlServer_that_cannot_be_reached_asks_to_try_later()
    {
        using var session = new ModuleSession();
        var result = RunJob("sqlserver-sync.ps1", "Server=127.0.0.1,1;User ID=sa;Password=c0rrect-h0rse;Connect Timeout=2", StartService(session));

        Assert.Equal(75, result.ExitCode);
        Assert.Contains("cannot be reached", result.Errors + result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c0rrect-h0rse", result.Errors + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedules_name_what_there_is()
    {
        var folder = Path.Combine(Examples, "schedules");
        foreach (var file in Directory.GetFiles(folder))
        {
            var text = File.ReadAllText(file);
            foreach (Match script in Regex.Matches(text, @"(?<=examples[/\\])[\w-]+\.ps1"))
                Assert.True(File.Exists(Path.Combine(Examples, script.Value)), $"{file} names {script.Value}.");
        }

        Parser.ParseFile(Path.Combine(folder, "Register-ProfilesSync.ps1"), out _, out var errors);
        Assert.Empty(errors);
    }

    private void RunTwice(string script, string connectionString, Action<string> execute)
    {
        using var session = new ModuleSession();
        var endpoint = StartService(session);

        Assert.Equal((0, ""), ResultOf(RunJob(script, connectionString, endpoint)));
        Assert.Equal(["1 Alice alice@example.com pro 5 2026-01-31", "2 Bob  trial  2026-02-01"], Profiles(session));

        execute("update users set plan = 'pro', seats = 3 where id = 2; update users set seats = null where id = 1");
        Assert.Equal((0, ""), ResultOf(RunJob(script, connectionString, endpoint)));
        Assert.Equal(["1 Alice alice@example.com pro  2026-01-31", "2 Bob  pro 3 2026-02-01"], Profiles(session));

        var last = RunJob(script, connectionString, endpoint);
        Assert.Matches(@"(?m)^Unchanged +: 2\r?$", last.Output);
        Assert.Matches(@"(?m)^Accepted +: 0\r?$", last.Output);
    }

    private PwshResult RunJob(string script, string connectionString, Uri endpoint)
    {
        (Variables["USERS_DATABASE"], Variables["MIXPANEL_TOKEN"]) = (connectionString, "t");
        return Run("-NonInteractive", "-File", Path.Combine(Examples, script), "-DataFolder", Path.Combine(Folder, "data"), "-Endpoint", endpoint.ToString());
    }

    private static Uri StartService(ModuleSession session) => ((dynamic)session.Run("Start-UserProfileServer").Succeeded().Single()).Endpoint;

    private static (int, string) ResultOf(PwshResult result) => (result.ExitCode, result.Errors);

    private static IEnumerable<string> Profiles(ModuleSession session) => session
        .Run("Get-UserProfile | Sort-Object DistinctId | ForEach-Object { $p = $_.Properties; \"$($_.DistinctId) $($p['$name']) $($p['$email']) $($p.plan) $($p.seats) $($p.signed_up)\" }")
        .Succeeded().Output.Select(line => line.ToString());
}
