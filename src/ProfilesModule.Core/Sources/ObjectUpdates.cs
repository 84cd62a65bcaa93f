using System.Runtime.CompilerServices;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>Turns rows of named values into updates.</summary>
/// <param name="writer">Where updates go.</param>
/// <param name="values">How values are written.</param>
/// <param name="rules">What rows are held to; null for rules of its own. Whoever has some of it begins each row.</param>
internal sealed class ObjectUpdates(UpdateWriter writer, ValueWriter values, RowRules? rules = null)
{
    private const string ServiceIdentifier = "$distinct_id";

    // A replacement character would make one profile of two.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly ObjectProperties _properties = new();
    private readonly RowRules _rules = rules ?? new(new());
    private readonly NoDataObjects _noData = new();
    private readonly List<int> _blanks = [];
    private SingleValues? _single;
    private byte[] _id = new byte[256];
    private int _idLength;

    /// <summary>
    /// Asked, once an update is known to be one that can be sent, whether it is to be sent. Hears how many properties it
    /// writes, and how many it removes.
    /// </summary>
    public Func<int, int, bool> Confirm { get; set; } = (_, _) => true;

    /// <summary>The properties of which an empty value was skipped, no more than a profile may have.</summary>
    public IReadOnlyList<string> Skipped => _properties.Skipped;

    /// <summary>
    /// Writes an update of every field but one. <see cref="Operation.Add"/> takes numbers, also as text. Where the operation is on lists,
    /// a single value is a list of one, and empty values are not sent.
    /// </summary>
    /// <param name="operation">What the fields mean: any operation but <see cref="Operation.Unset"/> and <see cref="Operation.Delete"/>.</param>
    /// <param name="id">The profile.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="identifier">The index of the field that is the id and no property; -1 when there is none.</param>
    /// <param name="origin">Where the row came from.</param>
    /// <param name="empty">
    /// What an empty value does, one that <see cref="EmptyCellExtensions.IsValidFor">is valid for</see> the operation; null to
    /// write it as it is.
    /// </param>
    /// <returns>Why the row cannot be an update, else null. Nothing of it is then written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Failure? Write(Operation operation, string? id, RowFields fields, int identifier, UpdateOrigin origin, EmptyCell? empty = null)
    {
        if (rules is null)
            _rules.BeginRow(origin);
        _properties.BeginRow(fields);
        if (Identify(id, fields, identifier) is { } noIdentifier)
            return noIdentifier;
        if (SingleValues.AreTakenBy(operation))
            return WriteSingleValues(operation, fields, identifier) ?? Commit(origin, _single!.Count, 0);
        _blanks.Clear();
        if (empty == EmptyCell.Unset || (empty == EmptyCell.Skip && fields.Count > Limits.MaximumProperties))
            FindBlanks(fields, identifier);
        var count = fields.Count - (identifier < 0 ? 0 : 1) - _blanks.Count;
        if (count > Limits.MaximumProperties)
            _rules.Refuse(Failures.TooManyProperties);

        // A record has one operation: a row that sets and removes is two of them.
        var removed = empty == EmptyCell.Unset ? _blanks.Count : 0;
        Begin(removed > 0 && count == 0 ? Operation.Unset : operation);
        if (removed > 0 && count == 0)
            return WriteNames(BlankNames) ?? End(origin, 0, removed);
        if (WriteProperties(operation, fields, identifier, empty, out var written) is { } failure)
            return failure;
        if (removed > 0)
        {
            if (writer.End(_rules) is { } refused)
                return refused;
            Begin(Operation.Unset);
            if (WriteNames(BlankNames) is { } invalid)
                return invalid;
        }

        return End(origin, written, removed);
    }

    /// <summary>Writes the records of an operation on lists.</summary>
    private Failure? WriteSingleValues(Operation operation, RowFields fields, int identifier)
    {
        if (_single?.Operation != operation)
            _single = new(operation);
        _single.Clear();
        for (var index = 0; index < fields.Count; index++)
        {
            if (index == identifier)
                continue;
            try
            {
                values.Write(_single.BeginValue(), fields.Value(index));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return Unsendable(index, e);
            }

            var property = _properties[index];
            property.Rules.CheckName(_rules);
            property.Rules.CheckJson(_single.Written(), _rules);
            _single.Add(property.Name, _single.Written());
        }

        ReadOnlySpan<byte> bytes = _id.AsSpan(0, _idLength);
        return _single.WriteTo(writer, _rules, bytes, ProfileHash.Of(bytes));
    }

    private Failure Unsendable(int index, Exception e)
    {
        var name = _properties.Name(index);
        return e is DuplicateMemberException
            ? Failures.DuplicateMember(name, e.Message)
            : Failures.UnsendableValue(name, e.Message.TrimEnd('.'));
    }

