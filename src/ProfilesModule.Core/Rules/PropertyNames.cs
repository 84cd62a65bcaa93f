using ProfilesModule.Model;
using ProfilesModule.Sources;

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
    public static RowFault? Fault(string name) => name switch
    {
        "bucket" or "$bucket" => RowFault.ForbiddenName,
        { Length: > Limits.MaximumNameLength } => RowFault.NameTooLong,
        _ when RequestFields.Contains(name) => RowFault.RequestFieldName,
        _ when ReservedProperties.IsKeptByService(name) => RowFault.ServiceKeptName,
        _ when ReservedProperties.IsKnown(name) => null,
        _ when name.StartsWith('$') || name.StartsWith("mp_", StringComparison.Ordinal) => RowFault.UnknownReservedName,
        _ when UsualNames.Reserved(name) is not null => RowFault.UnreservedName,
        _ => null,
    };
}
