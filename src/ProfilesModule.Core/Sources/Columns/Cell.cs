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
