using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>Turns the records of a CSV file into updates: every value as text, or as a number to add; empty cells are left out.</summary>
public sealed class CsvUpdates
{
    private const int RowsBetweenReports = 256;

    private readonly ICsvReader _reader;
    private readonly RejectReader? _rejects;
    private readonly UpdateWriter _writer;
    private readonly JsonEncodedText[] _names;
    private readonly int _identifier;
    private readonly object _file;

    /// <summary>Makes updates of a file.</summary>
    /// <param name="reader">The file, at its first record.</param>
    /// <param name="identifier">The index of the column that holds the distinct id.</param>
    /// <param name="writer">Where updates go.</param>
    /// <param name="file">What stands for the file in the origin of an update.</param>
    public CsvUpdates(ICsvReader reader, int identifier, UpdateWriter writer, object file)
    {
        _reader = reader;
        _rejects = reader as RejectReader;
        _identifier = identifier;
        _writer = writer;
        _file = file;
        _names = [.. reader.Header.Select(name => EngageJson.Encode(name))];
    }

    /// <summary>What the columns mean: any operation but <see cref="Operation.Unset"/> and <see cref="Operation.Delete"/>. Default <see cref="Operation.Set"/>.</summary>
    public Operation Operation { get; init; } = Operation.Set;

    /// <summary>The indexes of the columns that are no properties, beside the identifier. Default: none.</summary>
    public IReadOnlyCollection<int> LeftOut { get; init; } = [];

    /// <summary>A record was refused before it was sent.</summary>
    public Action<UpdateOrigin, ReadOnlyMemory<byte>, RowRejection>? Rejected { get; init; }

    /// <summary>Some more of the file was read: how many bytes of it so far.</summary>
    public Action<long>? Advanced { get; init; }

    /// <summary>Whether the run has no use for more rows.</summary>
    public required Func<bool> IsStopped { get; init; }

    /// <summary>Writes the updates of the whole file.</summary>
    /// <param name="cancellation">Ends the reading after the current record.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public async Task WriteAllAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && !IsStopped() && _reader.Read())
        {
            if (_writer.NextRow(out var row))
                WriteRow(new(row, _reader.LineNumber, _file));
            if (_writer.HasFullBatch)
                await _writer.SendFullBatchAsync().ConfigureAwait(false);
            if (row % RowsBetweenReports == 0)
                Advanced?.Invoke(_reader.Position);
        }
    }

    /// <summary>Keeps the rows that are left of the file, for a run that has ended before them.</summary>
    /// <param name="cancellation">Ends the reading after the current record.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public void KeepRest(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && _reader.Read())
        {
            if (!_writer.NextRow(out var row))
                continue;
            var origin = new UpdateOrigin(row, _reader.LineNumber, _file);
            if (!IsSkippedAsUnknown(origin))
                _writer.KeepUnsent(origin, _reader.RawRecord);
        }
    }

    private void WriteRow(UpdateOrigin origin)
    {
        if (IsSkippedAsUnknown(origin))
            return;
        if (Fault() is { } fault)
        {
            Reject(origin, fault);
            return;
        }

        if (_writer.EndIfItWasBeingSent(Operation, origin, _reader.RawRecord))
            return;
        var json = _writer.Json;
        _writer.Begin(_reader.Field(_identifier), Operation);
        json.WriteStartObject();
        for (var i = 0; i < _names.Length; i++)
        {
            var value = _reader.Field(i);
            if (i == _identifier || value.IsEmpty || LeftOut.Contains(i))
                continue;
            json.WritePropertyName(_names[i]);
            if (!TryWriteValue(json, value))
            {
                _writer.Abandon();
                Reject(origin, new(RowFault.UnsupportedValue, $"The column '{_reader.Header[i]}' holds no number, so it cannot be added.", $"Change or leave out '{_reader.Header[i]}'."));
                return;
            }
        }

        json.WriteEndObject();
        if (_writer.TryEnd())
            _writer.Commit(origin, _reader.RawRecord);
        else
            Reject(origin, RowRejections.TooLarge);
    }

    private bool IsSkippedAsUnknown(UpdateOrigin origin) => _rejects?.IsUnknown == true && _writer.SkipUnknown(origin, _reader.RawRecord);

    private bool TryWriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        switch (Operation)
        {
            case Operation.Add:
                if (!Utf8Parser.TryParse(value, out decimal number, out var length) || length != value.Length)
                    return false;
                json.WriteNumberValue(number);
                return true;
            case Operation.Union:
                json.WriteStartArray();
                json.WriteStringValue(value);
                json.WriteEndArray();
                return true;
            default:
                json.WriteStringValue(value);
                return true;
        }
    }

    private RowRejection? Fault()
    {
        if (_reader.QuoteProblem is { } problem)
            return new(RowFault.MalformedQuotes, $"The quotes of the row are not in order: {problem}.", "Double every quote inside a field and enclose the field in quotes.");
        if (_reader.FieldCount != _names.Length)
            return new(RowFault.FieldCountMismatch, $"The row has {_reader.FieldCount} {(_reader.FieldCount == 1 ? "field" : "fields")}, the header {_names.Length}.", "Enclose fields that contain the delimiter in quotes, and give every row a field for each column.");
        if (!Utf8.IsValid(_reader.RawRecord))
            return new(RowFault.InvalidEncoding, "The row is not UTF-8.", "Name the encoding of the file with -Encoding, for example -Encoding latin1.");
        if (IsBlank(_reader.Field(_identifier)))
            return new(RowFault.MissingIdentifier, $"The identifier column '{_reader.Header[_identifier]}' is empty.", "Give every row the identifier of its profile, or leave the row out.");
        return null;
    }

    private static bool IsBlank(ReadOnlySpan<byte> value) => value.Trim(" \t"u8).IsEmpty;

    private void Reject(UpdateOrigin origin, RowRejection rejection)
    {
        _writer.Reject(origin, rejection, _reader.RawRecord);
        Rejected?.Invoke(origin, _reader.RawRecord.ToArray(), rejection);
    }
}
