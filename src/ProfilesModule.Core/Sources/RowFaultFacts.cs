namespace ProfilesModule.Sources;

/// <summary>What follows from why a row was refused.</summary>
internal static class RowFaultFacts
{
    /// <summary>Whether the row of a file could not be parsed: which of its fields is which is anybody's guess.</summary>
    /// <param name="fault">Why it was refused.</param>
    public static bool IsParseError(this RowFault fault) =>
        fault is RowFault.FieldCountMismatch or RowFault.MalformedQuotes or RowFault.RejectRowDamaged or RowFault.InvalidEncoding or RowFault.MalformedJson;
}
