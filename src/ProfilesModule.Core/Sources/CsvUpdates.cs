using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>Turns the records of a CSV file into updates, as the plan of its columns says.</summary>
public sealed class CsvUpdates
{
    private const int RowsBetweenReports = 256;

    private readonly ICsvReader _reader;
    private readonly RejectReader? _rejects;
    private readonly UpdateWriter _writer;
    private readonly ColumnPlan _plan;
    private readonly RowWriter _row;
    private readonly object _file;
    private readonly Operation _operation;
    private LastRecords? _lastRecords;
    private long _record;
    private readonly RowRules _rules;

    /// <summary>Makes updates of a file.</summary>
    /// <param name="reader">The file, at its first record.</param>
    /// <param name="plan">What its columns become.</param>
    /// <param name="operation">What they do to the profile: any operation but <see cref="Operation.Unset"/> and <see cref="Operation.Delete"/>.</param>
    /// <param name="writer">Where updates go.</param>
    /// <param name="file">What stands for the file in the origin of an update.</param>
    /// <param name="rules">What its rows are held to; null for rules of its own.</param>
    public CsvUpdates(ICsvReader reader, ColumnPlan plan, Operation operation, UpdateWriter writer, object file, RowRules? rules = null)
    {
        _reader = reader;
        _rejects = RejectReader.Behind(reader);
        _plan = plan;
        _operation = operation;
        _writer = writer;
        _file = file;
        _rules = rules ?? new(new());
        _row = new(plan, operation, reader, _rules);
    }

    /// <summary>A record was refused before it was sent.</summary>
    public Action<UpdateOrigin, ReadOnlyMemory<byte>, RowRejection>? Rejected { get; init; }

    /// <summary>Some more of the file was read: how many bytes of it so far.</summary>
    public Action<long>? Advanced { get; init; }

    /// <summary>Whether the run has no use for more rows.</summary>
    public required Func<bool> IsStopped { get; init; }

    /// <summary>Counts the rows whose identifier had come before, in this file or those before it; null when nobody asks.</summary>
    public IdentifierSet? Identifiers { get; init; }

    /// <summary>Reads the file once before, so that only the last row of each identifier is sent. Rows that are out of order are none of them.</summary>
    /// <param name="reader">The same file, opened once more.</param>
    /// <param name="cancellation">Ends the reading after the current record.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public void SendOnlyLastRows(ICsvReader reader, CancellationToken cancellation)
    {
        _lastRecords = new();
        for (var record = 1L; !cancellation.IsCancellationRequested && reader.Read(); record++)
        {
            if (Fault(reader) is null)
                _lastRecords.Add(ProfileHash.Of(reader.Field(_plan.Identifier)), record);
        }
    }

