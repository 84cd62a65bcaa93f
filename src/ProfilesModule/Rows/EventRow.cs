using System.Collections.Specialized;
using System.Management.Automation;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>Reads the distinct id of an event, and makes a copy to add members to. Reused for each event.</summary>
internal sealed class EventRow(string? identifierProperty)
{
    // The raw export of the service has everything except the name of the event in this member. Source: official export description.
    private const string NestedProperties = "properties";

    private readonly string[] _names = identifierProperty is null ? [.. ProfileFields.DistinctIdNames] : [identifierProperty];
    private readonly RowFields _fields = new();
    private readonly RowFields _nested = new();

    /// <summary>The distinct id of the event; null if it has none.</summary>
    public string? DistinctId { get; private set; }

    // A copy, because members that are added to an object of .NET show for everyone who holds it.
    /// <summary>A custom object with the members of the event. Their values are not copied.</summary>
    public PSObject Copy { get; private set; } = new();

    /// <summary>Reads an event. False if the object is not one, such as text or a number.</summary>
    public bool TryRead(PSObject input)
    {
        if (input.BaseObject is string or Array or ValueType)
            return false;
        TakeFields(_fields, input);
        DistinctId = Identifier(_fields);
        if (DistinctId is null && _fields.IndexOf(NestedProperties) is >= 0 and var index && _fields[index].Value is { } nested)
        {
            TakeFields(_nested, PSObject.AsPSObject(nested));
            DistinctId = Identifier(_nested);
        }

        Copy = input.BaseObject is PSCustomObject ? input.Copy() : Copied();
        return true;
    }

    private static void TakeFields(RowFields fields, PSObject input)
    {
        if (fields.TryTake(input.BaseObject))
            return;
        foreach (var property in input.Properties)
        {
            if (property.IsGettable)
                fields.Add(property.Name, Value(property));
        }
    }

    // As in Select-Object, a property that cannot be read is empty.
    private static object? Value(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    private string? Identifier(RowFields fields)
    {
        foreach (var name in _names)
        {
            if (fields.IndexOf(name) is >= 0 and var index && Text(fields[index].Value) is { } id)
                return id;
        }

        return null;
    }

    private static string? Text(object? value)
    {
        try
        {
            return PipelineValues.Writer.DistinctId(value) is { } id && !string.IsNullOrWhiteSpace(id) ? id : null;
        }
        catch (NotSupportedException)
        {
            // A list or an object is not an id.
            return null;
        }
    }

    private PSObject Copied()
    {
        var copy = new PSObject();
        for (var i = 0; i < _fields.Count; i++)
        {
            // Keys that differ only in case would be the same member; the first one is used.
            if (_fields[i].Key.Length > 0 && copy.Properties[_fields[i].Key] is null)
                copy.Properties.Add(new PSNoteProperty(_fields[i].Key, _fields[i].Value), preValidated: true);
        }

        return copy;
    }
}

/// <summary>The most recently used profiles, up to a maximum, so that the profile of a user is not read again for each event.</summary>
internal sealed class RecentProfiles(int capacity)
{
    private readonly Dictionary<string, LinkedListNode<JoinedProfile>> _byId = new(StringComparer.Ordinal);

    // The most recently used profile comes first.
    private readonly LinkedList<JoinedProfile> _used = new();

    /// <summary>The profile of a user: the one that is kept, or a new one that must be read.</summary>
    public JoinedProfile Of(string distinctId)
    {
        if (_byId.TryGetValue(distinctId, out var kept))
        {
            _used.Remove(kept);
            _used.AddFirst(kept);
            return kept.Value;
        }

        if (_byId.Count == capacity)
        {
            _byId.Remove(_used.Last!.Value.DistinctId);
            _used.RemoveLast();
        }

        return (_byId[distinctId] = _used.AddFirst(new JoinedProfile(distinctId))).Value;
    }
}

/// <summary>The profile of a user, for the events that wait for it.</summary>
internal sealed class JoinedProfile(string distinctId)
{
    public string DistinctId { get; } = distinctId;

    /// <summary>Whether the service was queried.</summary>
    public bool IsRead { get; set; }

    /// <summary>The properties; null if there is no profile.</summary>
    public OrderedDictionary? Properties { get; set; }

    /// <summary>When the profile was last updated; null if the service did not return it.</summary>
    public DateTime? UpdatedAt { get; set; }
}
