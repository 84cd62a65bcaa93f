using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>
/// Shows a file without what must not leave it: columns that are hashed, and columns that are left out. Everything that is
/// made of a record, its row in a reject file and the target of its error too, is made of what this shows.
/// </summary>
internal sealed class RedactedReader : ICsvReader
{
    /// <summary>What the names of columns end with, in a reject file, whose cells are hashed already.</summary>
    internal const string Mark = "#sha256";

    private readonly ColumnPlan _plan;
    private readonly byte _delimiter;
    private readonly string?[] _hashed;
    private readonly GrowingBuffer _record = new(1024);
    private readonly byte[] _hashes;
    private readonly int[] _hashLengths;

    private RedactedReader(ICsvReader file, ColumnPlan plan, char delimiter)
    {
        File = file;
        _plan = plan;
        _delimiter = (byte)delimiter;
        var rejects = file as RejectReader;
        _hashed = [.. plan.Header.Select((_, i) => rejects?.IsHashed(i) == true ? null : plan.Hashed(i))];
        _hashes = new byte[plan.Header.Count * HashedText.Length];
        _hashLengths = new int[plan.Header.Count];
        var kept = Enumerable.Range(0, plan.Header.Count).Where(i => !plan.IsWithheld(i)).ToArray();
        RowColumns = [.. kept.Select(i => plan.Header[i])];
        var marked = plan.MarkedHeader;
        MarkedColumns = [.. kept.Select(i => rejects?.IsHashed(i) == true || plan.Hashed(i) is not null ? plan.Header[i] + Mark : marked[i])];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Header => File.Header;

    /// <summary>The names of the columns that <see cref="RawRecord"/> has.</summary>
    public IReadOnlyList<string> RowColumns { get; }

    /// <summary>The same, with a mark where cells are hashed or a type was inferred, for a file that is to be imported again.</summary>
    public IReadOnlyList<string> MarkedColumns { get; }

    /// <inheritdoc/>
    public long LineNumber => File.LineNumber;

    /// <inheritdoc/>
    public long Position => File.Position;

    /// <inheritdoc/>
    public int FieldCount => File.FieldCount;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RawRecord => _record.WrittenSpan;

    /// <inheritdoc/>
    public string? QuoteProblem => File.QuoteProblem;

    /// <inheritdoc/>
    public bool IsText => File.IsText;

    /// <summary>The file.</summary>
    internal ICsvReader File { get; }

    /// <summary>Shows a file as a plan of its columns wants it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="plan">What becomes of its columns.</param>
    /// <param name="delimiter">What separates its fields.</param>
    /// <returns>The file itself where nothing is hidden.</returns>
    public static ICsvReader Of(ICsvReader file, ColumnPlan plan, char delimiter)
    {
        var hides = Enumerable.Range(0, plan.Header.Count).Any(i => plan.IsWithheld(i) || plan.Hashed(i) is not null || (file as RejectReader)?.IsHashed(i) == true);
        return hides ? new RedactedReader(file, plan, delimiter) : file;
    }

    /// <inheritdoc/>
    public bool Read()
    {
        if (!File.Read())
            return false;
        _record.CutTo(0);

        // Which fields of a record that is out of order are which is anybody's guess: nothing of it is shown.
        var isKnown = File.QuoteProblem is null && _plan.Fits(File.FieldCount) && File.IsText && File is not RejectReader { IsDamaged: true } and not RejectReader { IsOneField: true };
        var isFirst = true;
        for (var i = 0; i < Header.Count; i++)
        {
            if (isKnown && _hashed[i] is { } property)
                _hashLengths[i] = HashedText.Write(File.Field(i), property, Room(i));
            if (_plan.IsWithheld(i))
                continue;
            if (!isFirst)
                _record.Write(_delimiter);
            isFirst = false;
            if (isKnown)
                Write(Field(i));
        }

        return true;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Field(int index) => _hashed[index] is null ? File.Field(index) : Room(index)[.._hashLengths[index]];

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    /// <summary>Whether a field holds a placeholder for an identifier, which a hash must not hide.</summary>
    /// <param name="reader">The file, as it is shown.</param>
    /// <param name="index">The 0-based index of the field.</param>
    internal static bool IsPlaceholder(ICsvReader reader, int index) =>
        PlaceholderIdentifiers.Contains((reader is RedactedReader redacted ? redacted.File : reader).Field(index)) || RejectReader.Behind(reader)?.WasPlaceholder(index) == true;

    /// <summary>Whether what a field shows is a hash, made here or in an earlier run.</summary>
    /// <param name="reader">The file, as it is shown.</param>
    /// <param name="index">The 0-based index of the field.</param>
    internal static bool IsHashed(ICsvReader reader, int index) =>
        reader is RedactedReader redacted && (redacted._hashed[index] is not null || (redacted.File as RejectReader)?.IsHashed(index) == true);

    private Span<byte> Room(int index) => _hashes.AsSpan(index * HashedText.Length, HashedText.Length);

    private void Write(ReadOnlySpan<byte> field)
    {
        if (!field.ContainsAny([_delimiter, (byte)'"', (byte)'\r', (byte)'\n']) && !(field.IsEmpty && RowColumns.Count == 1))
        {
            _record.Write(field);
            return;
        }

        _record.Write((byte)'"');
        foreach (var value in field)
        {
            if (value == (byte)'"')
                _record.Write(value);
            _record.Write(value);
        }

        _record.Write((byte)'"');
    }
}
