using System.Text.Json;

namespace ProfilesModule.Server;

/// <summary>A value in an expression.</summary>
internal readonly struct WhereValue : IEquatable<WhereValue>
{
    private readonly double _number;
    private readonly object? _reference;

    private WhereValue(WhereType type, double number = 0, object? reference = null)
    {
        Type = type;
        _number = number;
        _reference = reference;
    }

    public static WhereValue Undefined => default;

    public static WhereValue Null => new(WhereType.Null);

    public WhereType Type { get; }

    public bool IsTrue => Type == WhereType.Boolean && _number != 0;

    /// <summary>The number; 0 for other types than numbers and booleans.</summary>
    public double Number => _number;

    /// <summary>The text of a string.</summary>
    public string Text => (string)_reference!;

    /// <summary>The elements of a list.</summary>
    public IReadOnlyList<WhereValue> Elements => (IReadOnlyList<WhereValue>)_reference!;

    private Dictionary<string, WhereValue> Members => (Dictionary<string, WhereValue>)_reference!;

    public static WhereValue From(bool value) => new(WhereType.Boolean, value ? 1 : 0);

    public static WhereValue From(double value) => new(WhereType.Number, value);

    public static WhereValue From(string value) => new(WhereType.String, reference: value);

    public static WhereValue From(IReadOnlyList<WhereValue> elements) => new(WhereType.List, reference: elements);

    /// <summary>A number that arithmetic gave: undefined where there is no such number.</summary>
    public static WhereValue FromResult(double value) => double.IsFinite(value) ? From(value) : Undefined;

    /// <summary>Reads the JSON value that the reader stands on.</summary>
    public static WhereValue Read(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.True:
                return From(true);
            case JsonTokenType.False:
                return From(false);
            case JsonTokenType.Number:
                return From(json.GetDouble());
            case JsonTokenType.String:
                return From(json.GetString()!);
            case JsonTokenType.StartArray:
                var elements = new List<WhereValue>();
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    elements.Add(Read(ref json));
                return From(elements);
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, WhereValue>(StringComparer.Ordinal);
                while (json.Read() && json.TokenType != JsonTokenType.EndObject)
                {
                    string name = json.GetString()!;
                    json.Read();
                    members[name] = Read(ref json);
                }
                return new WhereValue(WhereType.Object, reference: members);
            default:
                return Null;
        }
    }

    /// <summary>Whether type and value are the same.</summary>
    public bool Equals(WhereValue other)
    {
        if (Type != other.Type)
            return false;
        return Type switch
        {
            WhereType.String => Text == other.Text,
            WhereType.List => Elements.SequenceEqual(other.Elements),
            WhereType.Object => Members.Count == other.Members.Count && HasAllOf(other.Members),
            _ => _number == other._number,
        };
    }

    public override bool Equals(object? obj) => obj is WhereValue other && Equals(other);

    // Objects of equal type collide, which their comparison sorts out; nothing keeps them in a table.
    public override int GetHashCode() => HashCode.Combine(Type, _number, _reference as string);

    private bool HasAllOf(Dictionary<string, WhereValue> others)
    {
        foreach ((string name, WhereValue value) in Members)
        {
            if (!others.TryGetValue(name, out WhereValue other) || !value.Equals(other))
                return false;
        }
        return true;
    }
}
