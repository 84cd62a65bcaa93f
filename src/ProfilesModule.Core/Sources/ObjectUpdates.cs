using System.Text;
using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>Turns rows of named values into updates.</summary>
/// <param name="writer">Where updates go.</param>
/// <param name="values">How values are written.</param>
public sealed class ObjectUpdates(UpdateWriter writer, ValueWriter values)
{
    private readonly Dictionary<string, JsonEncodedText> _names = new(StringComparer.Ordinal);

    /// <summary>Writes a <c>$set</c> of every field but one.</summary>
    /// <param name="distinctId">The profile.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="identifier">The index of the field that is the distinct id and no property; -1 when there is none.</param>
    /// <param name="origin">Where the row came from.</param>
    /// <exception cref="RowException">The row cannot be an update. Nothing of it was written.</exception>
    public void Set(string? distinctId, RowFields fields, int identifier, UpdateOrigin origin)
    {
        Begin(distinctId, Operation.Set);
        writer.Json.WriteStartObject();
        for (var i = 0; i < fields.Count; i++)
        {
            if (i != identifier)
                WriteProperty(fields[i].Key, fields[i].Value);
        }

        writer.Json.WriteEndObject();
        End(origin);
    }

    /// <summary>Writes a <c>$delete</c>.</summary>
    /// <param name="distinctId">The profile.</param>
    /// <param name="origin">Where it came from.</param>
    /// <exception cref="RowException">There is no distinct id. Nothing was written.</exception>
    public void Delete(string? distinctId, UpdateOrigin origin)
    {
        Begin(distinctId, Operation.Delete);
        writer.Json.WriteStringValue("");
        End(origin);
    }

    private void Begin(string? distinctId, Operation operation)
    {
        if (string.IsNullOrWhiteSpace(distinctId))
            throw new RowException(new(RowFault.MissingIdentifier, "The distinct id is empty.", "Give every row the identifier of its profile, or leave the row out."));
        writer.Begin(Encoding.UTF8.GetBytes(distinctId), operation);
    }

    private void WriteProperty(string name, object? value)
    {
        if (!_names.TryGetValue(name, out var encoded))
            _names.Add(name, encoded = EngageJson.Encode(name));
        writer.Json.WritePropertyName(encoded);
        try
        {
            values.Write(writer.Json, value);
        }
        catch (NotSupportedException e)
        {
            writer.Abandon();
            throw new RowException(new(RowFault.UnsupportedValue, $"The property '{name}' cannot be sent: {e.Message}.", $"Change or leave out '{name}'."));
        }
    }

    private void End(UpdateOrigin origin)
    {
        if (!writer.End(origin))
            throw new RowException(RowRejections.TooLarge);
    }
}
