namespace ProfilesModule.Sources;

/// <summary>Reads a CSV file record by record. What it returns is valid until the next <see cref="Read"/>.</summary>
internal interface ICsvReader : IDisposable
{
    /// <summary>The names of the columns.</summary>
    IReadOnlyList<string> Header { get; }

    /// <summary>The 1-based line of the file where the record starts.</summary>
    long LineNumber { get; }

    /// <summary>How far the file was read, in bytes of the file: of one that is compressed, in those that it has on disk.</summary>
    long Position { get; }

    /// <summary>How many fields the record has.</summary>
    int FieldCount { get; }

    /// <summary>The record as it stands in the file, as UTF-8 and without its line break.</summary>
    ReadOnlySpan<byte> RawRecord { get; }

    /// <summary>What is wrong with the quotes of the record; null when nothing is.</summary>
    string? QuoteProblem { get; }

    /// <summary>
    /// The line of the damaged quote that the record is behind, and so may be part of a field; null when it surely is a row.
    /// </summary>
    long? DamagedLine => null;

    /// <summary>Whether the record is Unicode text, which a file of another encoding than the named one is not.</summary>
    bool IsText { get; }

    /// <summary>The reader that has the fields of the record, which spares each of them the way there.</summary>
    ICsvReader Source => this;

    /// <summary>Moves to the next record.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read on from here.</exception>
    bool Read();

    /// <summary>The value of a field, as UTF-8; empty behind the last one.</summary>
    /// <param name="index">The 0-based index of the field.</param>
    ReadOnlySpan<byte> Field(int index);

    /// <summary>Whether the file marks a field as text: by quotes around it, or by an escape in it.</summary>
    /// <param name="index">The 0-based index of the field.</param>
    bool IsQuoted(int index);
}

/// <summary>Opens and creates CSV files.</summary>
internal interface ICsvFormat
{
    /// <summary>
    /// Opens a file and reads its header. What is compressed with gzip or Zstandard, whatever its name, is read as what it holds.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="dialect">How it is written.</param>
    /// <exception cref="InvalidDataException">The file has no readable header.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    ICsvReader Open(string path, CsvDialect dialect);

    /// <summary>Reads the header of input that is not a file, as of one.</summary>
    /// <param name="input">The input, from its start. The reader lets it go.</param>
    /// <param name="dialect">How it is written.</param>
    /// <exception cref="InvalidDataException">The input has no readable header.</exception>
    /// <exception cref="IOException">The input cannot be read.</exception>
    ICsvReader Open(Stream input, CsvDialect dialect);

    /// <summary>Decompresses input that is compressed with Zstandard, of any format.</summary>
    /// <param name="zstandard">The input, which is disposed of with what is returned.</param>
    Stream Decompressed(Stream zstandard);

    /// <summary>Starts a file.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="dialect">How to write it. Its header is a record like any other.</param>
    ICsvWriter Create(Stream stream, CsvDialect dialect);

    /// <summary>Splits one record into its values.</summary>
    /// <param name="rawRecord">The record, from <see cref="ICsvReader.RawRecord"/>.</param>
    /// <param name="dialect">How it is written.</param>
    IReadOnlyList<string> Split(ReadOnlyMemory<byte> rawRecord, CsvDialect dialect);
}

/// <summary>Writes a CSV file field by field (RFC 4180: quoted where a field needs it, lines that end with CRLF).</summary>
internal interface ICsvWriter : IDisposable
{
    /// <summary>Writes the next field of the record.</summary>
    void WriteField(ReadOnlySpan<byte> value);

    /// <summary>Ends the record.</summary>
    void EndRecord();

    /// <summary>Hands everything to the stream.</summary>
    void Flush();
}

/// <summary>What can be wrong with the quotes of a record.</summary>
internal static class QuoteProblems
{
    public const string InsideField = "a quote is inside a field that is not enclosed in quotes";
    public const string TextBehind = "text follows the closing quote of a field";
    public const string Unclosed = "a quoted field is never closed, so it runs to the end of the file";
    public const string NotClosedInLine = "a quoted field is not closed in its line, and where a later quote closes it, other text follows";
    public const string PartOfRow = "it is behind a damaged quote, and has more or fewer fields than the header";
}
