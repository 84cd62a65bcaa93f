using System.Management.Automation;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Objects of the pipeline are read by what the one before them had, and none of them loses or gains anything by it.</summary>
public sealed class ObjectSequenceTests : ConnectedTests
{
    [Fact]
    public void Any_sequence_of_custom_objects_arrives_as_it_is()
    {
        // Names that differ in case only, orders that differ, members that are no properties, values that are computed.
        var member = Gen.Select(Gen.OneOfConst("a", "b", "c", "d", "B"), Gen.OneOfConst("note", "note", "note", "script", "method", "alias", "empty"));
        var shape = Gen.Select(member.Array[0, 4], Gen.OneOfConst("", "", "My.Type", "Other.Type"));
        Gen.Select(shape.Array[1, 4], Gen.Int[0, 3].Array[2, 30]).Sample(
            (shapes, order) =>
            {
                var objects = Objects(order.Select((s, i) => Script(i, shapes[s % shapes.Length])));

                // To look at an object changes it, so others of the same kind are looked at.
                var expected = Objects(order.Select((s, i) => Script(i, shapes[s % shapes.Length]))).Select((o, i) => $"u{i} {Expected(o)}").ToArray();
                Service.Profiles.Clear();
                Session.Run("$objects | Set-UserProfile", new { objects }).Succeeded();
                Assert.Equal(expected, objects.Select((_, i) => $"u{i} {string.Join(' ', Service.Profiles[$"u{i}"].EnumerateObject().Select(p => $"{p.Name}={p.Value}").Order(StringComparer.Ordinal))}"));
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void A_member_of_the_type_is_read_of_every_object()
    {
        var result = Session.Run("""
            1..3 | ForEach-Object { [pscustomobject]@{ PSTypeName = 'Counted'; distinct_id = "u$_"; a = $_ } } | Set-UserProfile
            """).Succeeded();
        Assert.Empty(result.Output);
        Assert.Equal("""{"a":3}""", Service.Profiles["u3"].GetRawText());
    }

    [Fact]
    public void Custom_objects_of_one_shape_are_not_enumerated_each()
    {
        var bytes = (long)Session.Run("""
            $objects = 0..3999 | ForEach-Object {
                $row = [ordered]@{ distinct_id = "u$_" }
                foreach ($n in 0..11) { $row["p$n"] = "p$n$_" }
                [pscustomobject]$row
            }
            $first, $rest = $objects[0..1999], $objects[2000..3999]
            $first | Set-UserProfile
            $before = [GC]::GetAllocatedBytesForCurrentThread()
            $rest | Set-UserProfile
            [GC]::GetAllocatedBytesForCurrentThread() - $before
            """).Succeeded().Output[0].BaseObject;

        // To enumerate one takes more than six thousand.
        Assert.InRange(bytes / 2000, 0, 6000);
    }

    private PSObject[] Objects(IEnumerable<string> scripts) => [.. Session.Run(string.Join('\n', scripts)).Succeeded().Output];

    private static string Script(int number, ((string Name, string Kind)[] Members, string Type) shape)
    {
        var added = shape.Members.DistinctBy(member => member.Name, StringComparer.OrdinalIgnoreCase).Select(member => " | Add-Member -PassThru " + member.Kind switch
        {
            "script" => $"ScriptProperty {member.Name} {{ 's' + $this.distinct_id }}",
            "method" => $"ScriptMethod {member.Name} {{ 1 }}",
            "alias" => $"AliasProperty {member.Name} distinct_id",
            "empty" => $"NoteProperty {member.Name} ''",
            _ => $"NoteProperty {member.Name} {member.Name}{number}",
        });
        return $"[pscustomobject]@{{ {(shape.Type.Length > 0 ? $"PSTypeName = '{shape.Type}'; " : "")}distinct_id = 'u{number}' }}{string.Concat(added)}";
    }

    /// <summary>What a reader sees who looks at each object by itself.</summary>
    private string Expected(PSObject input)
    {
        var found = (PSObject)Session.Run("$o.psobject.Properties | ForEach-Object -Begin { $all = @() } -Process { $all += \"$($_.Name)=$($_.Value)\" } -End { , $all }", new { o = input }).Succeeded().Output[0];
        return string.Join(' ', ((object[])found.BaseObject).Select(o => o.ToString()!).Where(text => !text.StartsWith("distinct_id=", StringComparison.Ordinal) && !text.EndsWith('=')).Order(StringComparer.Ordinal));
    }
}
