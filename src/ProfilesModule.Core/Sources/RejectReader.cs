using System.Buffers.Text;
using System.Text;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>
/// Reads a reject file as if it were the file that its rows came from: without the columns that say what was wrong. A row
/// that was out of order has as many fields too few or too many as it had there.
/// </summary>
internal sealed class RejectReader : ICsvReader
{
    private static readonly byte[] UnknownId = Encoding.ASCII.GetBytes(nameof(ErrorId.OutcomeUnknown));

    private static readonly byte[] DamagedId = Encoding.ASCII.GetBytes(nameof(ErrorId.RejectRowDamaged));

    private static readonly byte[] PlaceholderId = Encoding.ASCII.GetBytes(nameof(ErrorId.PlaceholderIdentifier));

    /// <summary>What may stand in <c>_errorId</c>.</summary>
    internal static readonly HashSet<string> Ids =
        [.. RuleTable.All.Select(rule => rule.Id.ToString()), nameof(ErrorId.UpdateRejected), nameof(ErrorId.OutcomeUnknown), nameof(ErrorId.DeliveryFailed), DeliveryTrail.NotSent];

    private static readonly byte[] LaterRowSent = Encoding.ASCII.GetBytes(LaterRows.Note);

    private static readonly byte[] RoomForNote = Encoding.ASCII.GetBytes(LaterRows.Room);

    private readonly ICsvReader _rejects;
    private readonly byte _delimiter;
    private readonly bool[] _hashed;
    private readonly PropertyType?[] _types;

    public RejectReader(ICsvReader rejects, char delimiter)
    {
        _rejects = rejects;
        _delimiter = (byte)delimiter;
        var columns = rejects.Header.SkipLast(RejectFile.Columns.Count).ToArray();
        _hashed = [.. columns.Select(name => name.EndsWith(RedactedReader.Mark, StringComparison.Ordinal))];
        _types = [.. columns.Select(TypeInference.MarkedType)];
        Header = [.. columns.Select((name, i) => _hashed[i] ? name[..^RedactedReader.Mark.Length] : _types[i] is { } type ? name[..^TypeInference.MarkOf(type).Length] : name)];
    }

    public IReadOnlyList<string> Header { get; }

    public long LineNumber => _rejects.LineNumber;

    public long Position => _rejects.Position;

    public int FieldCount => Math.Max(0, _rejects.FieldCount - RejectFile.Columns.Count);

    public ReadOnlySpan<byte> RawRecord => IsDamaged ? _rejects.RawRecord : WithoutReason(_rejects.RawRecord);

    public string? QuoteProblem => _rejects.QuoteProblem;

    public bool IsText => _rejects.IsText;

    /// <summary>Whether the cells of a column are hashed already.</summary>
    public bool IsHashed(int column) => _hashed[column];

    /// <summary>The type that was inferred of a column of the file that the rows came from; null for none.</summary>
    public PropertyType? InferredType(int column) => _types[column];

    /// <summary>Whether it is unknown if the row was applied.</summary>
    public bool IsUnknown => !IsDamaged && HasId(UnknownId);

    /// <summary>Whether a later row of its profile was sent.</summary>
    public bool IsSuperseded => !IsDamaged && _rejects.Field(_rejects.FieldCount - 2).EndsWith(LaterRowSent);

    /// <summary>The row as the run that wrote it has to know it.</summary>
    /// <param name="profile">The hash of its identifier; null where that cannot be told.</param>
    /// <param name="encoding">What the file is written in; null for UTF-8.</param>
    public KeptRow Kept(ulong? profile, Encoding? encoding)
    {
        var record = _rejects.RawRecord;
        var length = encoding is null or UTF8Encoding ? record.Length + 1 : encoding.GetByteCount(Encoding.UTF8.GetString(record) + "\n");
        var hasRoom = !IsDamaged && _rejects.Field(_rejects.FieldCount - 2).EndsWith(RoomForNote);
        return new(hasRoom ? profile : null, length, IsDamaged ? "" : Encoding.ASCII.GetString(_rejects.Field(_rejects.FieldCount - 1)), hasRoom || IsSuperseded);
    }

    /// <summary>Whether the row was refused for a placeholder in a column that is hashed now.</summary>
    public bool WasPlaceholder(int column) => _hashed[column] && HasId(PlaceholderId);

    /// <summary>
    /// Whether the row does not end in a line, a text and an ErrorId, as a reject file's does: it was cut off, or another
    /// program moved its fields, and what is left of it may look like another row.
    /// </summary>
    public bool IsDamaged =>
        _rejects.FieldCount <= RejectFile.Columns.Count
        || !(Utf8Parser.TryParse(_rejects.Field(FieldCount), out long line, out var length) && line > 0 && length == _rejects.Field(FieldCount).Length)
        || !Ids.Contains(Encoding.UTF8.GetString(_rejects.Field(_rejects.FieldCount - 1)));

    /// <summary>
    /// Whether the row was written as one field, because nobody can tell its own: no padding and no cutting makes a row of it.
    /// It is damaged, or it has the quote that is never closed.
    /// </summary>
    public bool IsOneField =>
        WasDamaged || (HasFormOfOneField && CsvRejectFormat.EndsInsideQuotes(Field(0), _delimiter));

    /// <summary>Whether the row was damaged before it came into the reject file.</summary>
    public bool WasDamaged => HasFormOfOneField && HasId(DamagedId);

    private bool HasFormOfOneField => Header.Count == 1 ? FieldCount == 2 && Field(1).IsEmpty : FieldCount == 1;

    /// <summary>Whether a file with these columns is a reject file.</summary>
    public static bool Reads(IReadOnlyList<string> header) =>
        header.Count > RejectFile.Columns.Count && header.TakeLast(RejectFile.Columns.Count).SequenceEqual(RejectFile.Columns);

    /// <summary>The reject file that a reader shows; null when it shows another file.</summary>
    public static RejectReader? Behind(ICsvReader reader) => (reader is RedactedReader redacted ? redacted.File : reader) as RejectReader;

    public bool Read() => _rejects.Read();

    public ReadOnlySpan<byte> Field(int index) => index < FieldCount ? _rejects.Field(index) : default;

    public void Dispose() => _rejects.Dispose();

    private bool HasId(ReadOnlySpan<byte> id) => _rejects.FieldCount > 0 && _rejects.Field(_rejects.FieldCount - 1).SequenceEqual(id);

    /// <summary>What stands before <c>,12,"text","Id"</c>; a row that another program wrote anew may have it without quotes.</summary>
    private ReadOnlySpan<byte> WithoutReason(ReadOnlySpan<byte> row)
    {
        var rest = row;
        for (var i = 1; i <= RejectFile.Columns.Count; i++)
        {
            var start = i > _rejects.FieldCount ? 0 : StartOfField(rest, _rejects.Field(_rejects.FieldCount - i));

            // Nothing that was refused may come back as another row, so what cannot be told apart stays.
            if (start < 1 || rest[start - 1] != _delimiter)
                return row;
            rest = rest[..(start - 1)];
        }

        return rest;
    }

    /// <summary>Where the last field of a row starts that has this value, as it is or in quotes; -1 when it ends otherwise.</summary>
    private int StartOfField(ReadOnlySpan<byte> row, ReadOnlySpan<byte> value)
    {
        var start = row.Length - value.Length;
        if (row.EndsWith(value) && (start == 0 || row[start - 1] == _delimiter))
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
