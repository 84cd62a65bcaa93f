using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Columns;

/// <summary>
/// Lists: a JSON array, an array of PostgreSQL such as {a,"b c"}, or texts set apart by a separator, without the blanks around them. Quotes
/// enclose a text that contains the separator.
/// </summary>
internal sealed class ListCell(string separator) : Cell
{
    private readonly byte[] _separator = Encoding.UTF8.GetBytes(separator);
    private readonly JsonCell _json = new();
    private readonly GrowingBuffer _text = new(64);
    private readonly List<int> _ends = [];

    public override string Needed =>
        $"a list (texts with '{separator}' between them, and in double quotes if they contain it; "
            + "a JSON array such as [\"a\",\"b\"]; or {a,b} of PostgreSQL)";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        cell = Blanks.Trim(cell);
        if (cell is [(byte)'[', ..])
            return _json.TryWrite(json, cell);
        _text.Truncate(0);
        _ends.Clear();
        if (!(IsArray(cell) ? TryReadArray(cell[1..^1]) : TryRead(cell)))
            return false;
        json.WriteStartArray();
        var start = 0;
        foreach (var end in _ends)
        {
            json.WriteStringValue(_text.WrittenSpan[start..end]);
            start = end;
        }

        json.WriteEndArray();
        return true;
    }

    // Braces in it without quotes are those of several texts, or of an array of arrays.
    private static bool IsArray(ReadOnlySpan<byte> cell) => cell is [(byte)'{', .., (byte)'}']
        && (cell[1..^1].IndexOf((byte)'"') >= 0 || !cell[1..^1].ContainsAny("{}"u8));

    private bool TryRead(ReadOnlySpan<byte> cell)
    {
        while (true)
        {
            cell = cell.TrimStart(" \t"u8);
            if (cell is [(byte)'"', ..] && TryReadQuoted(cell, _separator, escape: (byte)'"', out var length))
            {
                cell = cell[length..].TrimStart(" \t"u8);
                if (cell.IsEmpty)
                    return true;
                cell = cell[_separator.Length..];
                continue;
            }

            var end = cell.IndexOf(_separator);
            var element = Blanks.Trim(end < 0 ? cell : cell[..end]);

            // A quote at the start that is not closed in the same text may have enclosed a separator.
            if (element is [(byte)'"', .. var rest] && rest.IndexOf((byte)'"') < 0)
                return false;
            Add(element);
            if (end < 0)
                return true;
            cell = cell[(end + _separator.Length)..];
        }
    }

    private bool TryReadArray(ReadOnlySpan<byte> cell)
    {
        while (true)
        {
            cell = cell.TrimStart((byte)' ');
            if (cell is [(byte)'"', ..])
            {
                if (!TryReadQuoted(cell, ","u8, escape: (byte)'\\', out var length))
                    return false;
                cell = cell[length..].TrimStart((byte)' ');
            }
            else
            {
                var end = cell.IndexOf((byte)',') is >= 0 and var comma ? comma : cell.Length;
                var element = cell[..end].TrimEnd((byte)' ');
                if (element.ContainsAny("{}\"\\"u8))
                    return false;
                if (!Ascii.EqualsIgnoreCase(element, "NULL"))
                    Add(element);
                cell = cell[end..];
            }

            if (cell.IsEmpty)
                return true;
            cell = cell[1..];
        }
    }

    /// <summary>Reads a text in quotes that a separator or the end follows; false, with nothing read, where something else does.</summary>
    /// <param name="cell">The cell, from the quote on.</param>
    /// <param name="separator">What may follow it.</param>
    /// <param name="escape">What stands before a quote that is part of the text.</param>
    /// <param name="length">How much of the cell was read.</param>
    private bool TryReadQuoted(ReadOnlySpan<byte> cell, ReadOnlySpan<byte> separator, byte escape, out int length)
    {
        var start = _text.Length;
        for (length = 1; length < cell.Length; length++)
        {
            if (cell[length] == escape && length + 1 < cell.Length && (escape != '"' || cell[length + 1] == '"'))
            {
                _text.Write(cell[++length]);
                continue;
            }

            if (cell[length] != '"')
            {
                _text.Write(cell[length]);
                continue;
            }

            length++;
            var rest = cell[length..].TrimStart(" \t"u8);
            if (!rest.IsEmpty && !rest.StartsWith(separator))
                break;
            if (_text.Length > start)
                _ends.Add(_text.Length);
            return true;
        }

        _text.Truncate(start);
        return false;
    }

    private void Add(ReadOnlySpan<byte> element)
    {
        if (element.IsEmpty)
            return;
        _text.Write(element);
        _ends.Add(_text.Length);
    }
}
