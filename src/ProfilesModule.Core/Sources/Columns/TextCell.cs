using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

internal sealed class TextCell : Cell
{
    public override string Needed => "text";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        json.WriteStringValue(cell);
        return true;
    }
}
