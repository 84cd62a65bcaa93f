using System.Collections;
using System.Collections.Immutable;
using System.Collections.Specialized;
using System.Data;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Values;

/// <summary>A value is a list or an object because its type is known to be one; whatever else can be enumerated is refused.</summary>
public sealed class EnumerableValueTests : ConnectedTests
{
    public static TheoryData<string, string> Sent => new()
    {
        { "@(1, 'a', $null)", "[1,\"a\",null]" },
        { "[System.Collections.ArrayList]@(1, 2)", "[1,2]" },
        { "[System.Collections.Generic.HashSet[string]]@('a')", "[\"a\"]" },
        { "[System.Collections.Generic.Queue[int]]@(1, 2)", "[1,2]" },
        { "[System.Collections.Queue]@(1, 2)", "[1,2]" },
        { "[System.Collections.Stack]@(1, 2)", "[2,1]" },
        { "[System.Linq.Enumerable]::Range(1, 3)", "[1,2,3]" },
        { "@{ a = 1 }.Keys", "[\"a\"]" },
        { "([ordered]@{ a = 1 }).Values", "[1]" },
        { "[System.Collections.ObjectModel.ReadOnlyCollection[int]]@(1)", "[1]" },
        { "@{ a = 1 }", "{\"a\":1}" },
        { "$d = [System.Collections.Generic.Dictionary[string, int]]::new(); $d.b = 2; $d", "{\"b\":2}" },
        { "$d = [System.Collections.Generic.SortedDictionary[int, object]]::new(); $d[7] = @(1); $d", "{\"7\":[1]}" },
        { "$e = [System.Dynamic.ExpandoObject]::new(); $e.x = 1; $e.y = @{ z = 2 }; $e", "{\"x\":1,\"y\":{\"z\":2}}" },
        { "$n = [System.Collections.Specialized.NameValueCollection]::new(); $n.Add('a', '1'); $n.Add('b', '2'); $n.Add('b', '3'); $n", "{\"a\":\"1\",\"b\":[\"2\",\"3\"]}" },
        { "Add-Member -InputObject @{ a = 1 } -NotePropertyName b -NotePropertyValue 2 -PassThru", "{\"a\":1,\"b\":2}" },
        { "[switch]$true", "true" },
        { "[System.Text.Json.JsonDocument]::Parse('{\"a\":[1.50,null,\"x\"]}').RootElement", "{\"a\":[1.50,null,\"x\"]}" },
        { "[System.Text.Json.JsonDocument]::Parse('[12345678901234567890123]')", "[12345678901234567890123]" },
        { "[System.Text.Json.Nodes.JsonNode]::Parse('{\"a\":[1,{\"b\":true}]}')", "{\"a\":[1,{\"b\":true}]}" },
        { "[Newtonsoft.Json.Linq.JToken]::Parse('{\"a\":[1,\"x\"],\"b\":{\"c\":null}}')", "{\"a\":[1,\"x\"],\"b\":{\"c\":null}}" },
        { "[Newtonsoft.Json.Linq.JToken]::Parse('[1,{\"a\":2}]')", "[1,{\"a\":2}]" },
        { "([Newtonsoft.Json.Linq.JObject]::Parse('{\"a\":\"text\"}')['a'])", "\"text\"" },
        { "([Newtonsoft.Json.Linq.JObject]::Parse('{\"a\":5}')['a'])", "5" },
        { "([Newtonsoft.Json.Linq.JObject]::Parse('{\"a\":1.25}')['a'])", "1.25" },
        { "'text'", "\"text\"" },
    };

    [Theory]
    [MemberData(nameof(Sent))]
    public void A_list_or_an_object_is_sent_as_one(string value, string json)
    {
        var end = value.LastIndexOf("; ", StringComparison.Ordinal) is >= 0 and var last ? last + 2 : 0;
        Session.Run($"{value[..end]}$v = {value[end..]}; Set-UserProfile x -Property @{{ v = $v }}").Succeeded();
        Assert.Equal($"{{\"v\":{json}}}", Compact(Service.Profiles["x"].GetRawText()));
    }

