using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Server.Updates;
using ProfilesModule.Wire;

namespace ProfilesModule.Server.Ingestion;

/// <summary>Reads and checks the records of one request, and keeps the valid ones apart from the others.</summary>
internal sealed class UpdateReader(UpdateContext context, JsonBuffer json)
{
    // Ids that the service refuses in strict imports: the traces of a missing value.
    private static readonly FrozenSet<string> PlaceholderIds = FrozenSet.ToFrozenSet(
        ["00000000-0000-0000-0000-000000000000", "anon", "anonymous", "nil", "none", "null", "n/a", "na", "undefined", "unknown",
            "<nil>", "0", "-1", "true", "false", "[]", "{}", ""],
        StringComparer.OrdinalIgnoreCase);

    private readonly ValueNormalizer _normalizer = new(json);
    private readonly UpdateLimits _limits = new(context.Length);
    private readonly string _lastSeen = context.ReceivedAt.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    public List<ProfileUpdate> Updates { get; } = [];

    public List<RecordFailure> Failures { get; } = [];

    public void Read(JsonElement record)
    {
        var fields = new RecordFields(context.IsForGroups);
        (string Field, string Message)? problem;
        try
        {
            problem = Check(record, fields);
            if (problem is null)
                Updates.Add(Normalize(fields));
        }
        catch (InvalidOperationException)
        {
            // JsonElement throws this when it is asked for text with half a surrogate pair or a broken UTF-8 sequence.
            problem = ("", "data, not valid Unicode text");
        }

        if (problem is var (field, message))
            Failures.Add(new(Updates.Count + Failures.Count, fields.IdName, fields.Id ?? "", field, message));
    }

    private (string Field, string Message)? Check(JsonElement record, RecordFields fields)
    {
        if (record.ValueKind != JsonValueKind.Object)
            return ("", "data, must be an object");
        fields.Read(record);
        if (_limits.Check(record) is { } excess)
            return ("", excess);
        if (string.IsNullOrEmpty(fields.Token))
            return ("$token", "$token, missing or empty");
        if (context.IsForGroups && string.IsNullOrEmpty(fields.GroupKey))
            return ("$group_key", "$group_key, missing or empty");
        if (string.IsNullOrEmpty(fields.Id))
            return (fields.IdName, $"{fields.IdName}, missing or empty");
        if (context.IsStrict && !context.IsForGroups && PlaceholderIds.Contains(fields.Id.Trim()))
            return ("$distinct_id", "$distinct_id, not the id of a user");
        if (fields.Unknown is not null)
            return (fields.Unknown, $"{fields.Unknown}, unknown operation");
        if (fields.Time.ValueKind != JsonValueKind.Undefined && !UpdateTime.TryRead(fields.Time, out _))
            return ("$time", "$time, must be seconds or milliseconds since 1970");
        return CheckOperations(fields);
    }

    private (string Field, string Message)? CheckOperations(RecordFields fields)
    {
        var count = 0;
        foreach (var (kind, value) in fields.Operations)
        {
            count++;
            if ((Requirement(kind, value) ?? _limits.CheckProperties(value)) is { } requirement)
                return (kind.Key().ToString(), $"{kind.Key()}, {requirement}");
        }

        return count switch
        {
            0 => ("", "operation, missing or empty"),
            > 1 when context.IsStrict => ("", "operation, more than one in a record"),
            _ => null,
        };
    }

    private static string? Requirement(Operation kind, JsonElement value) => (kind, value.ValueKind) switch
    {
        (Operation.Delete, _) => null,
        (Operation.Unset, JsonValueKind.Array) when value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String) => null,
        (Operation.Unset, _) => "must be a list of property names",
        (Operation.Add, JsonValueKind.Object) when value.EnumerateObject().All(p => p.Value.ValueKind == JsonValueKind.Number) => null,
        (Operation.Add, _) => "must be an object of numbers",
        (_, JsonValueKind.Object) => null,
        _ => "must be an object",
    };

    private ProfileUpdate Normalize(RecordFields fields)
    {
        var lastSeen = fields.IgnoreTime ? null : _lastSeen;
        return new()
        {
            Token = fields.Token!,
            GroupKey = fields.GroupKey,
            Id = fields.Id!,
            IgnoreAlias = fields.IgnoreAlias,
            Time = UpdateTime.TryRead(fields.Time, out var time) ? time : UpdateTime.Receipt(context.ReceivedAt),
            LastSeen = lastSeen,
            Operations = [.. fields.Operations.Select(operation => new ProfileOperation(operation.Key, operation.Key switch
            {
                Operation.Delete => [],
                Operation.Unset => _normalizer.Names(operation.Value),
                Operation.Set or Operation.SetOnce => _normalizer.Properties(operation.Value, lastSeen),
                _ => _normalizer.Properties(operation.Value, lastSeen: null),
            }))],
        };
    }
}

/// <summary>What the request of some records says of them.</summary>
/// <param name="IsForGroups">Whether they are about groups.</param>
/// <param name="IsStrict">Whether a record has one operation and no placeholder for an id.</param>
/// <param name="Length">How long they are together, in bytes.</param>
/// <param name="ReceivedAt">When they came.</param>
internal readonly record struct UpdateContext(bool IsForGroups, bool IsStrict, int Length, DateTimeOffset ReceivedAt);

