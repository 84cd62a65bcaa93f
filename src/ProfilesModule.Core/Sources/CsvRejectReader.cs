using System.Globalization;
using System.Buffers.Text;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>
/// Reads from a CSV reject file what it adds to the rows of its import: three fields behind each row, and marks in the names of
/// columns. A row that was out of order has as many fields too few or too many as it had there.
/// </summary>
internal sealed class CsvRejectReader(ICsvReader file, byte delimiter)
{
    /// <summary>The columns of the import.</summary>
    public IReadOnlyList<RejectColumn> Columns { get; } = [.. file.Header.SkipLast(RejectFields.Names.Count).Select(RejectColumn.Of)];

    /// <summary>
    /// What the file says about the row. Null when the row does not end in a line, a text and an ErrorId: it was cut off, or
    /// another program moved its fields, and what is left of it may look like another row.
    /// </summary>
    public RejectReason? Reason { get; private set; }

    /// <summary>How many fields the row had in its import.</summary>
    public int FieldCount => Math.Max(0, file.FieldCount - RejectFields.Names.Count);

    /// <summary>The row as it was in its import.</summary>
    public ReadOnlySpan<byte> RawRow => Reason is null ? file.RawRecord : WithoutReason(file.RawRecord);

    /// <summary>Whether the row is damaged, or was before it came into this file.</summary>
    public bool IsDamaged => Reason is not { } reason || (reason.IsDamaged && IsOneField);

    /// <summary>
    /// Whether the row was written as one field because its last quote is never closed. Padding or cutting must not make a row of it.
    /// </summary>
    public bool IsUnclosed => IsOneField && CsvRejectFormat.EndsInsideQuotes(file.Field(0), delimiter);

    private bool IsOneField => Columns.Count == 1 ? FieldCount == 2 && file.Field(1).IsEmpty : FieldCount == 1;

    /// <summary>Whether a file with these columns is a reject file.</summary>
    public static bool HasHeader(IReadOnlyList<string> header) =>
        header.Count > RejectFields.Names.Count && header.TakeLast(RejectFields.Names.Count).SequenceEqual(RejectFields.Names);

    /// <summary>Reads the fields of the next row.</summary>
    public void ReadReason()
    {
        var line = file.Field(FieldCount);
        var hasLine = Utf8Parser.TryParse(line, out long number, out var length) && number > 0 && length == line.Length;
        Reason = hasLine && FieldCount > 0 ? RejectReason.Of(FieldFromEnd(2), FieldFromEnd(1)) : null;
    }

    private ReadOnlySpan<byte> FieldFromEnd(int number) => file.Field(file.FieldCount - number);

    /// <summary>What stands before <c>,12,"text","Id"</c>; a row that another program wrote anew may have it without quotes.</summary>
    private ReadOnlySpan<byte> WithoutReason(ReadOnlySpan<byte> row)
    {
        var rest = row;
        for (var i = 1; i <= RejectFields.Names.Count; i++)
        {
            var start = StartOfField(rest, FieldFromEnd(i));

            // Nothing that was refused may come back as another row, so what cannot be told apart stays.
            if (start < 1 || rest[start - 1] != delimiter)
                return row;
            rest = rest[..(start - 1)];
        }

        return rest;
    }

    /// <summary>Where the last field of a row starts that has this value, as it is or in quotes; -1 when it ends otherwise.</summary>
    private int StartOfField(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value)
    {
        var start = row.Length - value.Length;
        if (row.EndsWith(value) && (start == 0 || row[start - 1] == delimiter))
            return start;
        if (row is not [.., (byte)'"'])
            return -1;
        start = row.Length - 1;
        for (var i = value.Length - 1; i >= 0; i--)
        {
            start -= value[i] == (byte)'"' ? 2 : 1;
            if (start < 1 || row[start] != value[i])
                return -1;
        }

        return start > 0 && row[start - 1] == (byte)'"' ? start - 1 : -1;
    }
}

/// <summary>A column of a reject file, whose name says what the import did to its cells.</summary>
/// <param name="Name">Its name in the import.</param>
/// <param name="IsHashed">Whether its cells are hashed.</param>
/// <param name="InferredType">The type that was inferred; null for none.</param>
internal readonly record struct RejectColumn(string Name, bool IsHashed, InferredType? InferredType)
{
    // Made once: each column of a reject file is compared with them.
    private static readonly Dictionary<PropertyType, string> Marks =
        InferredCell.Types.ToDictionary(type => type, type => RejectFields.InferredMark + type.ToString().ToLowerInvariant());

    // Behind the mark of numbers that each have as many decimals.
    private const string DecimalsMark = "#decimals-";

    /// <summary>The name in a reject file. The mark of a hash says enough: it stays text.</summary>
    public string MarkedName => Name + (IsHashed ? RejectFields.HashedMark : InferredType is { } type ? Mark(type) : "");

    /// <summary>The column that has a name in a reject file.</summary>
    public static RejectColumn Of(string markedName)
    {
        if (markedName.EndsWith(RejectFields.HashedMark, StringComparison.Ordinal))
            return new(markedName[..^RejectFields.HashedMark.Length], true, null);
        var decimals = 0;
        if (markedName.LastIndexOf(DecimalsMark, StringComparison.Ordinal) is > 0 and var at
            && int.TryParse(markedName.AsSpan(at + DecimalsMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out decimals))
            markedName = markedName[..at];
        return Marks.FirstOrDefault(mark => markedName.EndsWith(mark.Value, StringComparison.Ordinal)) is (var type, { } mark)
            ? new(markedName[..^mark.Length], false, new(type, decimals))
            : new(markedName, false, null);
    }

    private static string Mark(InferredType type) =>
        Marks[type.Type] + (type.Decimals > 0 ? string.Create(CultureInfo.InvariantCulture, $"{DecimalsMark}{type.Decimals}") : "");
}
