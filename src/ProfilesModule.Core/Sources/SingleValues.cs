using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>
/// The values of one row for an operation on lists. <c>$append</c> and <c>$remove</c> take single values, so that each element of a list
/// is in a record of its own; <c>$union</c> takes lists. An empty value changes nothing and is not sent.
/// </summary>
/// <remarks>
/// Source: official ingestion description: of a list, $append makes one element, and $remove looks for an element that is this
/// list.
/// </remarks>
internal sealed class SingleValues(Operation operation)
{
    private readonly JsonBuffer _value = new();
    private readonly GrowingBuffer _sent = new(256);
    private readonly List<(int Start, int Length)> _elements = [];
    private readonly List<(JsonEncodedText Name, int First, int Count)> _properties = [];

    /// <summary>The operation.</summary>
    public Operation Operation => operation;

    /// <summary>Whether the operation works on lists.</summary>
    public static bool AreTakenBy(Operation operation) => operation is Operation.Append or Operation.Union or Operation.Remove;

    /// <summary>How many properties have a value.</summary>
    public int Count => _properties.Count;

    /// <summary>Goes on to the next row.</summary>
    public void Clear()
    {
        _sent.Truncate(0);
        _elements.Clear();
        _properties.Clear();
    }

    /// <summary>Where a value is written, to be taken with <see cref="Written"/>.</summary>
    public Utf8JsonWriter BeginValue() => _value.Begin();

    /// <summary>The value that was written, until the next one is begun.</summary>
    public ReadOnlySpan<byte> Written() => _value.Written;

    /// <summary>Adds a property.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value as JSON.</param>
    public void Add(JsonEncodedText name, ReadOnlySpan<byte> value)
    {
        var first = _elements.Count;
        var json = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = int.MaxValue });
        json.Read();
        if (json.TokenType == JsonTokenType.StartArray)
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                AddElement(ref json, value);
        }
        else
        {
            AddElement(ref json, value);
        }

        if (_elements.Count > first)
            _properties.Add((name, first, _elements.Count - first));
    }

    /// <summary>Writes the records; none if the row has no value.</summary>
    /// <returns>Why the row is refused, else null.</returns>
    public Failure? WriteTo(UpdateWriter writer, RowRules rules, ReadOnlySpan<byte> id, ulong profile)
    {
        if (Count > Limits.MaximumProperties)
            rules.Refuse(Failures.TooManyProperties);
        if (rules.Failure is { } failure)
            return failure;
        var records = Operation == Operation.Union
            ? Math.Min(Count, 1)
            : _properties.Select(property => property.Count).DefaultIfEmpty().Max();
        if (records > Limits.MaximumBatchSize)
            return rules.Refused(Failures.TooManyElements(records));
        for (var record = 0; record < records; record++)
        {
            writer.Begin(id, Operation, profile);
            Write(writer.Json, record);
            if (writer.End(rules) is { } refused)
                return refused;
        }

        return null;
    }

    private void Write(Utf8JsonWriter json, int record)
    {
        json.WriteStartObject();
        foreach (var (name, first, count) in _properties.Where(property => record < property.Count))
        {
            json.WritePropertyName(name);
            if (Operation == Operation.Union)
            {
                json.WriteStartArray();
                for (var i = first; i < first + count; i++)
                    json.WriteRawValue(Element(i), skipInputValidation: true);
                json.WriteEndArray();
            }
            else
            {
                json.WriteRawValue(Element(first + record), skipInputValidation: true);
            }
        }

        json.WriteEndObject();
    }

    private void AddElement(ref Utf8JsonReader json, ReadOnlySpan<byte> value)
    {
        var start = (int)json.TokenStartIndex;
        var isEmpty = json.TokenType == JsonTokenType.Null || (json.TokenType == JsonTokenType.String && json.ValueSpan.IsEmpty);
        json.Skip();
        if (isEmpty)
            return;
        var element = value[start..(int)json.BytesConsumed];
        _elements.Add((_sent.Length, element.Length));
        _sent.Write(element);
    }

    private ReadOnlySpan<byte> Element(int index) => _sent.WrittenSpan.Slice(_elements[index].Start, _elements[index].Length);
}
