using System.Text;
using System.Text.Json;

namespace ProfilesModule.Server;

/// <summary>
/// A compiled expression in the language of the query's <c>where</c>. It reads a profile's JSON once and takes from it the
/// values of those properties only that it names.
/// </summary>
/// <remarks>Safe for use by several threads at once.</remarks>
internal sealed class WhereExpression
{
    private readonly WhereNode _root;
    private readonly byte[][] _names;
    private readonly int _distinctId;

    private WhereExpression(WhereNode root, IReadOnlyList<string> properties)
    {
        _root = root;
        _names = [.. properties.Select(Encoding.UTF8.GetBytes)];

        // The id is kept beside the properties, and read as if it were one.
        _distinctId = properties.ToList().IndexOf("$distinct_id");
    }

    /// <exception cref="WhereException">The expression cannot be read.</exception>
    public static WhereExpression Parse(string text)
    {
        WhereNode root = WhereParser.Parse(text, out IReadOnlyList<string> properties);
        return new WhereExpression(root, properties);
    }

    /// <summary>Whether the expression is true for a profile; any value but true is no match.</summary>
    /// <exception cref="WhereException"><c>and</c> or <c>or</c> got something else than true or false.</exception>
    public bool Matches(StoredProfile profile) => _root.Evaluate(Properties(profile)).IsTrue;

    private WhereValue[] Properties(StoredProfile profile)
    {
        var values = new WhereValue[_names.Length];
        int missing = _names.Length;
        if (_distinctId >= 0)
        {
            values[_distinctId] = WhereValue.From(profile.DistinctId);
            missing--;
        }

        var json = new Utf8JsonReader(profile.Properties.Span);
        json.Read();
        while (missing > 0 && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            int slot = SlotOf(ref json);
            json.Read();
            if (slot < 0)
            {
                json.Skip();
                continue;
            }
            values[slot] = WhereValue.Read(ref json);
            missing--;
        }
        return values;
    }

    private int SlotOf(ref Utf8JsonReader json)
    {
        for (int i = 0; i < _names.Length; i++)
        {
            if (json.ValueTextEquals(_names[i]))
                return i;
        }
        return -1;
    }
}
