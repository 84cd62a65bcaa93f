using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

internal sealed class BooleanCell : Cell
{
    private static readonly string[] True = ["true", "yes", "on", "1", "y", "t"];
    private static readonly string[] False = ["false", "no", "off", "0", "n", "f"];

    public override string Needed => "true or false (or yes/no, on/off, 1/0)";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        var text = cell.Trim(" \t"u8);
        if (IsOneOf(True, text))
            json.WriteBooleanValue(true);
        else if (IsOneOf(False, text))
            json.WriteBooleanValue(false);
        else
            return false;
        return true;
    }

    private static bool IsOneOf(string[] words, ReadOnlySpan<byte> text)
    {
        foreach (var word in words)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(text, word))
                return true;
        }

        return false;
    }
}
