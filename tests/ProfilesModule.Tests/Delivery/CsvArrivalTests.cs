using System.Text.Json;
using CsCheck;
using ProfilesModule.Core.Tests.Sources;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Tables in CSV files of every dialect, compared as the embedded service has them stored.</summary>
public sealed class CsvArrivalTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Any_table_is_stored_as_it_was_written()
    {
        var endpoint = (Uri)_session.Run("(Start-UserProfileServer).Endpoint").Succeeded().Output[0].BaseObject;
        var tables = 0;
        CsvTable.Any.Sample(
            any =>
            {
                // Columns have names of their own, and the first one tells the rows apart.
                var number = ++tables;
                string[] names = [.. any.Header.Select((name, i) => $"c{i}{name}")];
                var table = any with { Header = names, Rows = [.. any.Rows.Select((row, i) => (string[])[$"{number}-{i}", .. row[1..]])] };
                var path = _folder.File("users.csv");
                File.WriteAllBytes(path, table.Write().Bytes);
                var arguments = new { path, delimiter = table.Delimiter, lines = table.LinesBefore.Length, encoding = table.NamedEncoding };
                var result = _session.Run(
                    $"Import-UserProfileCsv $path $delimiter -IdentifierColumn 1 -SkipRows $lines -EmptyCell Empty {(table.NamedEncoding is null ? "" : "-Encoding $encoding")}", arguments).Succeeded();
                Assert.Equal((long)table.Rows.Length, result.Value("Accepted"));
                foreach (var row in table.Rows)
                    Assert.Equal(names.Zip(row).Skip(1).Select(cell => (cell.First, cell.Second)), Stored(endpoint, row[0]));
            },
            iter: 200,
            threads: 1);
    }

    /// <summary>The properties of a profile as the service has them, in their order.</summary>
    private List<(string Name, string Value)> Stored(Uri service, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service, "api/query/engage")) { Content = new FormUrlEncodedContent([new("distinct_id", id)]) };
        using var response = _http.Send(request);
        using var reply = JsonDocument.Parse(response.Content.ReadAsStream());
        return [.. reply.RootElement.GetProperty("results")[0].GetProperty("$properties").EnumerateObject().Where(p => p.Name != "$last_seen").Select(p => (p.Name, p.Value.GetString()!))];
    }
}
