using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

/// <summary>Writes the cells of one column as the JSON of their property. Empty cells never come here.</summary>
internal abstract class Cell
{
    /// <summary>What a cell must hold, as in "needs a number".</summary>
    public abstract string Needed { get; }

    /// <summary>The parameters that say how such values are written, as in "with -Culture"; null for none.</summary>
    public virtual string? Formats => null;

    /// <summary>Writes a cell; false, with nothing written, when it holds something else.</summary>
    public abstract bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell);

    /// <summary>Whether the cell that was written last is a date that was never set.</summary>
    public virtual bool WroteDefault => false;

    public static Cell Of(PropertyType type, CellFormat format) => type switch
    {
        PropertyType.Number => new NumberCell(format.Culture),
        PropertyType.Boolean => new BooleanCell(),
        PropertyType.Date => new DateCell(format),
        PropertyType.UnixSeconds => new UnixTimeCell(areMilliseconds: false),
        PropertyType.UnixMilliseconds => new UnixTimeCell(areMilliseconds: true),
        PropertyType.List => new ListCell(format.ListSeparator),
        PropertyType.Json => new JsonCell(),
        _ => new TextCell(),
    };
}

/// <summary>How values are written in the cells of a file.</summary>
internal sealed record CellFormat
{
    /// <summary>
    /// The culture of numbers and dates. Default the invariant one: a point before decimals, no thousands separators, ISO 8601
    /// dates.
    /// </summary>
    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>The formats of dates, as for DateTime.ParseExact. Default: ISO 8601, or with a culture what that culture writes.</summary>
    public IReadOnlyList<string> DateFormats { get; init; } = [];

    /// <summary>The zone of dates that have a time and no offset. Default UTC, as the service takes them.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What sets the elements of a list apart. Default a semicolon.</summary>
    public string ListSeparator { get; init; } = ";";
}

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
