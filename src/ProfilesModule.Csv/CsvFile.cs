using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Csv;

/// <summary>One CSV file being read, as it is or compressed.</summary>
internal sealed class CsvFile : ICsvReader
{
    // Longer than any update may be; it bounds what an unclosed quote can swallow.
    private const int MaximumRecordBytes = 16 << 20;

    private readonly CsvReader _reader;
    private readonly PeekableStream _input;
    private readonly bool _isCompressed;
    private readonly int _linesBefore;
    private readonly long _bytesBefore;
    private readonly bool _isLenient;
    private readonly bool _mayProtectNames;
    private CsvMalformedReason? _malformed;

    public CsvFile(Stream input, CsvDialect dialect)
    {
        _input = new(input);
        _isLenient = dialect.QuoteMode == QuoteMode.Lenient || dialect.HasProtectedCells;
        _mayProtectNames = dialect.HasProtectedCells;
        var text = _input;
        try
        {
            text = TextInput.Of(_input, file => new ZstandardInput(file));
            _isCompressed = text != _input;
            CsvStart.RequireText(text, dialect.Encoding);
            var marked = ByteOrderMark.EncodingOf(text.Peek(4), dialect.Encoding);
            text.Skip(marked?.Preamble.Length ?? 0);
            _linesBefore = CsvStart.PassOver(text, dialect, marked ?? dialect.Encoding ?? Encoding.UTF8);
            _bytesBefore = text.Taken;
            _reader = CsvReader.Create(text, Options(dialect) with { Encoding = marked ?? dialect.Encoding, OnMalformedRecord = record => _malformed = record.Reason });
            Header = dialect.Named(dialect.Header ?? ReadHeader());
        }
        catch
        {
            _reader?.Dispose();
            text.Dispose();
            throw;
        }
    }

    public IReadOnlyList<string> Header { get; }

    public long LineNumber => _linesBefore + _reader.LineNumber;

    public long Position => _isCompressed ? _input.Taken : _bytesBefore + _reader.ByteOffset;

    public int FieldCount => _reader.FieldCount;

    public ReadOnlySpan<byte> RawRecord => _reader.RawRecord;

    public string? QuoteProblem => (_isLenient && _malformed == CsvMalformedReason.StrayQuote ? ProblemOfQuotedFields() : _malformed) switch
    {
        null => null,
        CsvMalformedReason.StrayQuote => QuoteProblems.InsideField,
        CsvMalformedReason.TextAfterClosingQuote => QuoteProblems.TextBehind,
        CsvMalformedReason.UnterminatedQuote => QuoteProblems.Unclosed,
        CsvMalformedReason.TrailingEscape => "the file ends with a backslash",
        var reason => reason.ToString(),
    };

    public bool IsText => Utf8.IsValid(_reader.RawRecord);

    public static CsvReaderOptions Options(CsvDialect dialect) => new()
    {
        Separator = dialect.Delimiter,
        Mode = dialect.Quoting switch { Quoting.Backslashes => CsvMode.Escape, Quoting.None => CsvMode.NoEscape, _ => CsvMode.Rfc4180 },
        HasHeader = dialect.Header is null,
        Encoding = dialect.Encoding,
        TrackLineNumbers = true,
        MaxRecordSize = MaximumRecordBytes,
        BufferSize = 128 * 1024,
        DetectSeparatorHint = false,
        IncludeValuesInExceptions = false,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Read()
    {
        _malformed = null;
        try
        {
            return _reader.Read();
        }
        catch (CsvFormatException e)
        {
            throw new InvalidDataException($"line {_linesBefore + e.LineNumber}: {e.Message}", e);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<byte> Field(int index) => index < _reader.FieldCount ? _reader.GetSpan(index) : default;

    public bool IsQuoted(int index) => index < _reader.FieldCount && _reader.GetRawSpan(index) is [(byte)'"', ..];

    public void Dispose() => _reader.Dispose();

    /// <summary>
    /// What is wrong with the fields of the record that begin with a quote, since only the first problem of a record is reported.
    /// </summary>
    private CsvMalformedReason? ProblemOfQuotedFields()
    {
        for (var i = 0; i < _reader.FieldCount; i++)
        {
            if (_reader.GetRawSpan(i) is not [(byte)'"', .. var rest])
                continue;
            var quote = rest.IndexOf((byte)'"');
            while (quote >= 0 && rest[(quote + 1)..] is [(byte)'"', .. var behind])
            {
                rest = behind;
                quote = rest.IndexOf((byte)'"');
            }

            if (quote != rest.Length - 1)
                return quote < 0 ? CsvMalformedReason.UnterminatedQuote : CsvMalformedReason.TextAfterClosingQuote;
        }

        return null;
    }

    private string[] ReadHeader()
    {
        try
        {
            _reader.ReadHeader();
        }
        catch (CsvFormatException e)
        {
            throw new InvalidDataException($"its header cannot be read: {e.Message}", e);
        }

        var malformed = _mayProtectNames ? QuoteProblem is not null : _malformed is not null;
        return malformed ? throw new InvalidDataException($"its header cannot be read: {QuoteProblem}") : [.. _reader.Headers];
    }
}
