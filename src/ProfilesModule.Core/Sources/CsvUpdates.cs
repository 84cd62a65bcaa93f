using System.Runtime.CompilerServices;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>Turns the records of a CSV file into updates, as the plan of its columns says.</summary>
internal sealed class CsvUpdates : FileUpdates
{
    private readonly ICsvReader _reader;
    private readonly RejectReader? _rejects;
    private readonly UpdateWriter _writer;
    private readonly ColumnPlan _plan;
    private readonly RowWriter _row;
    private readonly Operation _operation;
    private readonly RowRules _rules;

    /// <summary>Makes updates of a file.</summary>
    /// <param name="reader">The file, at its first record.</param>
    /// <param name="plan">What its columns become.</param>
    /// <param name="operation">What they do to the profile: any operation but <see cref="Operation.Unset"/> and <see cref="Operation.Delete"/>.</param>
    /// <param name="writer">Where updates go.</param>
    /// <param name="file">What stands for the file in the origin of an update.</param>
    /// <param name="rules">What its rows are held to; null for rules of its own.</param>
    public CsvUpdates(ICsvReader reader, ColumnPlan plan, Operation operation, UpdateWriter writer, object file, RowRules? rules = null)
        : this(reader, plan, operation, writer, file, rules ?? new(new()), RejectReader.Behind(reader))
    {
    }

    private CsvUpdates(ICsvReader reader, ColumnPlan plan, Operation operation, UpdateWriter writer, object file, RowRules rules, RejectReader? rejects)
        : base(operation, writer, file, rules)
    {
        _reader = reader;
        _rejects = rejects;
        _plan = plan;
        _operation = operation;
        _writer = writer;
        _rules = rules;
        _row = new(plan, operation, reader, rules);
    }

    /// <summary>Reads the file once before, so that only the last row of each identifier is sent. Rows that are out of order are none of them.</summary>
    /// <param name="reader">The same file, opened once more.</param>
    /// <param name="cancellation">Ends the reading after the current record.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public void SendOnlyLastRows(ICsvReader reader, CancellationToken cancellation)
    {
        LastRecords = new();
        for (var record = 1L; !cancellation.IsCancellationRequested && reader.Read(); record++)
        {
            if (FailureOf(reader) is null)
                LastRecords.Add(ProfileHash.Of(reader.Field(_plan.Identifier)), record);
        }
    }

    /// <summary>The rows of a reject file that an earlier run wrote.</summary>
    /// <param name="rejects">The file, as the import shows it.</param>
    /// <param name="plan">What the columns of its rows become.</param>
    /// <param name="encoding">What it is written in; null for UTF-8.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public static IEnumerable<KeptRow> KeptRows(ICsvReader rejects, ColumnPlan plan, Encoding? encoding)
    {
        var file = RejectReader.Behind(rejects)!;
        while (rejects.Read())
            yield return file.Kept(LikelyProfileOf(rejects, plan), encoding);
    }

    private protected override long Line => _reader.LineNumber;

    private protected override long Position => _reader.Position;

    private protected override ReadOnlySpan<byte> RawRow => _reader.RawRecord;

    private protected override bool IsUnknown => _rejects?.IsUnknown == true;

    private protected override bool IsSuperseded => _rejects?.IsSuperseded == true;

    private protected override ulong? Profile => _plan.Identifier < 0 ? null : ProfileHash.Of(_reader.Field(_plan.Identifier));

    private protected override ulong? LikelyProfile => LikelyProfileOf(_reader, _plan);

    private protected override Failure? Failure => FailureOf(_reader);

    private protected override bool Read() => _reader.Read();

    private protected override bool CanBeKept(ErrorId failure) => failure != ErrorId.RejectRowDamaged;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected override Failure? Write(ulong? profile)
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

        var hash = profile ?? ProfileHash.Of(id);
        if (_reader.RawRecord.Length > Limits.MaximumBatchBytes && _row.IsTooLarge(_reader))
            return TooLarge();

        // A record has one operation: a row that sets and removes is two of them.
        var hasBlanks = _row.HasBlanks(_reader);
        var hasValues = !hasBlanks || _row.HasValues(_reader);
        if (hasValues)
        {
            _writer.Begin(id, _operation, hash);
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
        if (!hasValues && _rules.Rejection is { } refused)
            return refused;
        if (hasValues)
            _writer.BeginAnother(id, Operation.Unset);
        else
            _writer.Begin(id, Operation.Unset, hash);
        _row.WriteBlanks(_writer.Json, _reader);
        return _writer.TryEnd() ? null : TooLarge();
    }

    /// <summary>The hash of what seems to be the identifier of a record; null when nothing does.</summary>
    internal static ulong? LikelyProfileOf(ICsvReader reader, ColumnPlan plan)
    {
        if (plan.Identifier < 0 || reader.QuoteProblem is not null || reader.FieldCount <= plan.Identifier || (!plan.Fits(reader.FieldCount) && RedactedReader.IsHashed(reader, plan.Identifier)))
            return null;
        var id = reader.Field(plan.Identifier);
        return IsBlank(id) ? null : ProfileHash.Of(id);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? FailureOf(ICsvReader reader)
    {
        if (reader.QuoteProblem is { } problem)
            return new(ErrorId.MalformedQuotes, $"The quotes of the row are not in order: {problem}.", "Double every quote inside a field and enclose the field in quotes.");
        if (RejectReader.Behind(reader) is { IsDamaged: true } or { WasDamaged: true })
            return new(ErrorId.RejectRowDamaged, "The row does not end in _line, _error and _errorId as a row of a reject file does, so it may be cut off, or another program moved its fields.", "Take the row from the original file, or give it its last three fields again.");
        if (!_plan.Fits(reader.FieldCount) || RejectReader.Behind(reader)?.IsOneField == true)
            return new(ErrorId.FieldCountMismatch, $"The row has {reader.FieldCount} {(reader.FieldCount == 1 ? "field" : "fields")}, the header {_plan.Header.Count}.", "Enclose fields that contain the delimiter in quotes, and give every row a field for each column.");
        if (!reader.IsText)
            return new(ErrorId.InvalidEncoding, "The row is not UTF-8.", "Name the encoding of the file with -Encoding, for example -Encoding latin1.");
        if (_plan.Identifier >= 0 && IsBlank(reader.Field(_plan.Identifier)))
            return new(ErrorId.MissingIdentifier, $"The identifier column '{_plan.Header[_plan.Identifier]}' is empty.", "Give every row the identifier of its profile, or leave the row out.") { Property = _plan.Header[_plan.Identifier] };
        return null;
    }

    private static bool IsBlank(ReadOnlySpan<byte> value) => value.Trim(" \t"u8).IsEmpty;
}
