using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>Queries whose rows several tasks share.</summary>
public sealed class QueryPartitionTests(PostgreSqlServer postgreSql, MariaDbServer mariaDb)
    : ConnectedTests, IClassFixture<PostgreSqlServer>, IClassFixture<MariaDbServer>
{
    private const int Count = 3;
    private const int Rows = 600;
    private const string Named = "@{ partition = 0; partitionCount = 1 }";

    /// <summary>The conditions of docs/partitions.md.</summary>
    [SkippableTheory]
    [InlineData("PostgreSql", "mod(abs(hashtext(id::text)::bigint), @partitionCount) = @partition", Named)]
    [InlineData("Odbc", "mod(abs(hashtext(id::text)::bigint), cast(? as int)) = cast(? as int)", "([ordered]@{ partitionCount = 1; partition = 0 })")]
    [InlineData("MySql", "crc32(id) % @partitionCount = @partition", Named)]
    [InlineData("Sqlite", "id % @partitionCount = @partition", Named)]
    public void The_database_chooses_the_rows(string provider, string condition, string parameter)
    {
        Prepare(provider);
        var ids = new List<string>();
        for (var number = 0; number < Count; number++)
        {
            var result = Import(provider, $"where {condition}", $"-Parameter {parameter} -Partition {number} -PartitionCount {Count}").Succeeded();
            Assert.Equal(0L, result.Value("OtherPartitions"));
            Assert.InRange((long)result.Value("Read")!, 1, Rows - 1);
            ids.AddRange(Sent());
        }

        Assert.Equal(Rows, ids.Count);
        Assert.Equal(Rows, ids.Distinct().Count());
        Assert.Equal((long)Rows, Import(provider, $"where {condition}", $"-Parameter {parameter}").Succeeded().Value("Read"));
    }

    [SkippableFact]
    public void The_hash_of_MariaDB_is_that_of_partitions()
    {
        Prepare("MySql");
        for (var number = 0; number < Count; number++)
        {
            Import("MySql", "", $"-Partition {number} -PartitionCount {Count}").Succeeded();
            var expected = Sent();
            Import("MySql", $"where crc32(id) % {Count} = {number}", "").Succeeded();
            Assert.Equal(expected.Order(), Sent().Order());
        }
    }

    [SkippableTheory]
    [InlineData("", "")]
    [InlineData("where id > @after", "-Parameter @{ after = 0 }")]
    public void A_task_that_was_stopped_continues_behind_its_last_row(string where, string parameters)
    {
        Prepare("PostgreSql");
        var all = new List<string>();
        for (var number = 0; number < Count; number++)
        {
            var run = $"-Partition {number} -PartitionCount {Count} -OrderedBy id -JournalPath '{Folder.Path}/{{partition}}.journal' -Resume -BatchSize 50 -MaximumRetryCount 0 {parameters}";
            var last = Service.Requests + 2;
            Service.Answer = (request, _) => Task.FromResult<(int, string)?>(request > last ? (503, "") : null);
            var broken = Import("PostgreSql", $"{where} order by id", run);
            Assert.Equal((75, 100L), (broken.Value("ExitCode"), broken.Value("Accepted")));
            all.AddRange(Sent().Take(100));
            Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
            var resumed = Import("PostgreSql", $"{where} order by id", run).Succeeded();
            Assert.Equal((0, 100L), (resumed.Value("ExitCode"), resumed.Value("Resumed")));
            all.AddRange(Sent());
        }

        Assert.Equal(Enumerable.Range(1, Rows).Select(i => i * 7), all.Select(int.Parse).Order());
    }

    private void Prepare(string provider)
    {
        if (provider is "PostgreSql" or "Odbc")
        {
            Skip.If(postgreSql.Missing is not null, postgreSql.Missing);
            postgreSql.Execute($"drop table if exists shared; create table shared (id int primary key); insert into shared select i * 7 from generate_series(1, {Rows}) i");
        }
        else if (provider == "MySql")
        {
            Skip.If(mariaDb.Missing is not null, mariaDb.Missing);
            mariaDb.Execute($"create or replace table shared (id int primary key) as select seq * 7 as id from seq_1_to_{Rows}");
        }
    }

    private ScriptResult Import(string provider, string where, string parameters)
    {
        Service.Clear();
        var from = provider == "Sqlite"
            ? $"with recursive n(i) as (select 1 union all select i + 1 from n where i < {Rows}), shared(id) as (select i * 7 from n) "
            : "";
        return Session.Run(
            $"Import-UserProfileQuery $query -Provider {provider} -ConnectionString $text -IdentifierProperty id {parameters}",
            new { query = $"{from}select id, id as v from shared {where}", text = Text(provider) });
    }

    private string Text(string provider) => provider switch
    {
        "PostgreSql" => postgreSql.ConnectionString,
        "Odbc" => OdbcTests.Text(postgreSql),
        "MySql" => mariaDb.ConnectionString,
        _ => "Data Source=:memory:",
    };

    private IReadOnlyList<string> Sent() => [.. Service.Updates().Select(update => update.Id)];
}
