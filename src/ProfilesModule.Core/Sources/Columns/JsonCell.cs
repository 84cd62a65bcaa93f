using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

internal sealed class JsonCell : Cell
{
    public override string Needed => "JSON";

    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        try
        {
            var reader = new Utf8JsonReader(cell);
            while (reader.Read())
            {
                // The whole of it, to be sure that it is JSON.
            }
        }
        catch (JsonException)
        {
            return false;
        }

        json.WriteRawValue(cell, skipInputValidation: true);
        return true;
    }
}
