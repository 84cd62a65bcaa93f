using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>Reads and checks the records of one request.</summary>
internal sealed class UpdateReader
{
    private static readonly FrozenDictionary<string, Operation> Operations =
        Enum.GetValues<Operation>().ToFrozenDictionary(operation => operation.Key().ToString(), StringComparer.Ordinal);

    private static readonly int OperationKinds = Enum.GetValues<Operation>().Length;

    // Known beside the operations and without effect here: no geo database, no aliases, and $last_seen is the time of
    // receipt. The last ones come from client libraries that keep track of identity themselves.
    private static readonly FrozenSet<string> MetaFields = FrozenSet.ToFrozenSet(
        ["$ip", "$latitude", "$longitude", "$time", "$ignore_alias", "$device_id", "$user_id", "$had_persisted_distinct_id"],
        StringComparer.Ordinal);

    // Ids that the service refuses in strict imports: the traces of a missing value.
    private static readonly FrozenSet<string> PlaceholderIds = FrozenSet.ToFrozenSet(
        ["00000000-0000-0000-0000-000000000000", "anon", "anonymous", "nil", "none", "null", "n/a", "na", "undefined", "unknown",
            "<nil>", "0", "-1", "true", "false", "[]", "{}", ""],
        StringComparer.OrdinalIgnoreCase);

    private readonly ValueNormalizer _normalizer;
    private readonly string _receivedAt;
    private readonly bool _strict;

    /// <param name="json">Where values are written.</param>
    /// <param name="receivedAt">When the request had arrived, UTC.</param>
    /// <param name="strict">Whether the request is strict: one operation a record, no placeholder for a distinct id.</param>
    public UpdateReader(JsonBuffer json, DateTimeOffset receivedAt, bool strict)
    {
        _normalizer = new ValueNormalizer(json);
        _receivedAt = receivedAt.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        _strict = strict;
    }

    public bool TryRead(
        JsonElement record, int index, [NotNullWhen(true)] out ProfileUpdate? update, [NotNullWhen(false)] out RecordFailure? failure)
    {
        var fields = new RecordFields();
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
                (field, message) = Check(fields);
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
        failure = new RecordFailure(index, fields.DistinctId ?? "", field, message);
        return false;
    }

    private (string Field, string Message) Check(RecordFields fields)
    {
        if (string.IsNullOrEmpty(fields.Token))
            return ("$token", "$token, missing or empty");
        if (string.IsNullOrEmpty(fields.DistinctId))
            return ("$distinct_id", "$distinct_id, missing or empty");
        if (_strict && PlaceholderIds.Contains(fields.DistinctId.Trim()))
            return ("$distinct_id", "$distinct_id, not the id of a user");
        if (fields.Unknown is not null)
            return (fields.Unknown, $"{fields.Unknown}, unknown operation");

        int count = 0;
        for (int kind = 0; kind < OperationKinds; kind++)
        {
            JsonElement value = fields.Values[kind];
            if (value.ValueKind == JsonValueKind.Undefined)
                continue;
            count++;
            if (Requirement((Operation)kind, value) is { } requirement)
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
        string? lastSeen = fields.IgnoreTime ? null : _receivedAt;
        var operations = new List<ProfileOperation>(1);
        for (int kind = 0; kind < OperationKinds; kind++)
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
        return new ProfileUpdate(fields.Token!, fields.DistinctId!, lastSeen, operations);
    }

    /// <summary>The fields of a record that matter; of a name that occurs twice the last.</summary>
    private sealed class RecordFields
    {
        public string? Token { get; private set; }

        public string? DistinctId { get; private set; }

        public bool IgnoreTime { get; private set; }

        public string? Unknown { get; private set; }

        /// <summary>The value of each operation, by its number, which is also the order in which several are applied.</summary>
        public JsonElement[] Values { get; } = new JsonElement[OperationKinds];

        public void Read(JsonElement record)
        {
            foreach (JsonProperty field in record.EnumerateObject())
            {
                string name = field.Name;
                switch (name)
                {
                    case "$token":
                        Token = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : null;
                        break;
                    case "$distinct_id":
                        DistinctId = Text(field.Value);
                        break;
                    case "$ignore_time":
                        IgnoreTime = field.Value.ValueKind == JsonValueKind.True || Text(field.Value) is "1" or "true";
                        break;
                    default:
                        if (Operations.TryGetValue(name, out Operation operation))
                            Values[(int)operation] = field.Value;
                        else if (name.StartsWith('$') && !MetaFields.Contains(name))
                            Unknown ??= name;
                        break;
                }
            }
        }

        private static string? Text(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }
}
