using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Sources.Columns;

/// <summary>Lists: a JSON array, or texts set apart by a separator, without the blanks around them.</summary>
internal sealed class ListCell(string separator) : Cell
{
    private readonly byte[] _separator = Encoding.UTF8.GetBytes(separator);
    private readonly JsonCell _json = new();

    public override string Needed => "a list";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        if (cell.TrimStart((byte)' ') is [(byte)'[', ..])
            return _json.TryWrite(json, cell);
        json.WriteStartArray();
        while (true)
        {
            var end = cell.IndexOf(_separator);
            var element = Blanks.Trim(end < 0 ? cell : cell[..end]);
            if (!element.IsEmpty)
                json.WriteStringValue(element);
            if (end < 0)
                break;
            cell = cell[(end + _separator.Length)..];
        }

        json.WriteEndArray();
        return true;
    }
}
