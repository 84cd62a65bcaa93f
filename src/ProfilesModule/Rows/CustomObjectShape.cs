using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>
/// The members of a custom object, in order, by which the next objects of the same shape are read. Getting all members of an object
/// from the engine takes more than twenty times as long, because types may add some.
/// </summary>
internal sealed class CustomObjectShape(PSObject first, bool isProfile)
{
    private readonly string[] _typeNames = [.. EngineView.TypeNames(first)];

    // Before all members are enumerated, which adds some to the object.
    private readonly string[] _own =
        [.. Enumerable.Range(0, EngineView.CountOwnMembers(first)).Select(i => EngineView.OwnMemberAt(first, i).Name)];

    private readonly List<Member> _members = [];

    /// <summary>Starts the shape of an object; null if it cannot have one.</summary>
    public static CustomObjectShape? Of(PSObject input, bool isProfile) =>
        input.BaseObject is PSCustomObject && EngineView.ShowsOwnMembers ? new(input, isProfile) : null;

    /// <summary>Whether the objects are copies of profiles that a job or remoting returned.</summary>
    public bool IsProfile => isProfile;

    public void Add(string name, bool isField) => _members.Add(new(name, isField));

    /// <summary>Whether the object has no members other than its own.</summary>
    public bool IsWhole => _members.Select(member => member.Name).SequenceEqual(_own, StringComparer.Ordinal);

    /// <summary>Reads the fields of another object. False if it has, or may have, another shape.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryTake(PSObject input, RowFields fields)
    {
        if (input.BaseObject is not PSCustomObject || EngineView.CountOwnMembers(input) != _members.Count || !HasTypeNames(input))
            return false;
        fields.Clear();
        for (var i = 0; i < _members.Count; i++)
        {
            var expected = _members[i];
            if (EngineView.OwnMemberAt(input, i) is not PSPropertyInfo property || property.Name != expected.Name)
                return false;
            if (expected.IsField)
                fields.Add(expected.Name, PipelineRow.Value(property));
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool HasTypeNames(PSObject input)
    {
        var names = EngineView.TypeNames(input);
        if (names.Count != _typeNames.Length)
            return false;
        for (var i = 0; i < _typeNames.Length; i++)
        {
            if (names[i] != _typeNames[i])
                return false;
        }

        return true;
    }

    private readonly record struct Member(string Name, bool IsField);
}
