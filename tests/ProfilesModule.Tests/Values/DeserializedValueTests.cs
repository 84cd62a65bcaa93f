using System.Collections;
using System.Management.Automation;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Values;

/// <summary>Values that come from a job, from remoting or from Import-Clixml are sent as they would have been before.</summary>
public sealed class DeserializedValueTests : ConnectedTests
{
    // What profiles can hold, and what they cannot.
    private static readonly Gen<object?> Scalar = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Const((object?)DBNull.Value),
        Gen.String[Gen.Char.AlphaNumeric, 0, 6].Select(s => (object?)s),
        Gen.Bool.Select(b => (object?)b),
        Gen.Int.Select(i => (object?)i),
        Gen.ULong.Select(i => (object?)i),
        Gen.Decimal.Select(d => (object?)d),
        Gen.Double.Select(d => (object?)d),
        Gen.Float.Select(f => (object?)f),
        Gen.Int[-1000, 1000].Select(i => (object?)(Half)(i / 8.0)),
        Gen.Long.Select(l => (object?)(new BigInteger(l) * 1_000_000_007)),
        Gen.Long.Select(l => (object?)((Int128)l * 1_000_000_007)),
        Gen.DateTime[new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc)].Select(d => (object?)d),
        Gen.Select(Gen.Int[0, 400_000], Gen.Int[-14, 14]).Select((hours, offset) => (object?)new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.FromHours(offset)).AddHours(hours)),
        Gen.Int[700_000, 750_000].Select(day => (object?)DateOnly.FromDayNumber(day)),
        Gen.Int[0, 86_399].Select(second => (object?)TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(second))),
        Gen.Int[0, 100_000].Select(second => (object?)TimeSpan.FromSeconds(second)),
        Gen.Guid.Select(g => (object?)g),
        Gen.Const((object?)new Uri("https://example.com/a")),
        Gen.Const((object?)new Version(1, 2, 3)),
        Gen.Const((object?)'c'),
        Gen.Const((object?)new StringBuilder("built")),
        Gen.Const((object?)new SwitchParameter(true)),
        Gen.Int[0, 6].Select(day => (object?)(DayOfWeek)day),
        Gen.Const((object?)(FileAttributes.Hidden | FileAttributes.System)),
        Gen.Const((object?)System.Net.IPAddress.Loopback),
        Gen.Const((object?)new Complex(1, 2)),
        Gen.Const((object?)new CancellationTokenSource()),
        Gen.Const((object?)new[] { (byte)1 }));

    private static Gen<object?> Graph(int depth) => depth == 0 ? Scalar : Gen.Frequency(
        (4, Scalar),
        (1, Graph(depth - 1).Array[0, 3].Select(a => (object?)a)),
        (1, Graph(depth - 1).Array[0, 3].Select(a => (object?)new ArrayList(a))),
        (1, Graph(depth - 1).Array[0, 3].Select(a => (object?)new Queue(a))),
        (1, Gen.Int.HashSet[0, 3].Select(s => (object?)s)),
        (1, Graph(depth - 1).Array[0, 3].Select(a => (object?)new Hashtable(a.Select((v, i) => (v, i)).ToDictionary(p => $"k{p.i}", p => p.v)))),
        (1, Graph(depth - 1).Array[1, 3].Select(a => (object?)Custom(a))));

    [Fact]
    public void A_value_has_the_same_json_or_the_same_refusal_on_both_sides() => Graph(2).Sample(
        value =>
        {
            var live = Json(value);
            var copy = Json(PSSerializer.Deserialize(PSSerializer.Serialize(value, 6)));
            Assert.True(JsonNode.DeepEquals(live, copy), $"{live?.ToJsonString() ?? "refused"} became {copy?.ToJsonString() ?? "refused"}");
        },
        iter: 400, threads: 1);

    [Theory]
    [InlineData("(Get-Item /)", "System.IO.DirectoryInfo")]
    [InlineData("([System.Text.Json.JsonDocument]::Parse('{}').RootElement)", "System.Text.Json.JsonElement")]
    [InlineData("([Newtonsoft.Json.Linq.JObject]::Parse('{\"a\":1}'))", "Newtonsoft.Json.Linq.JObject")]
    [InlineData("([System.Collections.Specialized.NameValueCollection]::new())", "System.Collections.Specialized.NameValueCollection")]
    public void A_copy_that_cannot_be_restored_is_refused_with_the_type_that_it_had(string value, string type)
    {
        var result = Session.Run($"@{{ v = {value} }} | Export-Clixml $file -Depth 4; Set-UserProfile x -Property (Import-Clixml $file)", new { file = Folder.File("v.xml") });
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("UnsupportedValue", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(type, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    [Theory]
    [InlineData("@{ a = @{ b = @{ c = 1 } } } | ConvertTo-Json -Depth 1 -WarningAction Ignore | ConvertFrom-Json")]
    [InlineData("@{ a = @{ b = @{ c = 1 }, @{ c = 2 } } } | ConvertTo-Json -Depth 1 -WarningAction Ignore | ConvertFrom-Json -AsHashtable")]
    [InlineData("@{ d = [string][pscustomobject]@{ e = 1 } }")]
    [InlineData("@{ d = [string]@{ e = 1 } }")]
    public void What_was_cut_off_is_refused(string value)
    {
        var result = Session.Run($"Set-UserProfile x -Property @{{ v = {value} }}");
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("LostValue", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Depth", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Profiles_survive_clixml_exactly()
    {
        var result = Session.Run("""
            $null = Start-UserProfileServer
            Set-UserProfile p -Property @{ account = [bigint]::Parse('12345678901234567890123'); ratio = 0.1d; list = 1, @{ a = 'x' }, 'z'; when = [DateTimeOffset]'2026-01-31T12:00:00+02:00' }
            $before = Get-UserProfile p | ForEach-Object { $_.Properties.ToString() }
            Get-UserProfile p | Export-Clixml $file
            Remove-UserProfile p -Force
            Import-Clixml $file | Set-UserProfile
            $before
            Get-UserProfile p | ForEach-Object { $_.Properties.ToString() }
            """, new { file = Folder.File("p.xml") }).Succeeded();
        Assert.Contains("12345678901234567890123", result.Output[0].ToString(), StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(result.Output[0].ToString()), JsonNode.Parse(result.Output[1].ToString())), $"{result.Output[0]} became {result.Output[1]}");
    }

    private static PSObject Custom(object?[] values)
    {
        var custom = new PSObject();
        for (var i = 0; i < values.Length; i++)
            custom.Properties.Add(new PSNoteProperty($"p{i}", values[i]));
        return custom;
    }

    private JsonNode? Json(object? value)
    {
        Service.Profiles.Clear();
        var result = Session.Run("Set-UserProfile x -Property @{ v = $value }", new { value });
        Assert.Null(result.Terminating);
        Assert.Equal(result.Errors.Count == 0, Service.Profiles.ContainsKey("x"));
        return Service.Profiles.TryGetValue("x", out var profile) ? JsonNode.Parse(profile.GetRawText()) : null;
    }

    [Fact]
    public void A_profile_keeps_properties_that_cannot_be_members()
    {
        var file = Folder.File("profile.xml");
        Session.Run("""
            $null = Start-UserProfileServer -Token s
            $properties = [System.Collections.Specialized.OrderedDictionary]::new([System.StringComparer]::Ordinal)
            foreach ($name in 'Plan', 'plan', 'UpdatedAt', 'GroupKey', 'DistinctId', 'Properties', 'RunspaceId', 'Length') { $properties.Add($name, "of $name") }
            Set-UserProfile u -Property $properties
            Get-UserProfile u -WarningAction Ignore | Export-Clixml $file
            $before = (Get-UserProfile u -WarningAction Ignore).Properties.GetEnumerator() | ForEach-Object { "$($_.Key)=$($_.Value)" } | Sort-Object -CaseSensitive
            Remove-UserProfile u -Force
            Import-Clixml $file | Set-UserProfile
            $after = (Get-UserProfile u -WarningAction Ignore).Properties.GetEnumerator() | ForEach-Object { "$($_.Key)=$($_.Value)" } | Sort-Object -CaseSensitive
            if ("$before" -cne "$after") { throw "$before became $after" }
            $copy = Import-Clixml $file
            $copy.Length = 'changed'
            $copy | Add-Member extra new
            $copy | Set-UserProfile
            $changed = (Get-UserProfile u -WarningAction Ignore).Properties
            if ($changed['Length'] -ne 'changed' -or $changed['extra'] -ne 'new') { throw "$changed" }
            """, new { file }).Succeeded();
    }

    [Fact]
    public void Only_what_a_job_adds_is_left_out()
    {
        Session.Run("[pscustomobject]@{ DistinctId = 'x'; RunspaceId = 'mine' } | Set-UserProfile").Succeeded();
        Assert.Equal("""{"RunspaceId":"mine"}""", Service.Profiles["x"].GetRawText());
    }

    [Fact]
    public void An_address_keeps_its_escapes()
    {
        Session.Run("""
            $address = [uri]'http://example.com/a%20b?x=%C3%A4'
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($address))
            Set-UserProfile x -Property @{ live = $address; copy = $copy }
            """).Succeeded();
        Assert.Equal("http://example.com/a%20b?x=%C3%A4", Service.Profiles["x"].GetProperty("live").GetString());
        Assert.Equal("http://example.com/a%20b?x=%C3%A4", Service.Profiles["x"].GetProperty("copy").GetString());
    }
}
