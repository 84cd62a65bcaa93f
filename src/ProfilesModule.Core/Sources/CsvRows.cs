using System.Runtime.CompilerServices;
using System.Text;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>
/// The rows of a CSV file as an import takes them: those of a reject file as if it were the file that they came from, and
/// without what must not leave the file. A row in a reject file, and the target of an error, is made of what this shows.
/// </summary>
internal sealed class CsvRows : ICsvReader
{
    private readonly ICsvReader _file;
    private readonly CsvDialect _dialect;
    private readonly byte _delimiter;
    private readonly CsvRejectReader? _rejects;
    private readonly NoDataRows _noData;
    private readonly GrowingBuffer _shown = new(1024);
    private readonly GrowingBuffer _protected = new(0);

    // What has the fields of the current row.
    private ICsvReader _record;
    private ColumnPlan _plan = null!;
    private InputTexts _texts = InputTexts.AsTheyAre;
    private int[] _shownColumns = [];
    private bool _hides;
    private bool _hidesIdentifier;
    private bool _isAsItIs;

    // Of each column that is hashed here the property, and of the row the hash.
    private string?[] _hashedAs = [];
    private byte[] _hashes = [];
    private int[] _hashLengths = [];

    /// <summary>Takes the rows of a file, at its first record, as they are.</summary>
    public CsvRows(ICsvReader file, CsvDialect dialect)
    {
        _file = file;
        _record = file;
        _dialect = dialect;
        _delimiter = (byte)dialect.Delimiter;
        _rejects = CsvRejectReader.HasHeader(file.Header) ? new(file, _delimiter) : null;
        Header = _rejects is null ? file.Header : [.. _rejects.Columns.Select(column => column.Name)];
        _noData = new(file, _delimiter, Header);
        Plan = ColumnPlan.Create(Header, -1, new() { Includes = _ => false });
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Header { get; }

    /// <summary>What the columns become. It is set before the first row is read.</summary>
    public ColumnPlan Plan
    {
        get => _plan;
        set
        {
            (_plan, _texts) = (value, value.Options.Texts);
            var columns = Enumerable.Range(0, Header.Count);
            _shownColumns = [.. columns.Where(i => !value.IsExcluded(i))];
            _hashedAs = [.. columns.Select(i => WasHashed(i) ? null : value.Hashed(i))];
            _hides = _shownColumns.Length < Header.Count || columns.Any(IsHashed);
            _hidesIdentifier = value.Identifier >= 0 && _hashedAs[value.Identifier] is not null;
            _isAsItIs = !_hides && _rejects is null;
            _hashLengths = new int[Header.Count];
            _hashes = new byte[_hides ? Header.Count * HashedText.Length : 0];
        }
    }

    /// <summary>The columns that <see cref="RawRecord"/> has.</summary>
    public IReadOnlyList<string> ShownHeader => [.. _shownColumns.Select(i => Header[i])];

    /// <summary>The same in a reject file, where the names say what was done to the cells.</summary>
    public IReadOnlyList<string> RejectHeader
    {
        get
        {
            var types = new InferredType?[Header.Count];
            foreach (var column in Plan.Columns.Where(column => column.TypeSource == TypeSource.Inferred))
                types[column.Index] = new(column.Type, column.Decimals);
            return [.. _shownColumns.Select(i => new RejectColumn(Header[i], IsHashed(i), types[i]).MarkedName)];
        }
    }

    /// <summary>Whether it is the reject file of an earlier import.</summary>
    public bool IsRejectFile => _rejects is not null;

    /// <inheritdoc/>
    public long LineNumber => _file.LineNumber;

    /// <inheritdoc/>
    public long Position => _file.Position;

    /// <inheritdoc/>
    public int FieldCount => _rejects?.FieldCount ?? _record.FieldCount;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RawRecord => _hides ? _shown.WrittenSpan : OwnRow;

    private ReadOnlySpan<byte> OwnRow => _rejects is null ? _record.RawRecord : _rejects.RawRow;

    /// <inheritdoc/>
    public string? QuoteProblem => _record.QuoteProblem;

    /// <inheritdoc/>
    public bool IsText => _record.IsText;

    /// <summary>What the reject file says about the row; null when it is damaged, or of another file.</summary>
    public RejectReason? Reason => _rejects?.Reason;

    /// <summary>Why the row is out of order; null when it is not.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Why a row that is in order may be several; null when there is no sign of it.</summary>
    public Failure? Swallowed
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get => _dialect.Quoting == Quoting.Quotes && SwallowedRows.AreIn(OwnRow, _delimiter, Header.Count)
            ? Failures.RowsInField(Header[FieldOverLines], LineNumber, LastLine)
            : null;
    }

