using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>A row that is put together field by field, and its text as RFC 4180 has it.</summary>
/// <param name="delimiter">What separates its fields.</param>
internal sealed class QuotedRow(byte delimiter)
{
    private readonly GrowingBuffer _values = new(1024);
    private readonly GrowingBuffer _text = new(1024);
    private readonly List<(int End, bool IsQuoted)> _fields = [];

    /// <summary>How many fields it has.</summary>
    public int FieldCount => _fields.Count;

    /// <summary>The row as a line of a CSV file.</summary>
    public ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>Begins another row.</summary>
    public void Clear()
    {
        _values.Truncate(0);
        _values.Shrink(1 << 20);
        _text.Truncate(0);
        _text.Shrink(1 << 20);
        _fields.Clear();
    }

    /// <summary>Adds a byte to the field that is put together.</summary>
    public void Write(byte value) => _values.Write(value);

    /// <summary>Adds bytes to the field that is put together.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => _values.Write(bytes);

    /// <summary>Ends the field.</summary>
    /// <param name="isQuoted">Whether it is marked as text.</param>
    /// <param name="isLast">Whether it is the last of its row.</param>
    public void EndField(bool isQuoted, bool isLast)
    {
        _fields.Add((_values.Length, isQuoted));
        if (_fields.Count > 1)
            _text.Write(delimiter);
        WriteField(_text, Field(_fields.Count - 1), delimiter, isQuoted || (isLast && _fields.Count == 1 && _values.Length == 0));
    }

    /// <summary>The value of a field; empty behind the last one.</summary>
    public ReadOnlySpan<byte> Field(int index)
    {
        if (index >= _fields.Count)
            return default;
        var start = index == 0 ? 0 : _fields[index - 1].End;
        return _values.WrittenSpan[start.._fields[index].End];
    }

    /// <summary>Whether a field is marked as text.</summary>
    public bool IsQuoted(int index) => index < _fields.Count && _fields[index].IsQuoted;

    /// <summary>Writes a field as RFC 4180 has it.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="field">Its value.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="isQuoted">Whether it is enclosed in quotes even if it does not need them.</param>
    public static void WriteField(GrowingBuffer text, ReadOnlySpan<byte> field, byte delimiter, bool isQuoted)
    {
        if (!isQuoted && !field.ContainsAny([delimiter, (byte)'"', (byte)'\r', (byte)'\n']))
        {
            text.Write(field);
            return;
        }

        text.WriteInQuotes(field);
    }
}
