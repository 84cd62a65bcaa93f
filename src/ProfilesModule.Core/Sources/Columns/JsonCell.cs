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
                // The whole of it, to be sure that it is JSON, and that its texts are Unicode.
                if (reader.ValueIsEscaped)
                    _ = reader.GetString();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        json.WriteRawValue(cell, skipInputValidation: true);
        return true;
    }
}