    /// <summary>Writes the object of properties.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? WriteProperties(Operation operation, RowFields fields, int identifier, EmptyCell? empty, out int written)
    {
        writer.Json.WriteStartObject();
        written = 0;
        var index = 0;
        try
        {
            for (; index < fields.Count; index++)
            {
                if (index == identifier)
                    continue;
                var value = fields.Value(index);
                if (empty is not null && values.IsEmpty(value))
                {
                    if (empty is EmptyCell.Skip)
                        _properties.Skip(index);
                    if (empty is EmptyCell.Skip or EmptyCell.Unset)
                        continue;
                    value = empty is EmptyCell.Empty ? "" : null;
                }

                WriteProperty(operation, _properties[index], value);
                written++;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Invalid Unicode, a list that throws while it is read: whatever it is, it affects only this row.
            writer.Abandon();
            return Unsendable(index, e);
        }

        writer.Json.WriteEndObject();
        return null;
    }

    /// <summary>Writes an <c>$unset</c>.</summary>
    /// <param name="id">The profile.</param>
    /// <param name="names">The properties to remove.</param>
    /// <param name="origin">Where it came from.</param>
    /// <returns>Why it cannot be sent, else null. Nothing of it is then written.</returns>
    public Failure? Unset(string? id, IReadOnlyCollection<string> names, UpdateOrigin origin)
    {
        if (Identify(id) is { } failure)
            return failure;
        Begin(Operation.Unset);
        return WriteNames(names) ?? End(origin, 0, names.Count);
    }

    /// <summary>Writes a <c>$delete</c>.</summary>
    /// <param name="id">The profile.</param>
    /// <param name="origin">Where it came from.</param>
    /// <returns>Why it cannot be sent, else null. Nothing of it is then written.</returns>
    public Failure? Delete(string? id, UpdateOrigin origin)
    {
        if (Identify(id) is { } failure)
            return failure;
        Begin(Operation.Delete);
        writer.Json.WriteStringValue("");
        return End(origin, 0, 0);
    }

    private void Begin(Operation operation) => writer.Begin(_id.AsSpan(0, _idLength), operation);

    /// <param name="id">The profile.</param>
    /// <param name="fields">Its row; null when the id may be any, since what is removed may be what should never have been there.</param>
    /// <param name="identifier">The index of the field that is the id; -1 when there is none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? Identify(string? id, RowFields? fields = null, int identifier = -1)
    {
        var property = fields is null ? null : identifier < 0 ? ServiceIdentifier : fields[identifier].Key;
        if (id is null || Blanks.Trim(id).Length == 0)
            return Failures.EmptyIdentifier(property is ServiceIdentifier ? null : property);
        try
        {
            if (_id.Length < 3 * id.Length)
                _id = new byte[3 * id.Length];
            _idLength = Strict.GetBytes(id, _id);
            ReadOnlySpan<byte> bytes = _id.AsSpan(0, _idLength);
            if (identifier >= 0 && _noData.MayBe(bytes, property!) && _noData.FailureOf(bytes, Others(fields!, identifier)) is { } noData)
                return noData;
            if (property is not null)
                _rules.CheckIdentifier(bytes, bytes, PlaceholderIdentifiers.Contains(bytes), property);
            return null;
        }
        catch (EncoderFallbackException)
        {
            return Failures.IdentifierNotUnicode(property);
        }
    }

    private IEnumerable<KeyValuePair<string, object?>> Others(RowFields fields, int identifier) => Enumerable.Range(0, fields.Count)
        .Where(i => i != identifier)
        .Select(i => KeyValuePair.Create(fields[i].Key, values.IsEmpty(fields.Value(i)) ? fields.Value(i) as string : fields.Value(i)));

    private Failure? WriteNames(IEnumerable<string> names)
    {
        writer.Json.WriteStartArray();
        foreach (var name in names)
        {
            try
            {
                writer.Json.WriteStringValue(EngageJson.Encode(name));
            }
            catch (ArgumentException e)
            {
                writer.Abandon();
                return Failures.UnremovableName(name, e.Message.TrimEnd('.'));
            }
        }

        writer.Json.WriteEndArray();
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteProperty(Operation operation, ObjectProperty property, object? value)
    {
        writer.Json.WritePropertyName(property.Name);
        var position = writer.Position;
        if (operation == Operation.Add)
            values.WriteNumber(writer.Json, value);
        else
            values.Write(writer.Json, value);
        property.Rules.CheckName(_rules);
        if (property.Rules.IsReserved || !IsPlain(value))
            property.Rules.CheckJson(writer.WrittenFrom(position), _rules);
    }

    /// <summary>Whether a value surely breaks no rule on values: the usual kinds, which need not be looked at once they are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsPlain(object? value) => value switch
    {
        string text => text.Length <= Limits.MaximumTextBytes / 3 && PlainTexts.Contain(text),
        DateTime date => date.Ticks >= TimeSpan.TicksPerDay,
        _ => value is null or int or bool or double or long or decimal or DBNull,
    };

    private void FindBlanks(RowFields fields, int identifier)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            if (i != identifier && values.IsEmpty(fields.Value(i)))
                _blanks.Add(i);
        }
    }

    private IEnumerable<string> BlankNames => _blanks.Select(_properties.Name);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? End(UpdateOrigin origin, int written, int removed) => writer.End(_rules) ?? Commit(origin, written, removed);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? Commit(UpdateOrigin origin, int written, int removed)
    {
        if (writer.HasUpdate && Confirm(written, removed))
        {
            writer.Commit(origin);
            return null;
        }

        writer.Abandon();
        writer.Skip(origin);
        return null;
    }
}
