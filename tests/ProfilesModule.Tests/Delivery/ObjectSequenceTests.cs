using System.Management.Automation;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Objects of the pipeline are read by what the one before them had, and none of them loses or gains anything by it.</summary>
public sealed class ObjectSequenceTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly RecordingService _service = new();

    public ObjectSequenceTests() => _session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token = "t", endpoint = _service.Endpoint }).Succeeded();

    public void Dispose()
    {
        _session.Dispose();
        _service.Dispose();
    }

    [Fact]
    public void Any_sequence_of_custom_objects_arrives_as_it_is()
    {
        // Names that differ in case only, orders that differ, members that are no properties, values that are computed.
        var member = Gen.Select(Gen.OneOfConst("a", "b", "c", "d", "B"), Gen.OneOfConst("note", "note", "note", "script", "method", "alias", "empty"));
        var shape = Gen.Select(member.Array[0, 4], Gen.OneOfConst("", "", "My.Type", "Other.Type"));
        Gen.Select(shape.Array[1, 4], Gen.Int[0, 3].Array[2, 30]).Sample(
            (shapes, order) =>
            {
                var objects = order.Select((s, i) => Object(i, shapes[s % shapes.Length])).ToArray();

                // To look at an object changes it, so others of the same kind are looked at.
                var expected = order.Select((s, i) => $"u{i} {Expected(Object(i, shapes[s % shapes.Length]))}").ToArray();
                _service.Profiles.Clear();
                _session.Run("$objects | Set-UserProfile", new { objects }).Succeeded();
                Assert.Equal(expected, objects.Select((_, i) => $"u{i} {string.Join(' ', _service.Profiles[$"u{i}"].EnumerateObject().Select(p => $"{p.Name}={p.Value}").Order(StringComparer.Ordinal))}"));
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void A_member_of_the_type_is_read_of_every_object()
    {
        var result = _session.Run("""
            1..3 | ForEach-Object { [pscustomobject]@{ PSTypeName = 'Counted'; distinct_id = "u$_"; a = $_ } } | Set-UserProfile
            """).Succeeded();
        Assert.Empty(result.Output);
        Assert.Equal("""{"a":3}""", _service.Profiles["u3"].GetRawText());
    }

    [Fact]
    public void Custom_objects_of_one_shape_are_not_enumerated_each()
    {
        var objects = Enumerable.Range(0, 4000).Select(i => Object(i, ([.. Enumerable.Range(0, 12).Select(p => ($"p{p}", "note"))], ""))).ToArray();
        var bytes = (long)_session.Run("""
            $first, $rest = $objects[0..1999], $objects[2000..3999]
            $first | Set-UserProfile
            $before = [GC]::GetAllocatedBytesForCurrentThread()
            $rest | Set-UserProfile
            [GC]::GetAllocatedBytesForCurrentThread() - $before
            """, new { objects }).Succeeded().Output[0].BaseObject;

        // To enumerate one takes more than six thousand.
        Assert.InRange(bytes / 2000, 0, 6000);
    }

    private static PSObject Object(int number, ((string Name, string Kind)[] Members, string Type) shape)
    {
        var made = new PSObject();
        if (shape.Type.Length > 0)
            made.TypeNames.Insert(0, shape.Type);
        made.Properties.Add(new PSNoteProperty("distinct_id", $"u{number}"));
        foreach (var (name, kind) in shape.Members)
        {
            if (made.Members[name] is not null)
                continue;
            made.Members.Add(kind switch
            {
                "script" => new PSScriptProperty(name, ScriptBlock.Create("'s' + $this.distinct_id")),
                "method" => new PSScriptMethod(name, ScriptBlock.Create("1")),
                "alias" => new PSAliasProperty(name, "distinct_id"),
                "empty" => new PSNoteProperty(name, ""),
                _ => new PSNoteProperty(name, $"{name}{number}"),
            });
        }

        return made;
    }

    /// <summary>What a reader sees who looks at each object by itself.</summary>
    private string Expected(PSObject input)
    {
        var found = (PSObject)_session.Run("$o.psobject.Properties | ForEach-Object -Begin { $all = @() } -Process { $all += \"$($_.Name)=$($_.Value)\" } -End { , $all }", new { o = input }).Succeeded().Output[0];
        return string.Join(' ', ((object[])found.BaseObject).Select(o => o.ToString()!).Where(text => !text.StartsWith("distinct_id=", StringComparison.Ordinal) && !text.EndsWith('=')).Order(StringComparer.Ordinal));
    }
}
