using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>
/// What the custom objects behind one are read by, as long as they are like it: the members that it has of its own, in their
/// order. To ask the engine for all members of an object takes more than twenty times as long, since types may add some.
/// </summary>
internal sealed class CustomObjectShape
{
    private readonly string[] _typeNames;
    private readonly string[] _own;
    private readonly List<Member> _members = [];

    private CustomObjectShape(PSObject input, bool isProfile)
    {
        // Before it is asked for all members, which gives it more.
        _own = [.. Enumerable.Range(0, EngineView.CountOwnMembers(input)).Select(i => EngineView.OwnMemberAt(input, i).Name)];
        _typeNames = [.. EngineView.TypeNames(input)];
        IsProfile = isProfile;
    }

    /// <summary>Begins the shape of an object; null when it can have none.</summary>
    /// <param name="input">The object.</param>
    /// <param name="isProfile">Whether it is what a job or remoting brought back of a profile.</param>
    public static CustomObjectShape? Of(PSObject input, bool isProfile) =>
        input.BaseObject is PSCustomObject && EngineView.ShowsOwnMembers ? new(input, isProfile) : null;

    /// <summary>Whether the objects are what a job or remoting brought back of profiles.</summary>
    public bool IsProfile { get; }

    /// <summary>Adds the next of all members.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isField">Whether it is a field of the row.</param>
    public void Add(string name, bool isField) => _members.Add(new(name, isField));

    /// <summary>Whether all members are the object's own.</summary>
    public bool IsWhole => _members.Select(member => member.Name).SequenceEqual(_own, StringComparer.Ordinal);

    /// <summary>Takes the fields of another object. False when it has another shape, or may have.</summary>
    /// <param name="input">The object.</param>
    /// <param name="fields">What takes them.</param>
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
