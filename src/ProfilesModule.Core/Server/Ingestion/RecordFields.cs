using System.Collections.Frozen;
using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>The fields of a record that matter; of a name that occurs twice the last.</summary>
internal sealed class RecordFields
{
    private static readonly FrozenDictionary<string, Operation> Operations =
        Enum.GetValues<Operation>().ToFrozenDictionary(operation => operation.Key().ToString(), StringComparer.Ordinal);

    // Known beside the operations and without effect here: there is no geo database, client libraries keep track of identity
    // themselves, and the last ones name the other kind of profile.
    private static readonly FrozenSet<string> MetaFields = FrozenSet.ToFrozenSet(
        ["$ip", "$latitude", "$longitude", "$device_id", "$user_id", "$had_persisted_distinct_id",
            "$distinct_id", "$group_key", "$group_id"],
        StringComparer.Ordinal);

    private readonly ProfileKind _kind;

    /// <param name="kind">Whose profile the record is about; the fields that name the other kind have no meaning.</param>
    public RecordFields(ProfileKind kind) => _kind = kind;

    /// <summary>The field that holds <see cref="Id"/>.</summary>
    public string IdName => _kind == ProfileKind.User ? "$distinct_id" : "$group_id";

    public string? Token { get; private set; }

    public string? GroupKey { get; private set; }

    public string? Id { get; private set; }

    public bool IgnoreTime { get; private set; }

    public bool IgnoreAlias { get; private set; }

    /// <summary>When the update happened; undefined if the record does not tell.</summary>
    public JsonElement Time { get; private set; }

    /// <summary>The first field that looks like an operation and is none.</summary>
    public string? Unknown { get; private set; }

    /// <summary>The value of each operation, by its number, which is also the order in which several are applied.</summary>
    public JsonElement[] Values { get; } = new JsonElement[Operations.Count];

    public void Read(JsonElement record)
    {
        foreach (JsonProperty field in record.EnumerateObject())
        {
            string name = field.Name;
            if (name == IdName)
            {
                Id = Text(field.Value);
                continue;
            }
            switch (name)
            {
                case "$token":
                    Token = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : null;
                    break;
                case "$group_key" when _kind == ProfileKind.Group:
                    GroupKey = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : null;
                    break;
                case "$ignore_time":
                    IgnoreTime = IsTrue(field.Value);
                    break;
                case "$time":
                    Time = field.Value.ValueKind == JsonValueKind.Null ? default : field.Value;
                    break;
                case "$ignore_alias":
                    IgnoreAlias = IsTrue(field.Value);
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

    private static bool IsTrue(JsonElement value) => value.ValueKind == JsonValueKind.True || Text(value) is "1" or "true";

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
