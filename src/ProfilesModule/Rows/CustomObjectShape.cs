using System.Management.Automation;
using System.Reflection;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>
/// The members of a custom object, by whose names the objects behind it are read as long as they have the same ones: to
/// enumerate the members of an object takes the engine more than twenty times as long as to find them by name.
/// </summary>
internal sealed class CustomObjectShape
{
    // The engine shows nobody how many members an object has of its own, and one more than is known makes it another shape.
    // Where it has no such members any more, every object is enumerated.
    private static readonly Func<PSObject, int>? CountOfOwn = CreateCount();

    private readonly string[] _typeNames;
    private readonly bool _skipsEmpty;
    private readonly List<Member> _members = [];
    private readonly int _own;
    private int _added;

    private CustomObjectShape(PSObject input, bool skipsEmpty)
    {
        // Before it is enumerated, which gives it more.
        _own = CountOfOwn!(input);
        _typeNames = [.. input.TypeNames];
        _skipsEmpty = skipsEmpty;
    }

    /// <summary>Begins the shape of an object; null when it can have none.</summary>
    /// <param name="input">The object.</param>
    /// <param name="skipsEmpty">Whether empty text is no value.</param>
    public static CustomObjectShape? Of(PSObject input, bool skipsEmpty) =>
        CountOfOwn is not null && input.BaseObject is PSCustomObject ? new(input, skipsEmpty) : null;

    /// <summary>Adds the next member.</summary>
    /// <param name="member">The member.</param>
    /// <param name="isField">Whether it is a field of the row.</param>
    public void Add(PSPropertyInfo member, bool isField)
    {
        _members.Add(new(member.Name, member.IsInstance, isField));
        _added += member.IsInstance ? 1 : 0;
    }

    /// <summary>Whether all that the object has of its own was added.</summary>
    public bool IsWhole => _added == _own;

    /// <summary>Takes the fields of another object. False when it has another shape, or may have.</summary>
    /// <param name="input">The object.</param>
    /// <param name="fields">What takes them.</param>
    public bool TryTake(PSObject input, RowFields fields)
    {
        if (input.BaseObject is not PSCustomObject || CountOfOwn!(input) != _own || !HasTypeNames(input))
            return false;
        fields.Clear();
        var properties = input.Properties;
        foreach (var member in _members)
        {
            var property = properties[member.Name];
            if (property is null || property.IsInstance != member.IsOwn || !string.Equals(property.Name, member.Name, StringComparison.Ordinal))
                return false;
            if (!member.IsField)
                continue;
            var value = PipelineRow.Value(property);
            if (!_skipsEmpty || value is not "")
                fields.Add(member.Name, value);
        }

        return true;
    }

    private bool HasTypeNames(PSObject input)
    {
        var names = input.TypeNames;
        if (names.Count != _typeNames.Length)
            return false;
        for (var i = 0; i < _typeNames.Length; i++)
        {
            if (names[i] != _typeNames[i])
                return false;
        }

        return true;
    }

    private static Func<PSObject, int>? CreateCount()
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        var members = typeof(PSObject).GetProperty("InstanceMembers", Any)?.GetMethod;
        var count = members?.ReturnType.GetProperty("Count", Any)?.GetMethod;
        if (members is null || count is null || count.ReturnType != typeof(int))
            return null;
        var membersOf = members.CreateDelegate<Func<PSObject, object?>>();
        return input => membersOf(input) is { } own ? (int)count.Invoke(own, null)! : 0;
    }

    private readonly record struct Member(string Name, bool IsOwn, bool IsField);
}
