using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources.Json;

/// <summary>
/// A JSON file or a query, whose objects become updates. Values are sent as they stand in the file, numbers to the last digit.
/// </summary>
/// <param name="open">Opens it from its start.</param>
/// <param name="input">The origin of its updates.</param>
/// <param name="options">What its objects become.</param>
/// <param name="requested">The operation of its requests; null when its objects are none.</param>
internal sealed class JsonSourceFile(Func<IJsonObjects> open, InputFile input, JsonOptions options, Operation? requested) : SourceFile
{
    private readonly IJsonObjects _file = open();
    private readonly List<JsonEncodedText> _unset = [];
    private readonly JsonRecord _record = new(options, requested);
    private UpdateWriter _writer = null!;
    private RowRules _rules = null!;
    private Operation _operation;
    private SingleValues? _single;
    private Failure? _failure;
    private bool _hadRejectedRows;
    private bool _isOfOtherPartition;

    /// <inheritdoc/>
    public override Operation? Requested => requested;

    /// <summary>Members of an object were left out because a profile shows them beside its properties.</summary>
    public required Action<IReadOnlyList<string>> LeftOut { get; init; }

    /// <inheritdoc/>
    public override IKeyedRows? Keyed => _file as IKeyedRows;

    /// <inheritdoc/>
    public override InputFile Input => input;

    /// <inheritdoc/>
    public override RejectFormat RejectFormat { get; } = new JsonRejectFormat();

    /// <inheritdoc/>
    public override long Line => _file.LineNumber;

    /// <inheritdoc/>
    public override long Position => _file.Position;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> RawRow => _record.Shown;

    /// <inheritdoc/>
    public override RejectReason? Reason => _record.Reason;

    /// <inheritdoc/>
    public override Failure? Failure => _failure;

    /// <inheritdoc/>
    public override bool IsOfOtherPartition => _isOfOtherPartition;

    /// <inheritdoc/>
    public override ulong? Profile => ProfileHash.Of(_record.Profile.Id);

    /// <inheritdoc/>
    public override ulong? LikelyProfile => _record.Profile.Id.IsEmpty ? null : Profile;

    /// <summary>
    /// Parameters that name members which no object had: a misspelled name must not go unnoticed, and only the whole file tells.
    /// </summary>
    public override IEnumerable<string> Warnings
    {
        get
        {
            // A reject file does not have the members that were left out.
            var names = options.Named.Where(name => !(_hadRejectedRows && name.Value == "ExcludeProperty")).ToArray();
            if (!_record.Names.HasAll)
                return [];
            var met = _record.Names.Met
                .SelectMany(name => new[] { name.Text, name.Property(isTrait: false).Name, name.Property(isTrait: true).Name })
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
            return names.Where(name => !met.Contains(Blanks.Trim(name.Key))).Select(name =>
                $"-{name.Value} names '{name.Key}', but no object of the {input.Source.Noun} '{input.Path}' has such a member.");
        }
    }

    /// <inheritdoc/>
    public override void Begin(UpdateWriter writer, RowRules rules, Operation operation)
    {
        (_writer, _rules, _operation) = (writer, rules, operation);
        _record.Profile.Expect(operation, areRequests: Requested is not null);
        if (SingleValues.AreTakenBy(operation))
            _single = new(operation);
        rules.BeginInput(input.Path, input.Source.RowNoun);
    }

    /// <inheritdoc/>
    public override SourceFile Reopen() => new JsonSourceFile(open, input, options, Requested) { LeftOut = LeftOut };

    /// <inheritdoc/>
    public override IEnumerable<KeptRow> KeptRows(string rejects)
    {
        using var file = JsonFile.Open(rejects);
        var record = new JsonRecord(options);
        while (file.Read())
        {
            record.Read(file.Record);
            yield return new(record.Profile.Id.IsEmpty ? null : ProfileHash.Of(record.Profile.Id), file.Record.Length + 1, record.Reason);
        }
    }

    /// <inheritdoc/>
    public override void Interrupt() => _file.Interrupt();

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Read()
    {
        if (!_file.Read())
            return false;
        _failure = _record.Read(_file.Record, _file.Columns) is { } failure ? failure : _file.Failure;
        _hadRejectedRows |= _record.Reason is not null;
        if (_record.Profile.LeftOut.Count > 0)
            LeftOut(_record.Profile.LeftOut);
        _isOfOtherPartition = input.Source.Partition?.Has(_record.Profile.Id) == false;
        if (_isOfOtherPartition)
            _file.LeaveToOthers();
        return true;
    }

