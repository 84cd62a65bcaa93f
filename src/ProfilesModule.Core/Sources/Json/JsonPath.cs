using System.Text;
using System.Text.Json;

namespace ProfilesModule.Sources.Json;

/// <summary>The names that lead to a token of an object, as far as no list is around it.</summary>
internal sealed class JsonPath
{
    private readonly List<string> _names = [];
    private int _list = -1;

    /// <summary>Whether the token is in a list.</summary>
    public bool IsInList => _list >= 0;

    /// <summary>Takes the next token.</summary>
    /// <returns>Whether it begins a list that is in no other list.</returns>
    public bool Take(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.PropertyName when !IsInList:
                _names.RemoveRange(json.CurrentDepth - 1, _names.Count - json.CurrentDepth + 1);
                _names.Add(Encoding.UTF8.GetString(json.ValueSpan));
                return false;
            case JsonTokenType.StartArray when !IsInList:
                _list = json.CurrentDepth;
                return true;
            case JsonTokenType.EndArray when _list == json.CurrentDepth:
                _list = -1;
                return false;
            default:
                return false;
        }
    }

    /// <summary>Goes on to the next object.</summary>
    public void Clear()
    {
        _names.Clear();
        _list = -1;
    }

    /// <summary>Whether a <see cref="JsonRoot.Path"/> is meant.</summary>
    public bool Is(string path) => string.Equals(ToString(), path, StringComparison.OrdinalIgnoreCase);

    /// <summary>The names, with dots between them.</summary>
    public override string ToString() => string.Join('.', _names);
}