    /// <summary>Writes the updates of the whole file.</summary>
    /// <param name="cancellation">Ends the reading after the current record.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public async Task WriteAllAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && !IsStopped() && _reader.Read())
        {
            _record++;
            if (_writer.NextRow(out var row))
                WriteRow(new(row, _reader.LineNumber, _file));
            else if (Fault(_reader) is null)
                IsFollowed();
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
            _record++;
            if (!_writer.NextRow(out var row))
                continue;
            var origin = new UpdateOrigin(row, _reader.LineNumber, _file);
            if (IsSkippedAsUnknown(origin))
                continue;
            var fault = Fault(_reader);
            if (fault?.Fault == RowFault.RejectRowDamaged)
                Reject(origin, fault);
            else if (fault is null && IsFollowed())
                _writer.SkipFollowed(origin);
            else
                _writer.KeepUnsent(origin, _reader.RawRecord);
        }
    }

    private void WriteRow(UpdateOrigin origin)
    {
        if (IsSkippedAsUnknown(origin))
            return;
        _rules.BeginRow(origin);
        if (Fault(_reader) is { } fault)
        {
            _rules.Refuse(fault);
            Reject(origin, fault);
            return;
        }

        if (IsFollowed())
        {
            _writer.SkipFollowed(origin);
            return;
        }

        if (_writer.EndIfItWasBeingSent(_operation, origin, _reader.RawRecord))
            return;
        if (Write() is { } rejection)
            Reject(origin, rejection);
        else
            _writer.Commit(origin, _reader.RawRecord);
    }

    private RowRejection? Write()
    {
        Span<byte> random = stackalloc byte[36];
        ReadOnlySpan<byte> id = random;
        if (_plan.Identifier >= 0)
        {
            id = _reader.Field(_plan.Identifier);
            _rules.CheckIdentifier(id, RedactedReader.IsPlaceholder(_reader, _plan.Identifier), _plan.Header[_plan.Identifier]);
        }
        else
        {
            Guid.NewGuid().TryFormat(random, out _);
        }

        // A record has one operation: a row that sets and removes is two of them.
        var hasBlanks = _row.HasBlanks(_reader);
        var hasValues = !hasBlanks || _row.HasValues(_reader);
        if (hasValues)
        {
            _writer.Begin(id, _operation);
            _row.Write(_writer, _reader);
            if (!_writer.TryEnd())
                return TooLarge();
            if (_rules.Rejection is { } rejection)
            {
                _writer.Abandon();
                return rejection;
            }
        }

        if (!hasBlanks)
            return null;
        if (hasValues)
            _writer.BeginAnother(id, Operation.Unset);
        else
            _writer.Begin(id, Operation.Unset);
        _row.WriteBlanks(_writer.Json, _reader);
        return _writer.TryEnd() ? null : TooLarge();
    }

    private RowRejection? TooLarge()
    {
        _rules.Refuse(RowRejections.TooLarge);
        return _rules.Rejection;
    }

    private bool IsSkippedAsUnknown(UpdateOrigin origin) => _rejects?.IsUnknown == true && _writer.SkipUnknown(origin, _reader.RawRecord);

    /// <summary>Notes the identifier of the row; whether only a later row of it is to be sent.</summary>
    private bool IsFollowed()
    {
        if (_plan.Identifier < 0)
            return false;
        var hash = ProfileHash.Of(_reader.Field(_plan.Identifier));
        Identifiers?.Add(hash);
        return _lastRecords?.IsFollowed(hash, _record) == true;
    }

    private RowRejection? Fault(ICsvReader reader)
    {
        if (reader.QuoteProblem is { } problem)
            return new(RowFault.MalformedQuotes, $"The quotes of the row are not in order: {problem}.", "Double every quote inside a field and enclose the field in quotes.");
        if (RejectReader.Behind(reader)?.IsDamaged == true)
            return new(RowFault.RejectRowDamaged, "The row does not end in _line, _error and _errorId as a row of a reject file does, so it may be cut off, or another program moved its fields.", "Take the row from the original file, or give it its last three fields again.");
        if (!_plan.Fits(reader.FieldCount))
            return new(RowFault.FieldCountMismatch, $"The row has {reader.FieldCount} {(reader.FieldCount == 1 ? "field" : "fields")}, the header {_plan.Header.Count}.", "Enclose fields that contain the delimiter in quotes, and give every row a field for each column.");
        if (!reader.IsText)
            return new(RowFault.InvalidEncoding, "The row is not UTF-8.", "Name the encoding of the file with -Encoding, for example -Encoding latin1.");
        if (_plan.Identifier >= 0 && IsBlank(reader.Field(_plan.Identifier)))
            return new(RowFault.MissingIdentifier, $"The identifier column '{_plan.Header[_plan.Identifier]}' is empty.", "Give every row the identifier of its profile, or leave the row out.") { Property = _plan.Header[_plan.Identifier] };
        return null;
    }

    private static bool IsBlank(ReadOnlySpan<byte> value) => value.Trim(" \t"u8).IsEmpty;

    private void Reject(UpdateOrigin origin, RowRejection rejection)
    {
        _writer.Reject(origin, rejection, _reader.RawRecord);
        Rejected?.Invoke(origin, _reader.RawRecord.ToArray(), rejection);
    }
}
