using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>What the names of fields mean. Computed once for all rows with the same names.</summary>
internal sealed class FieldRoles
{
    /// <summary>The name of the distinct id in the results of queries.</summary>
    public const string QueryIdName = "$distinct_id";

    public FieldRoles(RowFields fields, string? identifierProperty, IReadOnlyList<string> identifierNames, SegmentCall call)
    {
        Names = fields.Names;
        if (identifierProperty is not null)
        {
            Identifier = fields.IndexOf(identifierProperty);
            return;
        }

        int[] ranks = [.. Enumerable.Range(0, Names.Count).Select(i => IdentifierName.Rank(Names[i], identifierNames))];
        var rank = ranks.Append(IdentifierName.None).Min();
        Identifier = rank == IdentifierName.None ? -1 : Array.IndexOf(ranks, rank);
        var identifier = Identifier < 0 ? null : Names[Identifier];
        if (identifier is not null)
        {
            var others = Enumerable.Range(0, ranks.Length).Where(i => i != Identifier && IdentifierName.IsOther(ranks[i], rank));
            OtherIdentifiers = [.. others.Reverse()];
        }

        // For groups, the id name of a Segment call is also one of the usual names.
        MayBeCall = identifier is null || identifier == call.IdName;
        MayHaveOthers = (identifier is QueryIdName && Names.Count == 2)
            || (identifier is not null && ProfileFields.IsIdentifier(identifier))
            || OtherIdentifiers.Count > 0;
    }

    /// <summary>The names that these are the roles of.</summary>
    public FieldNames Names { get; }

    /// <summary>The index of the field that holds the id; -1 if there is none.</summary>
    public int Identifier { get; }

    /// <summary>The indexes of the other fields that may hold the id, the last one first.</summary>
    public IReadOnlyList<int> OtherIdentifiers { get; } = [];

    /// <summary>Whether the row may be the payload of a Segment call, depending on its values.</summary>
    public bool MayBeCall { get; }

    /// <summary>Whether other fields may not be properties either, depending on their values.</summary>
    public bool MayHaveOthers { get; }
}
