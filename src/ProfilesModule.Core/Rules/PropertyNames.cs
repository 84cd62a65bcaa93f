using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>The rules on names of properties.</summary>
internal static class PropertyNames
{
    // Source: client libraries, which strip them or put them beside the operation.
    private static readonly HashSet<string> RequestFields = new(StringComparer.Ordinal)
    {
        "$token", "$distinct_id", "$group_key", "$group_id", "$ip", "$time", "$ignore_time", "$ignore_alias", "$latitude", "$longitude",
        "$device_id", "$user_id", "$had_persisted_distinct_id",
    };

    /// <summary>Which rule a name breaks, the gravest if several; null for none.</summary>
    public static ErrorId? BrokenBy(string name) => name switch
    {
        "bucket" or "$bucket" => ErrorId.ForbiddenName,
        { Length: > Limits.MaximumNameLength } => ErrorId.NameTooLong,
        _ when Blanks.AreAround(name) => ErrorId.NameWithBlanks,
        _ when RequestFields.Contains(name) => ErrorId.RequestFieldName,
        _ when ReservedProperties.IsKeptByService(name) => ErrorId.ServiceKeptName,
        _ when ReservedProperties.IsKnown(name) => null,
        _ when name.StartsWith('$') || name.StartsWith("mp_", StringComparison.Ordinal) => ErrorId.UnknownReservedName,
        _ when CommonNames.Reserved(name) is not null => ErrorId.UnreservedName,
        _ => null,
    };
}