    public static TheoryData<object, string> Refused => new()
    {
        { new BitArray(3), nameof(BitArray) },
        { new StringDictionary { ["a"] = "1" }, nameof(StringDictionary) },
        { new[] { 1, 2 }.GroupBy(i => i % 2).First(), "Grouping" },
        { new[] { 1, 2 }.ToLookup(i => i % 2), "Grouping" },
        { new DataTable().CreateDataReader(), nameof(DataTableReader) },
        { new System.Net.CookieContainer(), nameof(System.Net.CookieContainer) },
        { new[] { KeyValuePair.Create("a", 1) }, "KeyValuePair" },
        { new ConstructorRow(), nameof(ConstructorRow) },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_is_neither_is_refused_with_its_type(object value, string type)
    {
        var result = Session.Run("Set-UserProfile x -Property @{ v = $value }", new { value });
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("UnsupportedValue", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(type, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    [Theory]
    [InlineData("[Newtonsoft.Json.Linq.JRaw]::new('1')", "JRaw")]
    [InlineData("([Newtonsoft.Json.Linq.JObject]::Parse('{\"a\":1}').Property('a'))", "JProperty")]
    [InlineData("([xml]'<a><b/><b/></a>').a.ChildNodes", "Xml")]
    [InlineData("(Get-Item /)", "DirectoryInfo")]
    [InlineData("([System.Text.RegularExpressions.Regex]::Matches('ab', '.'))", "Match")]
    public void So_is_what_scripts_hold_by_accident(string value, string type)
    {
        var result = Session.Run($"Set-UserProfile x -Property @{{ v = {value} }}");
        Assert.Contains(type, Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    public static TheoryData<string> Rows =>
    [
        ", [Newtonsoft.Json.Linq.JObject]::Parse('{\"DistinctId\":\"x\",\"a\":1}')",
        ", [System.Text.Json.Nodes.JsonNode]::Parse('{\"DistinctId\":\"x\",\"a\":1}')",
        "[System.Text.Json.JsonDocument]::Parse('{\"DistinctId\":\"x\",\"a\":1}').RootElement",
        "$e = [System.Dynamic.ExpandoObject]::new(); $e.DistinctId = 'x'; $e.a = 1; , $e",
        "[Newtonsoft.Json.Linq.JToken]::Parse('[{\"DistinctId\":\"x\",\"a\":1}]')",
        "Add-Member -InputObject @{ DistinctId = 'x' } -NotePropertyName a -NotePropertyValue 1 -PassThru",
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Rows_of_these_types_are_read_whole(string row)
    {
        Session.Run($"& {{ {row} }} | Set-UserProfile").Succeeded();
        Assert.Equal("{\"a\":1}", Compact(Service.Profiles["x"].GetRawText()));
    }

    [Theory]
    [InlineData("[Newtonsoft.Json.Linq.JObject]::Parse('{\"DistinctId\":\"x\"}')", ", $object | Set-UserProfile")]
    [InlineData("@{ DistinctId = 'x' }.GetEnumerator()", ", $object | Set-UserProfile")]
    [InlineData("$e = [System.Dynamic.ExpandoObject]::new(); $e.DistinctId = 'x'; $e", ", $object | Set-UserProfile")]
    [InlineData(", [System.Collections.ArrayList]@(1)", "Pipe objects")]
    public void A_row_that_was_taken_apart_is_refused_with_what_to_do(string row, string remedy)
    {
        var error = Assert.Single(Session.Run($"& {{ {row} }} | Set-UserProfile").Errors);
        Assert.StartsWith("UnsupportedObject", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(remedy, error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_and_empty_text_of_json_are_empty_values()
    {
        var result = Session.Run("""
            $j = [Newtonsoft.Json.Linq.JObject]::Parse('{"none":null,"empty":"","id":"x"}')
            $n = [System.Text.Json.JsonDocument]::Parse('{"none":null,"empty":""}').RootElement
            [pscustomobject]@{ DistinctId = $j['id']; a = $j['none']; b = $j['empty']; c = $n.GetProperty('none'); d = $n.GetProperty('empty'); e = 1 } | Set-UserProfile -EmptyCell Skip
            """).Succeeded();
        Assert.Equal("{\"e\":1}", Service.Profiles["x"].GetRawText());
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_row_with_two_columns_of_one_name_is_refused()
    {
        var error = Assert.Single(Session.Run("$record | Set-UserProfile -IdentifierProperty id", new { record = RecordProxy.Of(("id", "text", "1"), ("name", "text", "a"), ("id", "text", "2"), ("name", "text", "b")) }).Errors);
        Assert.StartsWith("DuplicateProperty", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("'id'", error.ToString(), StringComparison.Ordinal);
        error = Assert.Single(Session.Run("$record | Remove-UserProfile -IdentifierProperty id -Force", new { record = RecordProxy.Of(("id", "text", "1"), ("id", "text", "2")) }).Errors);
        Assert.StartsWith("DuplicateProperty", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Bodies);
    }

    [Theory]
    [InlineData("$h = @{}; $h[1] = 'int'; $h['1'] = 'text'; Set-UserProfile x -Property $h")]
    [InlineData("$h = @{}; $h[1] = 'int'; $h['1'] = 'text'; $h.DistinctId = 'x'; $h | Set-UserProfile")]
    [InlineData("$h = @{}; $h[1] = 'int'; $h[1L] = 'long'; Set-UserProfile x -Property @{ a = $h }")]
    [InlineData("Set-UserProfile x -Property @{ a = [System.Text.Json.JsonDocument]::Parse('{\"b\":1,\"b\":2}').RootElement }")]
    [InlineData("Add-Member -InputObject @{ DistinctId = 'x'; a = 1 } -NotePropertyName a -NotePropertyValue 2 -PassThru -Force | Set-UserProfile")]
    public void Two_keys_that_are_one_name_are_refused(string line)
    {
        Assert.StartsWith("DuplicateProperty", Assert.Single(Session.Run(line).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    [Fact]
    public void Structs_that_hold_elements_are_lists()
    {
        Session.Run("Set-UserProfile x -Property @{ a = $a; b = $b }", new { a = ImmutableArray.Create(1, 2), b = new ArraySegment<string>(["x", "y"], 1, 1) }).Succeeded();
        Assert.Equal("""{"a":[1,2],"b":["y"]}""", Sorted(Service.Profiles["x"]));
    }

    private static string Compact(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString();

    private static string Sorted(System.Text.Json.JsonElement profile) =>
        "{" + string.Join(',', profile.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"\"{p.Name}\":{p.Value.GetRawText()}")) + "}";

    /// <summary>An object of .NET that can be enumerated, but not by values of a known type.</summary>
    private sealed class ConstructorRow : IEnumerable
    {
        public IEnumerator GetEnumerator() => new[] { 1 }.GetEnumerator();
    }

    [Theory]
    [InlineData("$h = @{}; $h.a = $h; Set-UserProfile x -Property @{ l = $h }")]
    [InlineData("$h = @{}; $h.a = $h; Set-UserProfile x -Property @{ l = $h } -WhatIf")]
    [InlineData("$l = [System.Collections.ArrayList]::new(); $null = $l.Add($l); [pscustomobject]@{ DistinctId = 'x'; l = $l } | Set-UserProfile")]
    public void What_contains_itself_is_an_error(string line)
    {
        var result = Session.Run(line);
        if (!line.EndsWith("-WhatIf", StringComparison.Ordinal))
            Assert.StartsWith("UnsupportedValue", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Bodies);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ '$distinct_id' = 'x'; '$properties' = $h } | Set-UserProfile")]
    [InlineData("[pscustomobject]@{ userId = 'x'; type = 'identify'; traits = $h } | Set-UserProfile")]
    [InlineData("[pscustomobject]@{ userId = 'x'; type = 'identify'; traits = @{ address = $h } } | Set-UserProfile")]
    [InlineData("Set-UserProfile x -Property $h")]
    public void Two_members_of_one_name_are_an_error(string line)
    {
        var error = Assert.Single(Session.Run($"$h = @{{}}; $h[1] = 'i'; $h['1'] = 't'; {line}").Errors);
        Assert.StartsWith("DuplicateProperty", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Bodies);
        if (line.EndsWith("-Property $h", StringComparison.Ordinal))
            Assert.Equal("{}", Session.Run("$error[0].TargetObject.Properties.ToString()").Output.Single().ToString());
    }

    [Theory]
    [InlineData("'1', '2' | ForEach-Object { [pscustomobject]@{ DistinctId = if ($_ -eq 1) { [System.Text.Json.Nodes.JsonValue]::Create([double]::NaN) } else { $_ }; a = 1 } } | Set-UserProfile", "InvalidIdentifier")]
    [InlineData("'1', '2' | ForEach-Object { [pscustomobject]@{ DistinctId = $_; a = if ($_ -eq 1) { [System.Text.Json.Nodes.JsonValue]::Create([double]::NaN) } else { 1 } } } | Set-UserProfile -EmptyCell Unset", "UnsupportedValue")]
    [InlineData("$d = [System.Text.Json.JsonDocument]::Parse('[1]'); $e = $d.RootElement[0]; $d.Dispose(); '1', '2' | ForEach-Object { [pscustomobject]@{ DistinctId = $_; a = if ($_ -eq 1) { $e } else { 1 } } } | Set-UserProfile -EmptyCell Unset", "UnsupportedValue")]
    public void JSON_that_cannot_be_read_costs_only_its_row(string line, string errorId)
    {
        Assert.StartsWith(errorId, Assert.Single(Session.Run(line).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("2", Assert.Single(Service.Profiles.Keys));
    }

    [Fact]
    public void What_was_added_to_a_hashtable_is_set_too()
    {
        Session.Run("Set-UserProfile x -Property (@{ a = 1 } | Add-Member b 2 -PassThru); Set-UserProfile y -Unset a, a").Succeeded();
        Assert.Equal("""{"a":1,"b":2}""", Service.Profiles["x"].GetRawText());
    }
}
