using System.Management.Automation;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>Reads events of the pipeline: whose they are, and a copy to add to. Reused from event to event.</summary>
/// <param name="identifierProperty">The name of the property that holds the distinct id; null for the usual ones.</param>
internal sealed class EventRow(string? identifierProperty)
{
    // Where the raw export of the service keeps everything but the name of the event. Source: official export description.
    private const string NestedProperties = "properties";

    private readonly string[] _names = identifierProperty is null ? PipelineRow.DistinctIdNames : [identifierProperty];
    private readonly RowFields _fields = new();
    private readonly RowFields _nested = new();

    /// <summary>Whose the event is; null when it does not say.</summary>
    public string? DistinctId { get; private set; }

    /// <summary>The event as a custom object with the same members. Its values are the event's own, not copies.</summary>
    public PSObject Copy { get; private set; } = new();

    /// <summary>Reads an event. False when the object is none, as text and numbers are.</summary>
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

    // As Select-Object has it: a property that cannot be read is empty.
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
            // A list or an object names nobody.
            return null;
        }
    }

    private PSObject Copied()
    {
        var copy = new PSObject();
        for (var i = 0; i < _fields.Count; i++)
        {
            // Keys of a dictionary that differ in letter case only would be one member; the first has it.
            if (_fields[i].Key.Length > 0 && copy.Properties[_fields[i].Key] is null)
                copy.Properties.Add(new PSNoteProperty(_fields[i].Key, _fields[i].Value), preValidated: true);
        }

        return copy;
    }
}
