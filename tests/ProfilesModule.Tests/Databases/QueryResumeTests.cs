using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>Imports of queries that were stopped, and continued while the table changed.</summary>
public sealed class QueryResumeTests(PostgreSqlServer server) : ConnectedTests, IClassFixture<PostgreSqlServer>
{
    private readonly List<string> _sent = [];

    private const string ByNumber = "select id as distinct_id, id, name from users order by id";
    private const string BehindNumber = "select id as distinct_id, id, name from users where id > @after order by id";

    [SkippableTheory]
    [InlineData(ByNumber, "")]
    [InlineData(BehindNumber, "-Parameter @{ after = 0 }")]
    public void A_stopped_import_continues_behind_the_last_row_with_an_outcome(string query, string parameters)
    {
        Execute("drop table if exists users; create table users (id bigint primary key, name text); insert into users select i * 10, 'name ' || i from generate_series(1, 1000) i");
        StopAfter(requests: 3);

        var first = Import(query, parameters);

        Assert.Equal(75, first.Value("ExitCode"));
        var sent = Ids();
        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"{i * 10}"), sent);

        // Rows before the place where it goes on, and some behind it, are other ones now.
        Execute("delete from users where id in (20, 40); insert into users values (5, 'late'), (3005, 'new')");
        GoOn();
        var second = Import(query, parameters + " -Resume").Succeeded();

        string[] expected = [.. sent, "3005", .. Enumerable.Range(301, 700).Select(i => $"{i * 10}")];
        Assert.Equal(expected, Ids());
        Assert.Equal(1001L, second.Value("Accepted"));
        Assert.Equal(300L, second.Value("Resumed"));
        Assert.Equal(0, second.Value("ExitCode"));
    }

    [SkippableFact]
    public void The_server_compares_texts_by_its_own_collation()
    {
        // By this one, digits count as numbers and letters regardless of case: no comparison of .NET's.
        Execute("""
            drop table if exists people; drop collation if exists natural_order;
            create collation natural_order (provider = icu, locale = 'en-u-kn-true', deterministic = true);
            create table people (id text collate natural_order primary key);
            insert into people select 'user ' || i from generate_series(1, 500) i;
            """);
        const string Query = "select id as distinct_id, id from people where id > @after order by id";
        StopAfter(requests: 2);
        Assert.Equal(75, Import(Query, "-Parameter @{ after = '' }").Value("ExitCode"));
        GoOn();

        Import(Query, "-Parameter @{ after = '' } -Resume").Succeeded();

        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"user {i}"), Ids());
    }

    [SkippableFact]
    public void Rejected_rows_stand_in_the_reject_file_once()
    {
        Execute("drop table if exists users; create table users (id bigint primary key, name float8); insert into users select i, case when i % 7 = 0 then 'NaN'::float8 else i end from generate_series(1, 1000) i");
        StopAfter(requests: 3);
        Assert.Equal(75, Import(ByNumber, "-RejectPath $rejects", new { rejects = Folder.File("refused.ndjson") }).Value("ExitCode"));
        GoOn();

        var result = Import(ByNumber, "-RejectPath $rejects -Resume");

        Assert.Equal(1000 / 7, File.ReadLines(Folder.File("refused.ndjson")).Distinct().Count());
        Assert.Equal(1000 / 7, File.ReadLines(Folder.File("refused.ndjson")).Count());
        Assert.Equal(142L, result.Value("Rejected"));
        Assert.Equal(858, Ids().Distinct().Count());
        Assert.Equal(858, Ids().Length);
    }

    [SkippableTheory]
    [InlineData("select id as distinct_id, id from users order by id desc")]
    [InlineData("select id as distinct_id, 1 as id from users")]
    [InlineData("select id as distinct_id, 'x' || id as id from users")]
    [InlineData("select id as distinct_id, null as id from users")]
    public void What_has_no_order_is_refused_with_a_journal(string query)
    {
        Execute("drop table if exists users; create table users (id bigint primary key, name text); insert into users select i, 'x' from generate_series(1, 10) i");

        var result = Import(query);

        Assert.StartsWith("QueryNotOrdered", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
    }

    [SkippableFact]
    public void Another_query_does_not_continue()
    {
        Execute("drop table if exists users; create table users (id bigint primary key, name text); insert into users select i, 'x' from generate_series(1, 500) i");
        StopAfter(requests: 1);
        Import(ByNumber);
        GoOn();

        var result = Import(ByNumber.Replace("name", "name as other", StringComparison.Ordinal), "-Resume");

        Assert.StartsWith("JournalMismatch", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private string[] Ids() => [.. _sent];

    private void StopAfter(int requests) => Service.Answer = (number, records) =>
    {
        if (number > requests)
            return Task.FromResult<(int, string)?>((503, ""));
        lock (_sent)
            _sent.AddRange(records.Select(record => record.GetProperty("$distinct_id").GetString()!));
        return Task.FromResult<(int, string)?>(null);
    };

    private void GoOn() => StopAfter(int.MaxValue);

    private void Execute(string sql)
    {
        Skip.If(server.Missing is not null, server.Missing);
        server.Execute(sql);
    }

    private ScriptResult Import(string query, string parameters = "", object? variables = null)
    {
        if (variables is not null)
            Session.Run("", variables);
        return Session.Run(
            $"Import-UserProfileQuery $query -Provider PostgreSql -ConnectionString $text -OrderedBy id -JournalPath $journal -BatchSize 100 -MaximumRetryCount 0 {parameters}",
            new { query, text = server.ConnectionString, journal = Folder.File("import.journal") });
    }
}
