using System.Collections;
using System.Text.Json;
using ProfilesModule.Tests.Delivery;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Clients;

/// <summary>Clients that others wrote, changed in nothing but the host: tests/Clients/node.</summary>
public sealed class NodeClientTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly NodeProject _node = new("node");

    public void Dispose()
    {
        _session.Dispose();
        _node.Dispose();
    }

    [SkippableFact]
    public async Task What_npms_mixpanel_writes_comes_back_through_the_cmdlets()
    {
        await _node.Install();
        var endpoint = (Uri)_session.Run("$server = Start-UserProfileServer -Alias @{ 'terse-alias' = 'terse'; 'verbose-alias' = 'verbose' }; $server").Succeeded().Single().Endpoint;

        var client = await _node.Run("node", "client.js", endpoint.Authority);

        Assert.True(client.ExitCode == 0, client.Errors);
        Assert.Equal("Mixpanel Server Error: 0\nMixpanel Server Error: $distinct_id, missing or empty\n", client.Output);
        foreach (var id in new[] { "terse", "verbose" })
        {
            AssertEqual(
                [
                    (id, """
                        {"plan":"pro","$email":"zoë@example.com","name":"Zoë 🎉","nested":{"a":[1,{"b":null}]},"yes":true,"tags":["a","b","c"],
                        "second":2,"visits":14,"credits":2.5,"pages":["about"],"roles":["admin"],
                        "$transactions":[{"$amount":29.99},{"$time":"2026-02-01T00:00:00.000Z","sku":"x","$amount":19}],"through":"alias"}
                        """),
                    ($"{id}-cleared", """{"$transactions":[]}"""),
                    ($"{id}-quiet", """{"v":1}"""),
                    ($"{id}-posted-1", """{"v":1}"""),
                    ($"{id}-posted-2", """{"v":2}"""),
                ],
                $"Get-UserProfile -Where '\"{id}\" in properties[\"$distinct_id\"]'");
            Assert.Null(_session.Run($"Get-UserProfile '{id}-quiet'").Succeeded().Value("UpdatedAt"));
            Assert.NotNull(_session.Run($"Get-UserProfile '{id}'").Succeeded().Value("UpdatedAt"));
        }

        const string group = """{"industry":"widgets","sites":["EU","IN"]}""";
        AssertEqual([("terse", group), ("verbose", group)], "Get-GroupProfile -DataGroupId $server.FindDataGroupId('company')");
    }

    [SkippableFact]
    public async Task What_npms_mixpanel_import_writes_it_exports_and_deletes()
    {
        await _node.Install();
        var endpoint = (Uri)_session.Run("$server = Start-UserProfileServer -ServiceAccount ([pscredential]::new('admin', (ConvertTo-SecureString secret -AsPlainText -Force))); $server").Succeeded().Single().Endpoint;

        Assert.Equal(string.Concat(Enumerable.Repeat("failed: 0 {}\n", 4)), await RunImport("import", endpoint));
        AssertEqual([("operations", """{"plan":"pro","visits":3.5,"pages":["about","blog"],"first":"2026-01-31T12:00:00"}""")], "Get-UserProfile operations");
        Assert.Equal(2401, (int)_session.Run("(Get-UserProfile).Count").Succeeded().Output[0].BaseObject);
        AssertEqual([("got-1199", """{"seats":1199,"tags":["a"],"$name":"Zoë 1199"}"""), ("undici-7", """{"seats":7,"tags":["a"],"$name":"Zoë 7"}""")], "Get-UserProfile got-1199, undici-7");
        AssertEqual([("acme", """{"seats":5}""")], "Get-GroupProfile -DataGroupId $server.FindDataGroupId('company')");

        await RunImport("export", endpoint);
        using var exported = JsonDocument.Parse(await File.ReadAllBytesAsync(_node.File("exported.json")));
        var ids = exported.RootElement.EnumerateArray().Select(profile => profile.GetProperty("$distinct_id").GetString()).ToList();
        Assert.Equal(2401, ids.Distinct().Count());
        Assert.Equal(2401, ids.Count);

        await RunImport("delete", endpoint);
        Assert.Empty(_session.Run("Get-UserProfile").Succeeded().Output);
    }

    private async Task<string> RunImport(string task, Uri endpoint)
    {
        Environment.SetEnvironmentVariable("ENGAGE_HOST", endpoint.Authority);
        var client = await _node.Run("node", "--require", "./host.js", "import.js", task);
        Assert.True(client.ExitCode == 0, client.Errors);
        return client.Output;
    }

    /// <summary>Compares what a script returns with profiles in the order in which they were created.</summary>
    private void AssertEqual((string Id, string Properties)[] profiles, string script) => Assert.Equal(
        profiles.Select(profile => $"{profile.Id}: {CanonicalJson.Of(profile.Properties)}"),
        _session.Run($"{script} | ForEach-Object {{ @{{ Id = \"$_\"; Properties = $_.Properties }} }}").Succeeded().Output.Select(o => (IDictionary)o.BaseObject)
            .Select(profile => $"{profile["Id"]}: {CanonicalJson.Of(JsonSerializer.Serialize((IDictionary)profile["Properties"]!))}"));
}
