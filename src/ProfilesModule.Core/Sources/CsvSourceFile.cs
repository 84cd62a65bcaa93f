using System.Globalization;
using System.Runtime.CompilerServices;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>A CSV file, whose rows become updates as the plan of its columns says.</summary>
/// <param name="rows">The file, at its first row.</param>
/// <param name="input">The origin of its updates.</param>
/// <param name="options">How rows become updates.</param>
/// <param name="reopen">Opens its rows once more.</param>
internal sealed class CsvSourceFile(CsvRows rows, CsvInput input, CsvOptions options, Func<CsvRows> reopen) : SourceFile
{
    private RowWriter _row = null!;
    private UpdateWriter _writer = null!;
    private RowRules _rules = null!;
    private Operation _operation;
    private int[] _unnamed = [];

    /// <summary>The line of the last row that only explains the columns; 0 when there is none.</summary>
    public long LastLabelLine { get; init; }

    /// <summary>The distinct ids of its first rows.</summary>
    public IdentifierForms Identifiers { get; init; } = new();

    /// <inheritdoc/>
    public override InputFile Input => input;

    /// <inheritdoc/>
    public override string InferredTypes => InWords(rows.Plan);

    /// <inheritdoc/>
    public override IReadOnlyList<SourceColumn> Columns
    {
        get
        {
            var (header, identifier, columns, _) = rows.Plan;
            var properties = columns.Select(column => (column.Index, Column: new SourceColumn(column.Header, PathOf(column))));
            var ids = identifier < 0 ? [] : new[] { (Index: identifier, Column: new SourceColumn(header[identifier], [])) };
            return [.. ids.Concat(properties).OrderBy(column => column.Index).Select(column => column.Column)];
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> RejectColumns => rows.RejectHeader;

    /// <inheritdoc/>
    public override RejectFormat RejectFormat => new CsvRejectFormat(RejectColumns, options.Dialect.Delimiter, options.Dialect.Encoding);

    /// <inheritdoc/>
    public override long Line => rows.LineNumber;

    /// <inheritdoc/>
    public override long Position => rows.Position;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> RawRow => rows.RawRecord;

    /// <inheritdoc/>
    public override RejectReason? Reason => rows.Reason;

    /// <inheritdoc/>
    public override Failure? Failure => rows.Failure;

    /// <inheritdoc/>
    public override bool IsOfOtherPartition
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get => rows.IsOfOtherPartition;
    }

    /// <inheritdoc/>
    public override bool IsBlank => rows.IsBlank;

    /// <inheritdoc/>
    public override ulong? Profile => rows.Profile;

    /// <inheritdoc/>
    public override ulong? LikelyProfile => rows.LikelyProfile;

    /// <summary>The types that were inferred, in words; empty for none.</summary>
    public static string InWords(ColumnPlan plan) => string.Join(", ", plan.Columns
        .Where(c => c.TypeSource == TypeSource.Inferred)
        .GroupBy(c => c.Type)
        .OrderBy(g => g.Key)
        .Select(g => $"{g.Key}: {string.Join(" ", g.Select(c => $"'{c.Header}'"))}"));

    /// <inheritdoc/>
    public override Failure? Check(RowRules rules)
    {
        var failure = rows.Plan.Check(rules, input.Path);
        if (rows.Plan.Identifier >= 0)
            rules.CheckIdentifiers(Identifiers, rows.Header[rows.Plan.Identifier]);
        return failure ?? rules.Failure;
    }

    /// <inheritdoc/>
    public override void Begin(UpdateWriter writer, RowRules rules, Operation operation)
    {
        (_writer, _rules, _operation) = (writer, rules, operation);
        rules.BeginInput(input.Path);
        _unnamed =
        [
            .. Enumerable.Range(0, rows.Header.Count)
                .Where(i => i != rows.Plan.Identifier && string.IsNullOrWhiteSpace(rows.Header[i]) && !rows.Plan.IsExcluded(i)),
        ];
        _row = new(rows, operation, rules);
        writer.Claim?.BeginRows(string.Join('\n', [rows.Plan.Identifier, .. rows.Plan.Columns]));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Read() => rows.Read();

    /// <inheritdoc/>
    public override bool CanBeKept(Failure failure) => failure.Id != ErrorId.RejectRowDamaged;

    /// <inheritdoc/>
    public override SourceFile Reopen() => new CsvSourceFile(reopen(), input, options, reopen) { LastLabelLine = LastLabelLine };

    /// <inheritdoc/>
    public override IEnumerable<KeptRow> KeptRows(string rejects) => ((CsvSource)input.Source).KeptRows(rejects, rows.Plan);

    /// <inheritdoc/>
    public override void Dispose() => rows.Dispose();

    private string[] PathOf(CsvColumn column) => rows.Plan.Options.ExpandsNames ? PropertyTree.Path(column.Property) : [column.Property];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Failure? Write(ulong? profile)
    {
        Span<byte> random = stackalloc byte[36];
        ReadOnlySpan<byte> id = random;
        if (rows.Plan.Identifier is >= 0 and var identifier)
        {
            id = rows.Identifier;
            var plain = rows.IsToBeHashed(identifier) ? rows.Plain(identifier) : id;
            _rules.CheckIdentifier(plain, id, rows.IsPlaceholder, rows.Header[identifier]);
            if (rows.LineNumber <= LastLabelLine)
                _rules.Break(ErrorId.LabelRow, rows.Header[identifier], id);
        }
        else
        {
            Guid.NewGuid().TryFormat(random, out _);
        }

        if (rows.Swallowed is { } swallowed)
            _rules.Break(swallowed);
        foreach (var column in _unnamed)
        {
            if (!rows.Field(column).IsEmpty)
                _rules.Break(ErrorId.UnnamedColumn, (column + 1).ToString(CultureInfo.InvariantCulture), rows.Field(column));
        }

        var hash = profile ?? ProfileHash.Of(id);
        if (!_rules.HasFindings && _writer.Claim?.HasRow(id, hash, rows.RawRecord) == true)
            return null;
        if (rows.RawRecord.Length > Limits.MaximumBatchBytes && _row.IsTooLarge())
            return _rules.Refused(Failures.UpdateTooLarge);

        if (SingleValues.AreTakenBy(_operation))
            return _row.WriteSingleValues(_writer, id, hash);

        // A record has one operation: a row that sets and removes is two of them.
        var hasBlanks = _row.HasBlanks();
        var hasValues = !hasBlanks || _row.HasValues();
        if (hasValues)
        {
            _writer.Begin(id, _operation, hash);
            _row.Write(_writer);
            if (_writer.End(_rules) is { } failure)
                return failure;
        }

        if (!hasBlanks)
            return null;
        _writer.Begin(id, Operation.Unset, hash);
        _row.WriteBlanks(_writer.Json);
        return _writer.End(_rules);
    }
}
