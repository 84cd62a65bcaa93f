using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>Turns rows of named values into updates.</summary>
/// <param name="writer">Where updates go.</param>
/// <param name="values">How values are written.</param>
/// <param name="rules">What rows are held to; null for rules of its own. Whoever has some of it begins each row.</param>
public sealed class ObjectUpdates(UpdateWriter writer, ValueWriter values, RowRules? rules = null)
{
    private const string ServicesOwnName = "$distinct_id";
    private const int ShortId = 64;

    // A replacement character would make one profile of two.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // As many as one profile may have properties; names beyond are looked at each time.
    private readonly Dictionary<string, KnownProperty> _properties = new(StringComparer.Ordinal);

    private readonly RowRules _rules = rules ?? new(new());
    private FieldNames? _names;
    private KnownProperty?[] _ofNames = [];

    /// <summary>Asked, once an update is known to be one that can be sent, whether it is to be sent.</summary>
    public Func<bool> Confirm { get; set; } = () => true;

    /// <summary>
    /// Writes an update of every field but one. <see cref="Operation.Add"/> takes numbers, also as text;
    /// <see cref="Operation.Union"/> takes lists, and a single value for a list of one.
    /// </summary>
    /// <param name="operation">What the fields mean: any operation but <see cref="Operation.Unset"/> and <see cref="Operation.Delete"/>.</param>
    /// <param name="id">The profile.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="identifier">The index of the field that is the id and no property; -1 when there is none.</param>
    /// <param name="origin">Where the row came from.</param>
    /// <exception cref="RowException">The row cannot be an update. Nothing of it was written.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(Operation operation, string? id, RowFields fields, int identifier, UpdateOrigin origin)
    {
        if (rules is null)
            _rules.BeginRow(origin);
        if (fields.Count - (identifier < 0 ? 0 : 1) > Limits.MaximumProperties)
            _rules.Refuse(RowRejections.TooManyProperties);
        Begin(id, operation, identifier < 0 ? ServicesOwnName : fields[identifier].Key);
        if (!ReferenceEquals(_names, fields.Names))
            (_names, _ofNames) = (fields.Names, new KnownProperty?[fields.Count]);
        writer.Json.WriteStartObject();
        var index = 0;
        try
        {
            for (; index < fields.Count; index++)
            {
                if (index != identifier)
                    WriteProperty(operation, _ofNames[index] ??= Property(_names[index]), fields.Value(index));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Text that is no Unicode, a list that throws while it is read: whatever it is, it is trouble of this row only.
            writer.Abandon();
            var name = _names[index];
            throw new RowException(new(RowFault.UnsupportedValue, $"The property '{name}' cannot be sent: {e.Message.TrimEnd('.')}.", $"Change or leave out '{name}'.") { Property = name });
        }

        writer.Json.WriteEndObject();
        End(origin);
    }

    /// <summary>Writes an <c>$unset</c>.</summary>
    /// <param name="id">The profile.</param>
    /// <param name="names">The properties to remove.</param>
    /// <param name="origin">Where it came from.</param>
    /// <exception cref="RowException">There is no id, or a name is no text. Nothing was written.</exception>
    public void Unset(string? id, IEnumerable<string> names, UpdateOrigin origin)
    {
        Begin(id, Operation.Unset);
        writer.Json.WriteStartArray();
        foreach (var name in names)
            WriteName(name);
        writer.Json.WriteEndArray();
        End(origin);
    }

    /// <summary>Writes a <c>$delete</c>.</summary>
    /// <param name="id">The profile.</param>
    /// <param name="origin">Where it came from.</param>
    /// <exception cref="RowException">There is no id. Nothing was written.</exception>
    public void Delete(string? id, UpdateOrigin origin)
    {
        Begin(id, Operation.Delete);
        writer.Json.WriteStringValue("");
        End(origin);
    }

    /// <param name="id">The profile.</param>
    /// <param name="operation">What is done to it.</param>
    /// <param name="property">What held the id; null when it may be any, since what is removed may be what should never have been there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin(string? id, Operation operation, string? property = null)
    {
        if (string.IsNullOrWhiteSpace(id))
            throw new RowException(new(RowFault.MissingIdentifier, property is null or ServicesOwnName ? "The identifier is empty." : $"The identifier property '{property}' is empty.", "Give every row the identifier of its profile, or leave the row out.") { Property = property });
        try
        {
            Span<byte> buffer = stackalloc byte[3 * ShortId];
            ReadOnlySpan<byte> bytes = id.Length <= ShortId ? buffer[..Strict.GetBytes(id, buffer)] : Strict.GetBytes(id);
            if (property is not null)
                _rules.CheckIdentifier(bytes, PlaceholderIdentifiers.Contains(bytes), property);
            writer.Begin(bytes, operation);
        }
        catch (EncoderFallbackException)
        {
            throw new RowException(new(RowFault.InvalidIdentifier, "The identifier is no Unicode text: it has half of a surrogate pair.", "Correct the identifier.") { Property = property });
        }
    }

    private void WriteName(string name)
    {
        try
        {
            writer.Json.WriteStringValue(EngageJson.Encode(name));
        }
        catch (ArgumentException e)
        {
            writer.Abandon();
            throw new RowException(new(RowFault.UnsupportedValue, $"The property '{name}' cannot be removed: {e.Message.TrimEnd('.')}.", $"Change or leave out '{name}'.") { Property = name });
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteProperty(Operation operation, KnownProperty property, object? value)
    {
        writer.Json.WritePropertyName(property.Name);
        var position = writer.Position;
        WriteValue(operation, value);
        property.Rules.CheckName(_rules);
        if (property.Rules.IsReserved || !IsPlain(value))
            property.Rules.CheckJson(writer.WrittenFrom(position), _rules);
    }

    /// <summary>Whether a value surely breaks no rule on values: the usual kinds, which need not be looked at once they are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsPlain(object? value) =>
        value is string text ? text.Length <= Limits.MaximumTextBytes / 3 && !LostValues.MayBeIn<char>(text) : value is null or int or bool or double or DateTime or long or decimal or DBNull;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteValue(Operation operation, object? value)
    {
        switch (operation)
        {
            case Operation.Add:
                values.WriteNumber(writer.Json, value);
                break;
            case Operation.Union:
                values.WriteList(writer.Json, value);
                break;
            default:
                values.Write(writer.Json, value);
                break;
        }
    }

    private KnownProperty Property(string name)
    {
        if (_properties.TryGetValue(name, out var property))
            return property;
        property = new(EngageJson.Encode(name), PropertyRules.Of(name));

        // Rows that each bring names of their own must not fill the memory.
        if (_properties.Count < Limits.MaximumProperties)
            _properties.Add(name, property);
        return property;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void End(UpdateOrigin origin)
    {
        if (!writer.TryEnd())
            throw new RowException(RowRejections.TooLarge);
        if (_rules.Rejection is { } rejection)
        {
            writer.Abandon();
            throw new RowException(rejection);
        }

        if (Confirm())
            writer.Commit(origin);
        else
            writer.Skip();
    }

    private sealed record KnownProperty(JsonEncodedText Name, PropertyRules Rules);
}
