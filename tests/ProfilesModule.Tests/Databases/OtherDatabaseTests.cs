using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>Imports from a real MariaDB.</summary>
public sealed class MariaDbTests(MariaDbServer server) : ConnectedTests, IClassFixture<MariaDbServer>
{
    /// <summary>The type of a column, a value in SQL, and the property that it becomes.</summary>
    public static TheoryData<string, string, string> Values => new()
    {
        { "TINYINT", "-5", "-5" },
        { "TINYINT(1)", "1", "true" },
        { "BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615" },
        { "DECIMAL(10,2)", "1.50", "1.50" },
        { "DECIMAL(65,30)", "12345678901234567890123456789012345.123456789012345678901234567890", "12345678901234567890123456789012345.123456789012345678901234567890" },
        { "DOUBLE", "0.1", "0.1" },
        { "BIT(8)", "b'101'", "5" },
        { "YEAR", "2026", "2026" },
        { "DATE", "'2026-01-31'", "\"2026-01-31\"" },
        { "DATETIME", "'2026-01-31 12:00:00'", "\"2026-01-31T12:00:00\"" },
        { "TIMESTAMP", "'2026-01-31 12:00:00'", "\"2026-01-31T12:00:00\"" },
        { "VARCHAR(50) CHARACTER SET utf8mb4", "'Zoë 🙂'", "\"Zoë \\uD83D\\uDE42\"" },
        { "LONGTEXT", "'x'", "\"x\"" },
        { "ENUM('a','b')", "'b'", "\"b\"" },
        { "SET('a','b')", "'a,b'", "\"a,b\"" },
        { "CHAR(36)", "'6f9619ff-8b86-d011-b42d-00cf4fc964ff'", "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\"" },
        { "TIME", "'26:03:04'", "\"26:03:04\"" },
        { "TIME", "'-00:00:05'", "\"-00:00:05\"" },
    };

    [SkippableTheory]
    [MemberData(nameof(Values))]
    public void A_value_keeps_its_type(string type, string value, string expected)
    {
        Execute($"SET time_zone = '+00:00'; CREATE OR REPLACE TABLE one (id VARCHAR(10), v {type}); INSERT INTO one VALUES ('u1', {value})");

        Import("select id as distinct_id, v from one").Succeeded();

        Assert.Equal($$"""{"v":{{expected}}}""", Service.Updates().Single().Properties);
    }

    [SkippableFact]
    public void A_timestamp_is_in_UTC_and_a_datetime_in_the_time_zone()
    {
        Execute("SET time_zone = '+05:30'; CREATE OR REPLACE TABLE one (id VARCHAR(10), at TIMESTAMP, local DATETIME); INSERT INTO one VALUES ('u1', '2026-07-01 12:00:00', '2026-07-01 12:00:00')");

        Import("select id as distinct_id, at, local from one", "-TimeZone Europe/Vienna").Succeeded();

        Assert.Equal("""{"at":"2026-07-01T06:30:00","local":"2026-07-01T10:00:00"}""", Service.Updates().Single().Properties);
    }

