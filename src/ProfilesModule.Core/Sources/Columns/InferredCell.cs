using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

/// <summary>The cells of a column whose type was inferred. One that would not have led to it is refused, or a 007 of the last row would be 7.</summary>
internal sealed class InferredCell(InferredType type, CellFormat format) : Cell
{
    private readonly TypeEvidence _evidence = new(format, type.Decimals);
    private readonly Cell _cell = Of(type.Type, TypeEvidence.FormatOf(type.Type, format));

    /// <summary>The types that may be inferred; the first that every cell speaks for counts.</summary>
    public static IReadOnlyList<PropertyType> Types { get; } = [PropertyType.Boolean, PropertyType.Number, PropertyType.Date];

    public override string Needed => $"{_cell.Needed} without leading zeros or similar, as in the first rows";

    public override bool WroteDefault => _cell.WroteDefault;

    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell) =>
        _evidence.Speaks(type.Type, cell) && _cell.TryWrite(json, cell);
}

/// <summary>What the first rows of a file say that the cells of a column hold.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Decimals">How many decimals each of the first numbers has, trailing zeros included; 0 where that differs.</param>
internal readonly record struct InferredType(PropertyType Type, int Decimals = 0);