/// <summary>The fields of a record that matter; of a name that occurs twice the last.</summary>
internal sealed class RecordFields(bool isForGroup)
{
    // Known fields without effect here: there is no geo database, client libraries keep track of identity themselves, and the last
    // ones name the other kind of profile.
    private static readonly FrozenSet<string> MetaFields = FrozenSet.ToFrozenSet(
        ["$ip", "$latitude", "$longitude", "$device_id", "$user_id", "$had_persisted_distinct_id",
            "$distinct_id", "$group_key", "$group_id"],
        StringComparer.Ordinal);

    /// <summary>The field that holds <see cref="Id"/>.</summary>
    public string IdName => isForGroup ? "$group_id" : "$distinct_id";

    public string? Token { get; private set; }

    public string? GroupKey { get; private set; }

    public string? Id { get; private set; }

    public bool IgnoreTime { get; private set; }

    public bool IgnoreAlias { get; private set; }

    /// <summary>When the update happened; undefined if the record does not say.</summary>
    public JsonElement Time { get; private set; }

    /// <summary>The first field that looks like an operation and is not one.</summary>
    public string? Unknown { get; private set; }

    /// <summary>The operations with their values, in the order in which several are applied.</summary>
    public SortedList<Operation, JsonElement> Operations { get; } = [];

    public void Read(JsonElement record)
    {
        foreach (var field in record.EnumerateObject())
            Read(field.Name, field.Value);
    }

    private void Read(string name, JsonElement value)
    {
        switch (name)
        {
            case var _ when name == IdName:
                Id = Text(value);
                break;
            case "$token":
                Token = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
                break;
            case "$group_key" when isForGroup:
                GroupKey = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
                break;
            case "$ignore_time":
                IgnoreTime = IsTrue(value);
                break;
            case "$time":
                Time = value.ValueKind == JsonValueKind.Null ? default : value;
                break;
            case "$ignore_alias":
                IgnoreAlias = IsTrue(value);
                break;
            case var _ when OperationExtensions.Find(name) is { } operation:
                Operations[operation] = value;
                break;
            case ['$', ..] when !MetaFields.Contains(name):
                Unknown ??= name;
                break;
        }
    }

    private static bool IsTrue(JsonElement value) => value.ValueKind == JsonValueKind.True || Text(value) is "1" or "true";

    private static string? Text(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
}

/// <summary>Why a record of a request is not valid.</summary>
/// <param name="Index">Its index in the request, from 0.</param>
/// <param name="IdName">The field that names its profile: <c>$distinct_id</c> or <c>$group_id</c>.</param>
/// <param name="Id">The id in that field; empty if it has none.</param>
/// <param name="Field">The field at fault; empty if it is the whole record.</param>
/// <param name="Message">What is wrong, in the words of the service where they are known.</param>
internal sealed record RecordFailure(int Index, string IdName, string Id, string Field, string Message);

/// <summary>
/// What the documentation says is too much for an update. It does not say what the service then does; here the record is refused.
/// It does say that names and strings that are too long are cut.
/// </summary>
/// <param name="payloadLength">How long the whole payload is, in bytes: nothing in it is longer.</param>
internal sealed class UpdateLimits(int payloadLength)
{
    /// <summary>What is wrong with a record as a whole; null when nothing is.</summary>
    public string? Check(JsonElement record) =>
        IsLonger(record, Limits.MaximumBatchBytes) ? $"data, larger than {Limits.MaximumBatchBytes} bytes" : null;

    /// <summary>What is wrong with the properties of an operation; null when nothing is, or when its value is not an object.</summary>
    public string? CheckProperties(JsonElement properties)
    {
        if (properties.ValueKind != JsonValueKind.Object)
            return null;
        var count = 0;
        foreach (var property in properties.EnumerateObject())
        {
            if (++count > Limits.MaximumProperties)
                return $"has more than {Limits.MaximumProperties} properties";
            if (property.NameEquals("bucket"u8) || property.NameEquals("$bucket"u8))
                return $"{property.Name} is a name that no property may have";
            if (Problem(property.Value) is { } problem)
                return $"{property.Name} {problem}";
        }

        return null;
    }

    private string? Problem(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return null;
        if (IsLonger(value, Limits.MaximumValueBytes))
            return $"is larger than {Limits.MaximumValueBytes} bytes";
        if (HasManyKeys(value))
            return $"has an object of more than {Limits.MaximumKeys} keys";

        // Source: property data types. Of lists in lists they say nothing.
        if (value.ValueKind == JsonValueKind.Array)
            return IsDeep(value, 1) ? "is a list of objects that hold objects" : null;
        return IsDeep(value, Limits.MaximumDepth) ? $"is nested deeper than {Limits.MaximumDepth} objects" : null;
    }

    private static bool IsDeep(JsonElement value, int levels) => value.ValueKind switch
    {
        JsonValueKind.Object => levels == 0 || value.EnumerateObject().Any(member => IsDeep(member.Value, levels - 1)),
        JsonValueKind.Array => value.EnumerateArray().Any(element => IsDeep(element, levels)),
        _ => false,
    };

    private static bool HasManyKeys(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            value.EnumerateObject().Count() > Limits.MaximumKeys || value.EnumerateObject().Any(member => HasManyKeys(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasManyKeys),
        _ => false,
    };

    private bool IsLonger(JsonElement value, int bytes) => payloadLength > bytes && Encoding.UTF8.GetByteCount(value.GetRawText()) > bytes;
}
