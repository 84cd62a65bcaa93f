using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>Reads and checks the records of one request.</summary>
internal sealed class UpdateReader
{
    // Ids that the service refuses in strict imports: the traces of a missing value.
    private static readonly FrozenSet<string> PlaceholderIds = FrozenSet.ToFrozenSet(
        ["00000000-0000-0000-0000-000000000000", "anon", "anonymous", "nil", "none", "null", "n/a", "na", "undefined", "unknown",
            "<nil>", "0", "-1", "true", "false", "[]", "{}", ""],
        StringComparer.OrdinalIgnoreCase);

    private readonly ProfileKind _kind;
    private readonly ValueNormalizer _normalizer;
    private readonly DateTimeOffset _receivedAt;
    private readonly string _lastSeen;
    private readonly UpdateLimits _limits;
    private readonly bool _strict;

    /// <param name="kind">Whose profiles the request updates.</param>
    /// <param name="json">Where values are written.</param>
    /// <param name="receivedAt">When the request had arrived, UTC.</param>
    /// <param name="payloadLength">How long the data of the request are, in bytes.</param>
    /// <param name="strict">Whether the request is strict: one operation a record, no placeholder for a distinct id.</param>
    public UpdateReader(ProfileKind kind, JsonBuffer json, DateTimeOffset receivedAt, int payloadLength, bool strict)
    {
        _kind = kind;
        _normalizer = new ValueNormalizer(json);
        _receivedAt = receivedAt;
        _lastSeen = receivedAt.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        _limits = new UpdateLimits(payloadLength);
        _strict = strict;
    }

    public bool TryRead(
        JsonElement record, int index, [NotNullWhen(true)] out ProfileUpdate? update, [NotNullWhen(false)] out RecordFailure? failure)
    {
        var fields = new RecordFields(_kind);
        string field;
        string message;
        try
        {
            if (record.ValueKind != JsonValueKind.Object)
            {
                (field, message) = ("", "data, must be an object");
            }
            else
            {
                fields.Read(record);
                (field, message) = _limits.Check(record) is { } problem ? ("", problem) : Check(fields);
                if (message.Length == 0)
                {
                    failure = null;
                    update = Normalize(fields);
                    return true;
                }
            }
        }
        catch (InvalidOperationException)
        {
            // JsonElement says so when it is asked for text with half a surrogate pair or a broken UTF-8 sequence.
            (field, message) = ("", "data, not valid Unicode text");
        }
        update = null;
        failure = new RecordFailure(index, fields.IdName, fields.Id ?? "", field, message);
        return false;
    }

    private (string Field, string Message) Check(RecordFields fields)
    {
        if (string.IsNullOrEmpty(fields.Token))
            return ("$token", "$token, missing or empty");
        if (_kind == ProfileKind.Group && string.IsNullOrEmpty(fields.GroupKey))
            return ("$group_key", "$group_key, missing or empty");
        if (string.IsNullOrEmpty(fields.Id))
            return (fields.IdName, $"{fields.IdName}, missing or empty");
        if (_strict && _kind == ProfileKind.User && PlaceholderIds.Contains(fields.Id.Trim()))
            return ("$distinct_id", "$distinct_id, not the id of a user");
        if (fields.Unknown is not null)
            return (fields.Unknown, $"{fields.Unknown}, unknown operation");

        if (fields.Time.ValueKind != JsonValueKind.Undefined && !UpdateTime.TryRead(fields.Time, out _))
            return ("$time", "$time, must be seconds or milliseconds since 1970");

        int count = 0;
        for (int kind = 0; kind < fields.Values.Length; kind++)
        {
            JsonElement value = fields.Values[kind];
            if (value.ValueKind == JsonValueKind.Undefined)
                continue;
            count++;
            if ((Requirement((Operation)kind, value) ?? (value.ValueKind == JsonValueKind.Object ? _limits.CheckProperties(value) : null)) is { } requirement)
            {
                string key = ((Operation)kind).Key().ToString();
                return (key, $"{key}, {requirement}");
            }
        }
        return count switch
        {
            0 => ("", "operation, missing or empty"),
            > 1 when _strict => ("", "operation, more than one in a record"),
            _ => ("", ""),
        };
    }

    private static string? Requirement(Operation kind, JsonElement value) => kind switch
    {
        Operation.Delete => null,
        Operation.Unset => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? null
            : "must be a list of property names",
        Operation.Add => value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(property => property.Value.ValueKind == JsonValueKind.Number)
            ? null
            : "must be an object of numbers",
        _ => value.ValueKind == JsonValueKind.Object ? null : "must be an object",
    };

    private ProfileUpdate Normalize(RecordFields fields)
    {
        string? lastSeen = fields.IgnoreTime ? null : _lastSeen;
        var operations = new List<ProfileOperation>(1);
        for (int kind = 0; kind < fields.Values.Length; kind++)
        {
            JsonElement value = fields.Values[kind];
            if (value.ValueKind == JsonValueKind.Undefined)
                continue;
            operations.Add(new ProfileOperation((Operation)kind, (Operation)kind switch
            {
                Operation.Delete => [],
                Operation.Unset => _normalizer.Names(value),
                Operation.Set or Operation.SetOnce => _normalizer.Properties(value, lastSeen),
                _ => _normalizer.Properties(value, lastSeen: null),
            }));
        }
        return new ProfileUpdate
        {
            Token = fields.Token!,
            GroupKey = fields.GroupKey,
            Id = fields.Id!,
            IgnoreAlias = fields.IgnoreAlias,
            Time = UpdateTime.TryRead(fields.Time, out UpdateTime time) ? time : UpdateTime.Receipt(_receivedAt),
            LastSeen = lastSeen,
            Operations = operations,
        };
    }
}
