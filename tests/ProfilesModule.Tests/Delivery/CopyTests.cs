using System.Text;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Profiles that go from one service to another, compared as both have them stored.</summary>
public sealed class CopyTests : IDisposable
{
    private const int MostProfiles = 60;

    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("engage", "$distinct_id", "Get-UserProfile | Set-UserProfile -AllowAnyIdentifier -Connection $copy")]
    [InlineData("groups", "$group_id", "Get-GroupProfile -DataGroupId $id -GroupKey company | Set-GroupProfile -GroupKey company -AllowAnyIdentifier -Connection $copy")]
    public void Any_profile_arrives_at_another_service_as_it_is(string path, string idName, string script)
    {
        var run = 0;

        // A failure prints the seed that repeats it.
        Gen.Select(GeneratedJson.Identifiers, GeneratedJson.Properties).Array[1, MostProfiles].Sample(
            generated =>
            {
                var profiles = generated.Select((p, i) => (Id: $"u{i} {p.Item1}", Properties: p.Item2)).ToArray();
                var servers = _session.Run("""
                    Stop-UserProfileServer
                    $second = Start-UserProfileServer $db -SkipConnect; $copy = Connect-UserProfileService -Token t -Endpoint $second.Endpoint -PassThru
                    $first = Start-UserProfileServer; $id = $first.FindDataGroupId('company')
                    $first.Endpoint; $second.Endpoint; $id
                    """, new { db = _folder.File($"{run++}.db") }).Succeeded().Output;
                var (first, second) = ((Uri)servers[0].BaseObject, (Uri)servers[1].BaseObject);
                var dataGroupId = path == "groups" ? servers[2].ToString() : null;
                Seed(new Uri(first, path), idName, profiles);

                _session.Run(script).Succeeded();

                AssertStored(profiles, Stored(first, dataGroupId));
                AssertStored(profiles, Stored(second, dataGroupId));
            },
            iter: 25,
            threads: 1,
            print: generated => string.Join('\n', generated.Select((p, i) => $"u{i} {p.Item1}: {p.Item2}")));
    }

    private void Seed(Uri address, string idName, IEnumerable<(string Id, string Properties)> profiles)
    {
        var records = profiles.Select(p => $$"""{"$token":"t","$group_key":"company","{{idName}}":{{JsonSerializer.Serialize(p.Id)}},"$set":{{p.Properties}}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent($"[{string.Join(',', records)}]", Encoding.UTF8, "application/json") };
        Assert.Equal("1", Send(request));
    }

    private static void AssertStored((string Id, string Properties)[] expected, Dictionary<string, string> stored)
    {
        Assert.Equal(expected.Length, stored.Count);
        foreach (var (id, properties) in expected)
            Assert.Equal($"{id}: {CanonicalJson.Of(properties)}", $"{id}: {stored[id]}");
    }

    /// <summary>The properties of every profile that a service has, but for the time of the last update, which is the service's own.</summary>
    private Dictionary<string, string> Stored(Uri service, string? dataGroupId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service, "api/query/engage"))
        {
            Content = new FormUrlEncodedContent(dataGroupId is null ? [] : [new("data_group_id", dataGroupId)]),
        };
        using var reply = JsonDocument.Parse(Send(request));
        return reply.RootElement.GetProperty("results").EnumerateArray().ToDictionary(
            profile => profile.GetProperty("$distinct_id").GetString()!,
            profile => $"{{{string.Join(',', profile.GetProperty("$properties").EnumerateObject().Where(p => p.Name != "$last_seen").Select(CanonicalJson.Member))}}}");
    }

    private string Send(HttpRequestMessage request)
    {
        using var response = _http.Send(request);
        using var body = new StreamReader(response.Content.ReadAsStream());
        return body.ReadToEnd();
    }
}
