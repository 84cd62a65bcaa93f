using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Json;

/// <summary>Turns the objects of a JSON file into updates. Values are sent as they stand in the file, numbers to the last digit.</summary>
internal sealed class JsonUpdates : FileUpdates
{
    private readonly JsonFile _file;
    private readonly JsonOptions _options;
    private readonly JsonRecord _record;
    private readonly Operation _operation;
    private readonly UpdateWriter _writer;
    private readonly RowRules _rules;
    private Failure? _failure;

    /// <summary>Makes updates of a file.</summary>
    /// <param name="file">The file, at its first value.</param>
    /// <param name="options">What its objects become.</param>
    /// <param name="operation">What they do to the profile: any operation but <see cref="Operation.Unset"/> and <see cref="Operation.Delete"/>.</param>
    /// <param name="writer">Where updates go.</param>
    /// <param name="source">What stands for the file in the origin of an update.</param>
    /// <param name="rules">What its rows are held to.</param>
    public JsonUpdates(JsonFile file, JsonOptions options, Operation operation, UpdateWriter writer, object source, RowRules rules)
        : base(operation, writer, source, rules)
    {
        _file = file;
        _options = options;
        _record = new(options);
        _operation = operation;
        _writer = writer;
        _rules = rules;
        rules.BeginInput(source.ToString());
    }

    /// <summary>Members of an object were left out because a profile shows them beside its properties.</summary>
    public Action<IReadOnlyList<string>>? LeftOut { get; init; }

    /// <summary>Whether there was a row of a reject file.</summary>
    public bool HadRejectedRows { get; private set; }

    /// <summary>Reads the file once before, so that only the last row of each identifier is sent. Rows that are out of order are none of them.</summary>
    /// <param name="file">The same file, opened once more.</param>
    /// <param name="cancellation">Ends the reading after the current value.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public void SendOnlyLastRows(JsonFile file, CancellationToken cancellation)
    {
        LastRecords = new();
        var record = new JsonRecord(_options);
        for (var number = 1L; !cancellation.IsCancellationRequested && file.Read(); number++)
        {
            if (record.Read(file.Record) is null)
                LastRecords.Add(ProfileHash.Of(record.Id), number);
        }
    }

    /// <summary>The rows of a reject file that an earlier run wrote.</summary>
    /// <param name="rejects">The file.</param>
    /// <param name="options">What the objects of the import become.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public static IEnumerable<KeptRow> KeptRows(string rejects, JsonOptions options)
    {
        using var file = JsonFile.Open(rejects);
        var record = new JsonRecord(options);
        while (file.Read())
        {
            record.Read(file.Record);
            yield return new(record.HasRoomForNote && !record.Id.IsEmpty ? ProfileHash.Of(record.Id) : null, file.Record.Length + 1, record.RejectedFor, record.HasRoomForNote || record.IsSuperseded);
        }
    }

    /// <summary>Which of some names no object had, neither as a member nor as the property that it becomes; none when there were too many names to tell.</summary>
    /// <param name="names">The names.</param>
    public IEnumerable<string> NotMet(IEnumerable<string> names)
    {
        if (!_record.Names.HasAll)
            return [];
        var met = _record.Names.Met.SelectMany(name => new[] { name.Text, name.Property(isTrait: false).Name, name.Property(isTrait: true).Name }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return names.Where(name => !met.Contains(name.Trim()));
    }

    private protected override long Line => _file.LineNumber;

    private protected override long Position => _file.Position;

    private protected override ReadOnlySpan<byte> RawRow => _record.Shown;

    private protected override bool IsUnknown => _record.IsUnknown;

    private protected override bool IsSuperseded => _record.IsSuperseded;

    private protected override Failure? Failure => _failure;

    private protected override ulong? Profile => ProfileHash.Of(_record.Id);

    private protected override ulong? LikelyProfile => _record.Id.IsEmpty ? null : Profile;

    private protected override bool Read()
    {
        if (!_file.Read())
            return false;
        _failure = _record.Read(_file.Record);
        HadRejectedRows |= _record.IsRejected;
        if (_record.LeftOut.Count > 0)
            LeftOut?.Invoke(_record.LeftOut);
        return true;
    }

    // What is no object would not be one in a reject file either.
    private protected override bool CanBeKept(ErrorId failure) => failure is not (ErrorId.MalformedJson or ErrorId.InvalidEncoding);

    private protected override Failure? Write(ulong? profile)
    {
        _rules.CheckIdentifier(_record.Id, _record.IsPlaceholder, _record.IdName);
        if (_record.Shown.Length > Limits.MaximumBatchBytes && _record.Members.Where(IsSentAsItIs).Sum(member => (long)_record.Value(member).Length) > Limits.MaximumBatchBytes)
            return TooLarge();

        _writer.Begin(_record.Id, _operation, profile ?? ProfileHash.Of(_record.Id));
        _writer.Json.WriteStartObject();
        var count = 0;
        foreach (var member in _record.Members)
        {
            var property = _record.Property(member);
            if (!property.IsIncluded)
                continue;
            count++;
            Write(member, property);
        }

        _writer.Json.WriteEndObject();
        if (count > Limits.MaximumProperties)
            _rules.Refuse(RowRejections.TooManyProperties);
        if (!_writer.TryEnd())
            return TooLarge();
        if (_rules.Rejection is { } rejection)
        {
            _writer.Abandon();
            return rejection;
        }

        return null;
    }

    private bool IsSentAsItIs(JsonMember member) => _record.Property(member) is { IsIncluded: true, IsHashed: false } && !member.WasHashed;

    private void Write(JsonMember member, JsonProperty property)
    {
        var json = _writer.Json;
        var value = _record.Value(member);
        property.Rules.CheckName(_rules, property.IsGiven);
        if (_operation == Operation.Add && member.Kind != JsonTokenType.Number)
        {
            _rules.Refuse(
                new(ErrorId.UnsupportedValue, $"The property '{property.Name}' cannot be sent: it is no number.", $"Correct or leave out '{property.Name}': only numbers can be added.") { Property = property.Name },
                value);
        }

        json.WritePropertyName(property.Encoded);
        var isList = _operation == Operation.Union && member.Kind != JsonTokenType.StartArray;
        if (isList)
            json.WriteStartArray();
        if (property.IsHashed && !member.WasHashed)
            WriteHash(member);
        else
            json.WriteRawValue(value, skipInputValidation: true);
        if (isList)
            json.WriteEndArray();

        // No rule is about a hash.
        if (!property.IsHashed && !member.WasHashed)
            property.Rules.CheckJson(value, _rules);
    }

    private void WriteHash(JsonMember member)
    {
        if (member.Kind == JsonTokenType.Null)
            _writer.Json.WriteNullValue();
        else
            _writer.Json.WriteStringValue(_record.Hash(member));
    }
}
