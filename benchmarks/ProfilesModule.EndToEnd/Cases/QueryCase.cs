using Npgsql;
using ProfilesModule.Benchmarks.EndToEnd.Runs;
using ProfilesModule.Tests.Databases;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>
/// The rows of a PostgreSQL, against the same rows from CSV. What it costs to read the values at all is taken off: a program that does
/// nothing else.
/// </summary>
internal sealed class QueryCase() : Case("query", "Import-UserProfileQuery from PostgreSQL, against the same rows from CSV")
{
    private const string Query = "select * from users";

    /// <summary>What <see cref="ReadAll"/> is called on the command line of this program.</summary>
    public const string ReadCommand = "read-query";

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        using var server = new PostgreSqlServer();
        if (server.Missing is not null)
        {
            await Console.Error.WriteLineAsync($"query: {server.Missing}");
            return [];
        }

        var file = rig.Files.Sequential(rig.Options.Rows);
        Load(server, file.Path);
        var query = Rig.Pwsh("query", "-Command", $$"""
            Import-Module '{{Rig.Module}}'
            Connect-UserProfileService -Endpoint '{{rig.Sink.Address}}' -Token benchmark
            $result = Import-UserProfileQuery '{{Query}}' -Provider PostgreSql -ConnectionString '{{server.ConnectionString}}' {{Large}}
            exit $result.ExitCode
            """) with { Rows = file.Rows, Arrives = (file.Rows, file.IdSum) };
        var loop = new MeasuredProgram("loop over the values", "dotnet", [typeof(QueryCase).Assembly.Location, ReadCommand, server.ConnectionString]) { Rows = file.Rows };
        var runs = await rig.InTurnAsync(Rig.Start(), rig.Import("import", file, Large), query, loop);
        var (csv, net, read) = (runs[1].Net(runs[0]), runs[2].Net(runs[0]), runs[3]);
        var cpu = net.CpuPerMillion - read.CpuPerMillion;
        return
        [
            Result.RatioAtMost(1.3, "CPU a million, beyond a loop over the values", "s", cpu, "CSV", csv.CpuPerMillion, cpu / csv.CpuPerMillion),
            Result.RatioAtLeast(0, "profiles/s", "/s", net.Rate, "CSV", csv.Rate, net.Rate / csv.Rate),
            Result.AtMost(175, "peak RSS", "MB", runs[2].PeakMegabytes, $"CSV: {runs[1].PeakMegabytes:0} MB"),
        ];
    }

    private static void Load(PostgreSqlServer server, string csv)
    {
        server.Execute(
            """
            create table users (distinct_id text primary key, name text, email text, department text, plan text, signup_date timestamptz,
                last_login timestamptz, age int, ltv numeric(10,2), active boolean, city text, tags text)
            """);
        using var connection = new NpgsqlConnection(server.ConnectionString);
        connection.Open();
        using var copy = connection.BeginTextImport("copy users from stdin with (format csv, header)");
        using var file = new StreamReader(csv);
        var buffer = new char[1 << 16];
        for (int length; (length = file.Read(buffer)) > 0;)
            copy.Write(buffer, 0, length);
    }

    /// <summary>Reads every value of every row, and does nothing with it.</summary>
    public static void ReadAll(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(Query, connection);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            for (var i = 0; i < rows.FieldCount; i++)
                _ = rows.GetValue(i);
        }
    }
}