    [SkippableFact]
    public void A_date_of_zeros_costs_its_row_only()
    {
        Execute("SET sql_mode = ''; CREATE OR REPLACE TABLE one (id VARCHAR(10), d DATE); INSERT INTO one VALUES ('u1', '0000-00-00'), ('u2', '2026-01-31')");

        var result = Import("select id as distinct_id, d from one order by id");

        Assert.StartsWith("UnsupportedValue", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("u2", Service.Updates().Single().Id);
    }

    [SkippableTheory]
    [InlineData("BLOB")]
    [InlineData("BINARY(16)")]
    public void Binary_data_is_refused_before_anything_is_sent(string type)
    {
        Execute($"CREATE OR REPLACE TABLE one (id VARCHAR(10), v {type}); INSERT INTO one VALUES ('u1', 'x')");

        Assert.StartsWith("UnsendableColumnType", Assert.Single(Import("select id as distinct_id, v from one").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Updates());
    }

    [SkippableFact]
    public void Failures_show_no_password()
    {
        Skip.If(server.Missing is not null, server.Missing);
        foreach (var (text, query) in new[] { (server.ConnectionString, "selekt"), (server.ConnectionString.Replace(DatabaseServer.Password, "wr0ng-secret", StringComparison.Ordinal), "select 1"), (server.ConnectionString + ";Nonsense=1", "select 1") })
        {
            var result = Session.Run("Import-UserProfileQuery $query -Provider MySql -ConnectionString $text -Verbose", new { query, text });

            Assert.Single(result.Errors);
            Assert.DoesNotContain(result.AllText(), line => line.Contains(DatabaseServer.Password, StringComparison.Ordinal) || line.Contains("wr0ng-secret", StringComparison.Ordinal));
        }
    }

    private void Execute(string sql)
    {
        Skip.If(server.Missing is not null, server.Missing);
        server.Execute(sql);
    }

    private ScriptResult Import(string query, string parameters = "")
    {
        Skip.If(server.Missing is not null, server.Missing);
        return Session.Run($"Import-UserProfileQuery $query -Provider MySql -ConnectionString $text {parameters}", new { query, text = server.ConnectionString });
    }
}

/// <summary>Imports from SQLite, which needs no server.</summary>
public sealed class SqliteTests : ConnectedTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1.5", "1.5")]
    [InlineData("'x'", "\"x\"")]
    [InlineData("date('2026-01-31')", "\"2026-01-31\"")]
    public void A_value_keeps_its_type(string value, string expected)
    {
        Import($"select 'u1' as distinct_id, {value} as v").Succeeded();

        Assert.Equal($$"""{"v":{{expected}}}""", Service.Updates().Single().Properties);
    }

    [Fact]
    public void Binary_data_costs_its_row_only()
    {
        var result = Import("select 'u2' as distinct_id, 1 as v union all select 'u1', x'00ff'");

        Assert.StartsWith("UnsupportedValue", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("u2", Service.Updates().Single().Id);
    }

    [Fact]
    public void A_whole_result_is_imported_with_its_account()
    {
        var result = Import("with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000) select i as distinct_id, 'name ' || i as name from n").Succeeded();

        Assert.Equal(10_000L, result.Value("Accepted"));
        Assert.Equal(10_000, Service.Updates().Select(update => update.Id).Distinct().Count());
    }

    [Fact]
    public void What_if_counts_and_sends_nothing()
    {
        var result = Import("select 'u1' as distinct_id, 1 as v", "-WhatIf").Succeeded();

        Assert.Equal(1L, result.Value("Skipped"));
        Assert.Empty(Service.Updates());
    }

    [Fact]
    public void Rules_name_the_row()
    {
        var result = Import("select 'u1' as distinct_id, 'NULL' as v union all select 'u2', 'x'").Succeeded();

        Assert.Contains(result.Warnings, warning => warning.StartsWith("query, row 1: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_group_is_imported()
    {
        Session.Run("Import-GroupProfileQuery \"select 'acme' as id, 5 as seats\" -GroupKey company -Provider Sqlite -ConnectionString 'Data Source=:memory:' -IdentifierProperty id").Succeeded();

        Assert.Contains("\"$group_id\":\"acme\"", Service.Bodies.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-ConnectionString 'Data Source=:memory:'")]
    [InlineData("-Provider Sqlite")]
    [InlineData("-Provider Sqlite -ConnectionVariable PROFILES_NONE")]
    public void Parameters_that_are_missing_are_named(string parameters) =>
        Assert.StartsWith("DatabaseParameters", Assert.Single(Session.Run($"Import-UserProfileQuery 'select 1' {parameters}").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

    private ScriptResult Import(string query, string parameters = "") =>
        Session.Run($"Import-UserProfileQuery $query -Provider Sqlite -ConnectionString 'Data Source=:memory:' {parameters}", new { query });
}

/// <summary>Imports by ODBC, from PostgreSQL.</summary>
public sealed class OdbcTests(PostgreSqlServer server) : ConnectedTests, IClassFixture<PostgreSqlServer>
{
    [SkippableFact]
    public void Values_keep_their_types()
    {
        Import("select 'u1' as distinct_id, 5 as n, 1.50::numeric as d, 'Zoë'::text as name, date '2026-01-31' as day, timestamp '2026-01-31 12:00' as at, null::text as gone").Succeeded();

        Assert.Equal("""{"n":5,"d":1.50,"name":"Zoë","day":"2026-01-31","at":"2026-01-31T12:00:00"}""", Service.Updates().Single().Properties);
    }

    [SkippableFact]
    public void A_question_mark_is_a_parameter()
    {
        Import("select 'u1' as distinct_id, cast(? as int) + 1 as n", "-Parameter @{ one = 41 }").Succeeded();

        Assert.Equal("""{"n":42}""", Service.Updates().Single().Properties);
    }

    [SkippableFact]
    public void A_failure_shows_no_password()
    {
        var result = Import("selekt", "-Verbose");

        Assert.StartsWith("DatabaseQueryFailed", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain(result.AllText(), line => line.Contains(DatabaseServer.Password, StringComparison.Ordinal));
    }

    private ScriptResult Import(string query, string parameters = "")
    {
        Skip.If(server.Missing is not null, server.Missing);
        return Session.Run($"Import-UserProfileQuery $query -Provider Odbc -ConnectionString $text {parameters}", new { query, text = Text(server) });
    }

    internal static string Text(PostgreSqlServer server)
    {
        Skip.If(!File.Exists("/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so") && !File.Exists("/etc/odbcinst.ini"), "The ODBC driver of PostgreSQL is not installed: apt-get install unixodbc odbc-postgresql.");
        return $"Driver={{PostgreSQL Unicode}};Server=127.0.0.1;Port={server.Port};Database=postgres;Uid=sync;Pwd={DatabaseServer.Password};UseDeclareFetch=1";
    }
}

/// <summary>What can be tested of SQL Server without one.</summary>
public sealed class SqlServerTests : ConnectedTests
{
    [Fact]
    public void The_driver_is_loaded_apart_from_that_of_the_session()
    {
        Assert.Equal(5, typeof(Microsoft.Data.SqlClient.SqlConnection).Assembly.GetName().Version!.Major);

        var result = Session.Run("Import-UserProfileQuery 'select 1' -Provider SqlServer -ConnectionString 'Server=127.0.0.1,1;User ID=sa;Password=c0rrect-h0rse;Connect Timeout=2'");

        Assert.StartsWith("DatabaseNotReachable", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain(result.AllText(), line => line.Contains("c0rrect-h0rse", StringComparison.Ordinal));
        Assert.Contains(System.Runtime.Loader.AssemblyLoadContext.All, context => context.Name == "ProfilesModule sqlserver" && context.Assemblies.Any(a => a.GetName() is { Name: "Microsoft.Data.SqlClient", Version.Major: 7 }));
    }

    [Fact]
    public void A_keyword_that_the_driver_does_not_know_is_told_without_the_rest()
    {
        var result = Session.Run("Import-UserProfileQuery 'select 1' -Provider SqlServer -ConnectionString 'Server=x;Nonsense=c0rrect-h0rse'");

        Assert.StartsWith("InvalidConnectionString", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain(result.AllText(), line => line.Contains("c0rrect-h0rse", StringComparison.Ordinal));
    }
}
