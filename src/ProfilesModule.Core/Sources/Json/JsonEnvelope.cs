using System.Text.Json;
using System.Text;

namespace ProfilesModule.Sources.Json;

/// <summary>
/// The objects of a file around the lists that hold its rows. What else is in them is passed over, and may be of any size.
/// </summary>
/// <param name="input">The file.</param>
/// <param name="root">The names that lead to the list.</param>
internal sealed class JsonEnvelope(JsonInput input, string root)
{
    private readonly JsonPath _path = new();
    private JsonReaderState _state;
    private long _line;
    private bool _isInside;
    private bool _hasList;

    /// <summary>
    /// Moves behind the bracket with which the next list begins, from the bracket with which the one before it ends; false at the end of
    /// the file.
    /// </summary>
    /// <exception cref="InvalidDataException">An object has no such list, or is not JSON.</exception>
    public bool MoveToList()
    {
        while (_isInside || Begin())
        {
            var json = new Utf8JsonReader(input.Rest, isFinalBlock: false, _state);
            var (isFound, isAtEnd) = (false, false);
            try
            {
                while (!isFound && !isAtEnd && json.Read())
                {
                    isFound = _path.Take(ref json) && _path.Is(root);
                    isAtEnd = json is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 };
                }
            }
            catch (JsonException)
            {
                input.Pass((int)json.BytesConsumed);
                throw input.Malformed("it is not JSON");
            }

            _state = json.CurrentState;
            input.Pass((int)json.BytesConsumed);
            if (isFound)
                return _hasList = true;
            if (isAtEnd)
                End();
            else if (!input.Fill())
                throw new InvalidDataException($"it ends inside the object that begins in line {_line}");
        }

        return false;
    }

    private bool Begin()
    {
        if (!input.SkipBlanks())
            return false;
        if (input.Rest[0] != '{')
            throw input.Malformed("it is not an object");
        _path.Clear();
        _state = new(JsonFile.Options);
        (_line, _isInside, _hasList) = (input.Line, true, false);
        return true;
    }

    private void End()
    {
        _isInside = false;
        if (!_hasList)
            throw new InvalidDataException($"the object that begins in line {_line} has no list '{root}'");
    }
}

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
