using System.Text;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Objects of JSON files that arrive in the embedded service, whatever is in them.</summary>
public sealed class JsonRoundTripTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly Uri _endpoint;

    public JsonRoundTripTests() => _endpoint = (Uri)_session.Run("(Start-UserProfileServer).Endpoint").Succeeded().Output[0].BaseObject;

    public void Dispose()
    {
        _http.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Any_object_arrives_as_it_is_from_lines_and_from_a_list()
    {
        var run = 0;
        Gen.Select(Objects.Array[1, 8], Gen.OneOfConst("\n", "\r\n", "\n \n"), Gen.Int[0, 2]).Sample(
            (objects, lineBreak, layout) =>
            {
                run++;
                var lines = objects.Select((properties, i) => Record($"{run}-{i}", properties)).ToArray();
                var text = layout switch
                {
                    0 => string.Join(lineBreak, lines),
                    1 => $"\uFEFF[{lineBreak}{string.Join($"{lineBreak},", lines)}]{lineBreak}",
                    _ => string.Join(lineBreak, lines.Select(line => $"{{{lineBreak}{line[1..]}")),
                };
                var result = _session.Run("Import-UserProfileJson $path -WarningAction Ignore", new { path = _folder.Write("a.json", text) }).Succeeded();
                Assert.Equal((long)objects.Length, result.Value("Accepted"));
                for (var i = 0; i < objects.Length; i++)
                    Assert.Equal(Sorted(objects[i]), Sorted(Stored($"{run}-{i}")));
            },
            iter: 150,
            threads: 1);
    }

    [Fact]
    public void A_backup_of_any_profiles_is_taken_back_without_loss()
    {
        var run = 0;
        Objects.Array[1, 8].Sample(
            objects =>
            {
                run++;
                var (path, backup) = (_folder.Write("a.json", string.Join('\n', objects.Select((properties, i) => Record($"{run}-{i}", properties)))), _folder.File($"{run}.jsonl"));
                _session.Run("Import-UserProfileJson $path -WarningAction Ignore; Get-UserProfile -WarningAction Ignore | Remove-UserProfile -BackupPath $backup -Force; Import-UserProfileJson $backup -IgnoreTime -WarningAction Ignore", new { path, backup }).Succeeded();
                for (var i = 0; i < objects.Length; i++)
                    Assert.Equal(Sorted(objects[i]), Sorted(Stored($"{run}-{i}")));
                _session.Run("Get-UserProfile -WarningAction Ignore | Remove-UserProfile -Force").Succeeded();
            },
            iter: 40,
            threads: 1);
    }

    // An object whose only property is $properties cannot be told from one of the service's query.
    private static Gen<string> Objects => GeneratedJson.Properties.Where(properties => !properties.StartsWith("{\"$properties\":{", StringComparison.Ordinal));

    // The identifier first, as a backup has it: the properties may have any of its names too.
    private static string Record(string id, string properties) => $"{{\"$distinct_id\":\"{id}\"{(properties == "{}" ? "" : ",")}{properties[1..]}";

    private static string Sorted(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Sorted(document.RootElement);
    }

    private static string Sorted(JsonElement properties) =>
        string.Join('\n', properties.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(CanonicalJson.Member));

    private JsonElement Stored(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_endpoint, "api/query/engage")) { Content = new FormUrlEncodedContent([new("distinct_id", id)]) };
        using var response = _http.Send(request);
        using var reply = JsonDocument.Parse(response.Content.ReadAsStream());
        var properties = reply.RootElement.GetProperty("results")[0].GetProperty("$properties");
        var stored = string.Join(',', properties.EnumerateObject().Where(p => p.Name != "$last_seen").Select(p => $"{JsonSerializer.Serialize(p.Name)}:{p.Value.GetRawText()}"));
        return JsonDocument.Parse(Encoding.UTF8.GetBytes($"{{{stored}}}")).RootElement;
    }
}
