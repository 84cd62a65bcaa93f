using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>The rows of a file whose cells are protected against spreadsheets, without that protection.</summary>
/// <param name="file">The file, at its first record, with quotes allowed inside fields.</param>
/// <param name="isLenient">Whether quotes may be inside fields that are not protected.</param>
internal sealed class ProtectedRows(ICsvReader file, bool isLenient) : ICsvReader
{
    private readonly GrowingBuffer _values = new(256);

    // Of each field of the row that is protected, where its value begins and ends; else -1.
    private readonly List<(int Start, int End)> _fields = [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Header { get; } = [.. file.Header.Select(Unprotected)];

    /// <inheritdoc/>
    public long LineNumber => file.LineNumber;

    /// <inheritdoc/>
    public long Position => file.Position;

    /// <inheritdoc/>
    public int FieldCount => file.FieldCount;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RawRecord => file.RawRecord;

    /// <inheritdoc/>
    public string? QuoteProblem => file.QuoteProblem ?? (HasStrayQuote ? QuoteProblems.InsideField : null);

    /// <inheritdoc/>
    public long? DamagedLine => file.DamagedLine;

    /// <inheritdoc/>
    public bool IsText => file.IsText;

    /// <inheritdoc/>
    public bool Read()
    {
        if (!file.Read())
            return false;
        _values.Truncate(0);
        _fields.Clear();
        for (var i = 0; i < file.FieldCount; i++)
        {
            var start = _values.Length;
            var isProtected = CellProtection.IsProtected(file.Field(i));
            if (isProtected)
                CellProtection.Undo(file.Field(i), _values);
            _fields.Add(isProtected ? (start, _values.Length) : (-1, -1));
        }

        return true;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Field(int index) =>
        IsProtected(index) ? _values.WrittenSpan[_fields[index].Start.._fields[index].End] : file.Field(index);

    /// <inheritdoc/>
    public bool IsQuoted(int index) => file.IsQuoted(index);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private bool HasStrayQuote
    {
        get
        {
            for (var i = 0; !isLenient && i < file.FieldCount; i++)
            {
                if (!IsProtected(i) && !file.IsQuoted(i) && file.Field(i).Contains((byte)'"'))
                    return true;
            }

            return false;
        }
    }

    private bool IsProtected(int index) => index < _fields.Count && _fields[index].Start >= 0;

    private static string Unprotected(string name)
    {
        var cell = System.Text.Encoding.UTF8.GetBytes(name);
        if (!CellProtection.IsProtected(cell))
            return name;
        var buffer = new GrowingBuffer(cell.Length);
        CellProtection.Undo(cell, buffer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
