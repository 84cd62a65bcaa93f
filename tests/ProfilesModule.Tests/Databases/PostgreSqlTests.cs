using Npgsql;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>Imports from a real PostgreSQL.</summary>
public sealed class PostgreSqlTests(PostgreSqlServer server) : ConnectedTests, IClassFixture<PostgreSqlServer>
{
    /// <summary>An expression of SQL, and the property that it becomes.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "1::smallint", "1" },
        { "2147483647::int", "2147483647" },
        { "9223372036854775807::bigint", "9223372036854775807" },
        { "123456789012345678901234567890.123456789::numeric", "123456789012345678901234567890.123456789" },
        { "1.50::numeric(10,2)", "1.50" },
        { "0.1::real", "0.1" },
        { "1e300::double precision", "1e+300" },
        { "true", "true" },
        { "'Zoë \"x\"\n'::text", "\"Zoë \\\"x\\\"\\n\"" },
        { "'a'::varchar(10)", "\"a\"" },
        { "date '2026-01-31'", "\"2026-01-31\"" },
        { "timestamp '2026-01-31 12:00:00.5'", "\"2026-01-31T12:00:00\"" },
        { "timestamptz '2026-01-31 12:00:00+05:30'", "\"2026-01-31T06:30:00\"" },
        { "time '12:00:05'", "\"12:00:05\"" },
        { "interval '1 mon 2 days 03:00:00'", "\"1 mon 2 days 03:00:00\"" },
        { "'6f9619ff-8b86-d011-b42d-00cf4fc964ff'::uuid", "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\"" },
        { "'{\"a\": [1, 2.50]}'::json", "{\"a\":[1,2.50]}" },
        { "E'{\"a\":\\n1}'::json", "{\"a\":1}" },
        { "'{\"a\": null}'::jsonb", "{\"a\":null}" },
        { "array[1,2,null]", "[1,2,null]" },
        { "array['a','b \"c\"','','NULL',null]", "[\"a\",\"b \\\"c\\\"\",\"\",\"NULL\",null]" },
        { "array[[1,2],[3,4]]", "[[1,2],[3,4]]" },
        { "'[0:1]={7,8}'::int[]", "[7,8]" },
        { "array[true,false]", "[true,false]" },
        { "array[timestamptz '2026-01-31 12:00:00+01']", "[\"2026-01-31T11:00:00\"]" },
        { "'{}'::text[]", "[]" },
        { "inet '10.0.0.1/8'", "\"10.0.0.1/8\"" },
        { "'08:00:2b:01:02:03'::macaddr", "\"08:00:2b:01:02:03\"" },
        { "int4range(1,5)", "\"[1,5)\"" },
        { "'sad'::mood", "\"sad\"" },
        { "12::positive", "12" },
        { "xmlelement(name a)", "\"<a/>\"" },
    };

    [SkippableTheory]
    [MemberData(nameof(Values))]
    public void A_value_keeps_its_type(string expression, string expected)
    {
        Prepare("DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('sad'); DROP DOMAIN IF EXISTS positive; CREATE DOMAIN positive AS int CHECK (VALUE > 0)");

        Import($"select 'u1' as distinct_id, {expression} as v").Succeeded();

        Assert.Equal($$"""{"v":{{expected}}}""", Service.Updates().Single().Properties);
    }

    [SkippableTheory]
    [InlineData("'NaN'::numeric")]
    [InlineData("'Infinity'::float8")]
    [InlineData("'infinity'::timestamp")]
    [InlineData("'-infinity'::date")]
    [InlineData("'0044-03-15 BC'::date")]
    [InlineData("'0044-03-15 12:00:00 BC'::timestamptz")]
    public void A_value_that_cannot_be_sent_costs_its_row_only(string expression)
    {
        var result = Import($"select * from (values ('u1', {expression}), ('u2', null)) as t(distinct_id, v)");

        var error = Assert.Single(result.Errors);
        Assert.StartsWith("UnsupportedValue", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("query, row 1", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("u2", Service.Updates().Single().Id);
        Assert.Equal(1, result.Value("ExitCode"));
    }

    [SkippableTheory]
    [InlineData("'\\x00ff'::bytea")]
    [InlineData("1::money")]
    public void A_type_that_cannot_be_sent_is_refused_before_anything_is(string expression)
    {
        var result = Import($"select 'u1' as distinct_id, {expression} as v");

        Assert.StartsWith("UnsendableColumnType", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Updates());

        Import($"select 'u1' as distinct_id, {expression} as v, 1 as n", "-ExcludeProperty v").Succeeded();
        Assert.Equal("""{"n":1}""", Service.Updates().Single().Properties);
    }

    [SkippableFact]
    public void A_time_without_a_zone_is_of_the_time_zone()
    {
        Import("select 'u1' as distinct_id, timestamp '2026-07-01 12:00' as local, timestamptz '2026-07-01 12:00+00' as utc, date '2026-07-01' as day", "-TimeZone Europe/Vienna").Succeeded();

        Assert.Equal("""{"local":"2026-07-01T10:00:00","utc":"2026-07-01T12:00:00","day":"2026-07-01"}""", Service.Updates().Single().Properties);
    }

    [SkippableFact]
    public void A_session_of_another_style_is_read_the_same()
    {
        Prepare("ALTER ROLE sync SET datestyle = 'German'; ALTER ROLE sync SET timezone = 'Asia/Kathmandu'");
        try
        {
            Import("select 'u1' as distinct_id, date '2026-01-31' as d, timestamptz '2026-01-31 12:00+00' as t").Succeeded();

            Assert.Equal("""{"d":"2026-01-31","t":"2026-01-31T12:00:00"}""", Service.Updates().Single().Properties);
        }
        finally
        {
            Prepare("ALTER ROLE sync RESET ALL");
        }
    }

    [SkippableTheory]
    [InlineData("", """[{"a":"x"}]""")]
    [InlineData("-EmptyCell Null", """[{"a":"x","b":null,"c":null}]""")]
    [InlineData("-EmptyCell Empty", """[{"a":"x","b":"","c":""}]""")]
    [InlineData("-EmptyCell Unset", """[{"a":"x"},["b","c"]]""")]
    public void What_null_means_is_chosen(string parameter, string expected)
    {
        Import("select 'u1' as distinct_id, 'x' as a, null::int as b, '' as c", parameter).Succeeded();

        Assert.Equal(expected, $"[{string.Join(',', Service.Updates().Select(update => update.Properties))}]");
    }

    [SkippableFact]
    public void Parameters_of_the_query_are_sent_apart_from_it()
    {
        Import("select id as distinct_id from (values ('a'), ('b''; drop table x; --')) as t(id) where id <> @name", "-Parameter @{ name = 'a' }").Succeeded();

        Assert.Equal("b'; drop table x; --", Service.Updates().Single().Id);
    }

    [SkippableFact]
    public void A_query_file_names_itself()
    {
        Skip.If(server.Missing is not null, server.Missing);
        var file = Folder.Write("users.sql", "select 'u1' as distinct_id, 'NaN'::float8 as v");

        var result = Session.Run("Import-UserProfileQuery -QueryPath $file -Provider PostgreSql -ConnectionString $text", new { file, text = server.ConnectionString });

        Assert.Contains("users.sql, row 1", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Rejected_rows_are_imported_again_as_they_were_meant()
    {
        var rejects = Folder.File("refused.ndjson");
        Import("select * from (values ('u1', 'Infinity'::float8, 'x', null::text), ('u2', 1, 'y', null)) as t(distinct_id, v, name, gone)", "-RejectPath $rejects -EmptyCell Skip", new { rejects });
        Assert.Contains("\"_errorId\":\"UnsupportedValue\"", File.ReadAllText(rejects), StringComparison.Ordinal);
        File.WriteAllText(rejects, File.ReadAllText(rejects).Replace("\"Infinity\"", "7", StringComparison.Ordinal));
        Service.Clear();

        Session.Run("Import-UserProfileJson $rejects -EmptyCell Skip", new { rejects }).Succeeded();

        Assert.Equal("""{"v":7,"name":"x"}""", Service.Updates().Single().Properties);
    }

    [SkippableFact]
    public void A_query_that_the_server_refuses_is_told_in_its_words_without_the_password()
    {
        var result = Import("selekt 1");

        var error = Assert.Single(result.Errors);
        Assert.StartsWith("DatabaseQueryFailed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("syntax error", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(result.AllText(), text => text.Contains(DatabaseServer.Password, StringComparison.Ordinal));
        Assert.Equal(2, result.Value("ExitCode"));
    }

    [SkippableTheory]
    [InlineData("Host=127.0.0.1;Port=1;Username=sync;Password=", "DatabaseNotReachable")]
    [InlineData("Host=127.0.0.1;Nonsense=1;Password=", "InvalidConnectionString")]
    [InlineData("not a connection string at all ", "InvalidConnectionString")]
    public void A_connection_that_fails_shows_no_password(string connection, string errorId)
    {
        var result = Session.Run("Import-UserProfileQuery 'select 1' -Provider PostgreSql -ConnectionString $text -Verbose -Debug", new { text = connection + DatabaseServer.Password });

        Assert.StartsWith(errorId, Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(errorId == "DatabaseNotReachable" ? 75 : 2, result.Value("ExitCode"));
        Assert.DoesNotContain(result.AllText(), text => text.Contains(DatabaseServer.Password, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_wrong_password_is_not_shown()
    {
        Skip.If(server.Missing is not null, server.Missing);
        var result = Session.Run(
            "Import-UserProfileQuery 'select 1' -Provider PostgreSql -ConnectionString $text -Credential ([pscredential]::new('sync', (ConvertTo-SecureString wr0ng-secret -AsPlainText -Force)))",
            new { text = server.ConnectionString });

        Assert.StartsWith("DatabaseNotReachable", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.DoesNotContain(result.AllText(), text => text.Contains(DatabaseServer.Password, StringComparison.Ordinal) || text.Contains("wr0ng-secret", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_connection_variable_and_a_credential_connect()
    {
        Skip.If(server.Missing is not null, server.Missing);
        Session.Run(
            "$env:CRM = $text; Import-UserProfileQuery \"select 'u1' as distinct_id\" -Provider PostgreSql -ConnectionVariable CRM -Credential ([pscredential]::new('sync', (ConvertTo-SecureString $password -AsPlainText -Force)))",
            new { text = $"Host=127.0.0.1;Port={server.Port};Database=postgres", password = DatabaseServer.Password }).Succeeded();

        Assert.Equal("u1", Service.Updates().Single().Id);
    }

    [SkippableFact]
    public void A_connection_of_another_version_of_the_driver_is_used_and_stays_open()
    {
        Skip.If(server.Missing is not null, server.Missing);
        using var connection = new NpgsqlConnection(server.ConnectionString);
        connection.Open();

        Session.Run("Import-UserProfileQuery \"select 'u1' as distinct_id, 'infinity'::text as t, array[1] as l\" -DbConnection $connection", new { connection }).Succeeded();
        Import("select 'u2' as distinct_id").Succeeded();

        Assert.Equal(["u1", "u2"], Service.Updates().Select(update => update.Id));
        Assert.Equal("""{"t":"infinity","l":[1]}""", Service.Updates()[0].Properties);
        Assert.Equal(System.Data.ConnectionState.Open, connection.State);
        Assert.Equal(8, typeof(NpgsqlConnection).Assembly.GetName().Version!.Major);
    }

    [SkippableFact]
    public void Ctrl_C_cancels_the_query_on_the_server()
    {
        Skip.If(server.Missing is not null, server.Missing);
        using var shell = Session.Start(
            "Import-UserProfileQuery 'select 1 as distinct_id, pg_sleep(600)' -Provider PostgreSql -ConnectionString $text",
            new { text = server.ConnectionString + ";Application Name=slow" });
        var running = shell.BeginInvoke();
        Assert.True(SpinWait.SpinUntil(() => Slow() == 1, TimeSpan.FromSeconds(60)));

        shell.Stop();

        Assert.True(SpinWait.SpinUntil(() => Slow() == 0, TimeSpan.FromSeconds(60)));
        Assert.True(running.IsCompleted);
    }

    [SkippableFact]
    public void The_time_limit_ends_a_query_that_has_no_row_yet()
    {
        Skip.If(server.Missing is not null, server.Missing);

        var result = Session.Run(
            "Import-UserProfileQuery 'select 1 as distinct_id, pg_sleep(600)' -Provider PostgreSql -ConnectionString $text -TimeoutSec 1",
            new { text = server.ConnectionString + ";Application Name=slow" });

        Assert.StartsWith("TimeoutReached", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(75, result.Value("ExitCode"));
        Assert.True(SpinWait.SpinUntil(() => Slow() == 0, TimeSpan.FromSeconds(60)));
    }

    [SkippableFact]
    public void A_column_of_no_name_and_two_of_one_are_refused()
    {
        Assert.StartsWith("DuplicateProperty", Assert.Single(Import("select 'u1' as distinct_id, 1 as a, 2 as a").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Updates());
    }

    private long Slow()
    {
        using var connection = new NpgsqlConnection(server.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where application_name = 'slow' and state = 'active' and query like '%pg_sleep%'", connection);
        return (long)command.ExecuteScalar()!;
    }

    private void Prepare(string sql)
    {
        Skip.If(server.Missing is not null, server.Missing);
        server.Execute(sql);
    }

    private ScriptResult Import(string query, string parameters = "", object? variables = null)
    {
        Skip.If(server.Missing is not null, server.Missing);
        if (variables is not null)
            Session.Run("", variables);
        return Session.Run($"Import-UserProfileQuery $query -Provider PostgreSql -ConnectionString $text {parameters}", new { query, text = server.ConnectionString });
    }
}
