using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

internal sealed class TextCell : Cell
{
    public override string Needed => "text";

    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        json.WriteStringValue(cell);
        return true;
    }
}