    /// <summary>The part of the rows that is taken; null for all.</summary>
    public Partition? Partition { get; set; }

    /// <summary>Whether the row is of another partition. Nothing else is then known of it.</summary>
    public bool IsOfOtherPartition { get; private set; }

    /// <summary>Whether all fields of the row are blank. It has a <see cref="Failure"/> then.</summary>
    public bool IsBlank { get; private set; }

    /// <summary>The hash of the identifier of a row that is in order; null when each row gets a random one.</summary>
    public ulong? Profile => Plan.Identifier < 0 ? null : ProfileHash.Of(Identifier);

    /// <summary>The distinct id, as it is sent.</summary>
    public ReadOnlySpan<byte> Identifier
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _texts.Identifier(_isAsItIs ? _record.Field(Plan.Identifier) : ShownField(Plan.Identifier));
    }

    /// <summary>The hash of what seems to be the identifier of a row that may be out of order; null when nothing does.</summary>
    public ulong? LikelyProfile => Plan.Identifier >= 0 && Blanks.Trim(SeemingIdentifier).IsEmpty ? null : Profile;

    /// <summary>What seems to be the identifier of a row that may be out of order; empty when nothing does.</summary>
    private ReadOnlySpan<byte> SeemingIdentifier => QuoteProblem is not null || FieldCount <= Plan.Identifier ? default : Identifier;

    /// <summary>Whether the identifier is a placeholder, which a hash must not hide.</summary>
    public bool IsPlaceholder =>
        PlaceholderIdentifiers.Contains(FileField(Plan.Identifier)) || (WasHashed(Plan.Identifier) && Reason is { IsPlaceholder: true });

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Read()
    {
        if (!_file.Read())
            return false;
        _record = _file.Source;
        _rejects?.ReadReason();
        IsOfOtherPartition = !_hidesIdentifier && Partition is not null && !IsIn(Partition);
        if (IsOfOtherPartition)
            return true;

        // What is left of a row of a reject file may look like anything.
        var isWhole = _rejects is not { IsDamaged: true };
        IsBlank = _rejects is null && _noData.IsBlank(FieldCount) && QuoteProblem is null;
        Failure = IsBlank ? Failures.EmptyIdentifier() : (isWhole ? _noData.FailureOf(FieldCount, OwnRow) : null) ?? FormFailure;
        if (_hides)
            Show(isKnown: Failure is null);
        if (Failure is null && HasBlankIdentifier)
            Failure = Failures.EmptyIdentifier(Header[Plan.Identifier], "column");
        IsOfOtherPartition = _hidesIdentifier && Partition is not null && !IsIn(Partition);
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Field(int index)
    {
        var cell = _isAsItIs ? _record.Field(index) : ShownField(index);
        return IsMarkedText(index) ? _texts.MarkedText(cell) : _texts.Cell(cell);
    }

    /// <summary>A cell that is hashed here, as it is before.</summary>
    /// <param name="column">The index of the column.</param>
    public ReadOnlySpan<byte> Plain(int column) => Blanks.Trim(_texts.Cell(FileField(column)));

    /// <summary>Whether the cells of a column are hashed here.</summary>
    /// <param name="column">The index of the column.</param>
    public bool IsToBeHashed(int column) => _hashedAs[column] is not null;

    /// <inheritdoc/>
    public bool IsQuoted(int index) => _hashedAs[index] is null && index < FieldCount && _record.IsQuoted(index);

    // Without a dialect that says so, quotes mean nothing: Export-Csv, pandas and others enclose every cell in them, NULL and \N too.
    /// <summary>Whether a cell is a text although it is empty, or a text for no value.</summary>
    public bool IsMarkedText(int index) => _dialect.TellsQuoted && IsQuoted(index);

    /// <summary>Whether the cells of a column are hashes, made here or in an earlier import.</summary>
    public bool IsHashed(int column) => IsToBeHashed(column) || WasHashed(column);

    /// <summary>The type that an earlier import inferred for a column; null for none.</summary>
    public InferredType? InferredType(int column) => _rejects?.Columns[column].InferredType;

    /// <summary>Reads the rows of a reject file that an earlier run of the same import wrote.</summary>
    /// <param name="encoding">The encoding of the file; null for UTF-8.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public IEnumerable<KeptRow> KeptRows(Encoding? encoding)
    {
        while (Read())
        {
            var length = encoding is null or UTF8Encoding
                ? _file.RawRecord.Length + 1
                : encoding.GetByteCount(Encoding.UTF8.GetString(_file.RawRecord) + "\n");
            yield return new(LikelyProfile, length, Reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Why nobody can tell which of the fields is which; null when it is clear.</summary>
    private Failure? FormFailure
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get
        {
            if (QuoteProblem is { } problem)
                return Failures.MalformedQuotes(problem, LineNumber, LastLine, LikelyDialects.Of(_file.RawRecord, _dialect));
            if (_file.DamagedLine is { } line)
                return Failures.RowBehindQuote(line);
            if (_rejects?.Reason is { IsBehindQuote: true } && !_dialect.RecoversRows)
                return Failures.RowWasBehindQuote;
            if (_rejects?.IsDamaged == true)
                return Failures.DamagedRejectRow;
            if (!Plan.Fits(FieldCount) || _rejects?.IsUnclosed == true)
                return Failures.FieldCountMismatch(FieldCount, Header.Count, LineNumber, LastLine);
            return IsText ? null : Failures.NotUtf8Row;
        }
    }

    // A random identifier is of no use: each task would make another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsIn(Partition partition) =>
        Plan.Identifier < 0 ? partition.HasLine(LineNumber) : partition.Has(SeemingIdentifier);

    private bool HasBlankIdentifier => Plan.Identifier >= 0 && Blanks.Trim(Identifier).IsEmpty;

    private int FieldOverLines => Enumerable.Range(0, Header.Count).FirstOrDefault(i => FileField(i).ContainsAny((byte)'\r', (byte)'\n'));

    /// <summary>The line where the record ends. Where quotes are text, a record is a line.</summary>
    private long LastLine => LineNumber + (_dialect.Quoting == Quoting.Quotes ? LineBreaks(_file.RawRecord) : 0);

    private bool WasHashed(int column) => _rejects?.Columns[column].IsHashed == true;

    private ReadOnlySpan<byte> ShownField(int index) =>
        index < _hashedAs.Length && _hashedAs[index] is not null ? HashRoom(index)[.._hashLengths[index]] : FileField(index);

    // The last fields of a reject file are not columns.
    private ReadOnlySpan<byte> FileField(int index) => index < FieldCount ? _record.Field(index) : default;

    private static int LineBreaks(ReadOnlySpan<byte> text) => text.Count((byte)'\n') + text.Count((byte)'\r') - text.Count("\r\n"u8);

    private Span<byte> HashRoom(int column) => _hashes.AsSpan(column * HashedText.Length, HashedText.Length);

    /// <summary>Writes what may be shown of the row: when nobody can tell which of its fields is which, only empty fields.</summary>
    private void Show(bool isKnown)
    {
        for (var i = 0; i < _hashedAs.Length; i++)
            _hashLengths[i] = isKnown && _hashedAs[i] is { } property ? HashedText.Write(Plain(i), property, HashRoom(i)) : 0;
        _shown.Truncate(0);
        for (var i = 0; i < _shownColumns.Length; i++)
        {
            if (i > 0)
                _shown.Write(_delimiter);
            if (isKnown)
                Show(_shownColumns[i]);
        }
    }

    private void Show(int column)
    {
        var field = ShownField(column);
        if (_dialect.HasProtectedCells && CellProtection.IsProtected(field))
        {
            _protected.Truncate(0);
            CellProtection.Protect(field, _protected);
            field = _protected.WrittenSpan;
        }

        QuotedRow.WriteField(_shown, field, _delimiter, IsMarkedText(column) || (field.IsEmpty && _shownColumns.Length == 1));
    }
}