    // What is not an object here is not one in a reject file either.
    public override bool CanBeKept(Failure failure) => failure.Id is not (ErrorId.MalformedJson or ErrorId.InvalidEncoding);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Failure? Write(ulong? profile)
    {
        _rules.CheckIdentifier(_record.Profile.PlainId, _record.Profile.Id, _record.Profile.IsPlaceholder, _record.Profile.IdName);
        if (_record.Shown.Length > Limits.MaximumBatchBytes && LengthSentAsItIs > Limits.MaximumBatchBytes)
            return _rules.Refused(Failures.UpdateTooLarge);

        var hash = profile ?? ProfileHash.Of(_record.Profile.Id);
        if (_single is not null)
            return WriteSingleValues(_single, hash);
        _unset.Clear();
        _writer.Begin(_record.Profile.Id, _operation, hash);
        var count = WriteProperties();
        if (count + _unset.Count > Limits.MaximumProperties)
            _rules.Refuse(Failures.TooManyProperties);
        if (_writer.End(_rules) is { } failure)
            return failure;
        return _unset.Count == 0 ? null : WriteUnset(hash, isAlone: count == 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int WriteProperties()
    {
        var count = 0;
        _writer.Json.WriteStartObject();
        foreach (var member in _record.Profile.Members)
        {
            var property = _record.Profile.Property(member);
            if (!property.IsIncluded)
                continue;
            var empty = options.Empty is not null && IsEmpty(member) ? options.Empty : null;
            if (empty is EmptyCell.Unset)
                _unset.Add(property.Encoded);
            if (empty is EmptyCell.Skip or EmptyCell.Unset)
                continue;
            count++;
            Write(member, property, empty);
        }

        _writer.Json.WriteEndObject();
        return count;
    }

    private bool IsEmpty(JsonMember member) =>
        member.Kind == JsonTokenType.Null || (member.Kind == JsonTokenType.String && _record.Profile.Plain(member).IsEmpty);

    // A record has one operation: a row that sets and removes is two of them.
    private Failure? WriteUnset(ulong profile, bool isAlone)
    {
        if (isAlone)
            _writer.Abandon();
        _writer.Begin(_record.Profile.Id, Operation.Unset, profile);
        _writer.Json.WriteStartArray();
        foreach (var name in _unset)
            _writer.Json.WriteStringValue(name);
        _writer.Json.WriteEndArray();
        return _writer.End(_rules);
    }

    private long LengthSentAsItIs => _record.Profile.Members
        .Where(member => _record.Profile.Property(member) is { IsIncluded: true, IsHashed: false } && !member.WasHashed)
        .Sum(member => (long)_record.Profile.Value(member).Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(JsonMember member, JsonProperty property, EmptyCell? empty)
    {
        var json = _writer.Json;
        var value = _record.Profile.Value(member);
        property.Rules.CheckName(_rules, property.IsGiven);
        if (_operation == Operation.Add && member.Kind != JsonTokenType.Number)
        {
            _rules.Refuse(Failures.NotANumber(property.Name), value);
        }

        json.WritePropertyName(property.Encoded);
        if (empty is EmptyCell.Empty)
            json.WriteStringValue("");
        else if (empty is EmptyCell.Null)
            json.WriteNullValue();
        else
            WriteValue(json, member);

        Check(member, property, value);
    }

    // No rule is about a hash, but what breaks one is not to be hidden by it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Check(JsonMember member, JsonProperty property, ReadOnlySpan<byte> value)
    {
        if (member.WasHashed)
            return;
        if (!property.IsHashed)
            property.Rules.CheckJson(value, _rules);
        else if (member.Kind != JsonTokenType.Null)
            property.Rules.CheckHashed(Blanks.Trim(_record.Profile.Plain(member)), _rules);
    }

    private void WriteValue(Utf8JsonWriter json, JsonMember member)
    {
        if (!_record.Profile.IsToBeHashed(member))
            json.WriteRawValue(_record.Profile.Value(member), skipInputValidation: true);
        else if (member.Kind == JsonTokenType.Null)
            json.WriteNullValue();
        else
            json.WriteStringValue(_record.Profile.Hash(member));
    }

    private Failure? WriteSingleValues(SingleValues values, ulong profile)
    {
        values.Clear();
        foreach (var member in _record.Profile.Members)
        {
            var property = _record.Profile.Property(member);
            if (!property.IsIncluded)
                continue;
            property.Rules.CheckName(_rules, property.IsGiven);
            WriteValue(values.BeginValue(), member);
            Check(member, property, values.Written());
            values.Add(property.Encoded, values.Written());
        }

        return values.WriteTo(_writer, _rules, _record.Profile.Id, profile);
    }
}
