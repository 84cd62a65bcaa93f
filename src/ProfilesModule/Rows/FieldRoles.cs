using System.Runtime.CompilerServices;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>What the names of fields mean. Computed once for all rows with the same names.</summary>
internal sealed class FieldRoles
{
    /// <summary>The name of the distinct id in the results of queries.</summary>
    public const string QueryIdName = "$distinct_id";

    private readonly FieldNames _names;
    private readonly string? _identifierProperty;
    private readonly IReadOnlyList<string> _identifierNames;
    private readonly SegmentCall? _call;

    public FieldRoles(RowFields fields, string? identifierProperty, IReadOnlyList<string> identifierNames, SegmentCall? call)
    {
        (_names, _identifierProperty, _identifierNames, _call) = (fields.Names, identifierProperty, identifierNames, call);
        if (identifierProperty is not null)
        {
            Identifier = fields.IndexOf(identifierProperty);
            return;
        }

        int[] ranks = [.. Enumerable.Range(0, _names.Count).Select(i => IdentifierName.Rank(_names[i], identifierNames))];
        var rank = ranks.Append(IdentifierName.None).Min();
        Identifier = rank == IdentifierName.None ? -1 : Array.IndexOf(ranks, rank);
        var identifier = Identifier < 0 ? null : _names[Identifier];
        if (identifier is not null)
        {
            var others = Enumerable.Range(0, ranks.Length).Where(i => i != Identifier && IdentifierName.IsOther(ranks[i], rank));
            OtherIdentifiers = [.. others.Reverse()];
        }


        // For groups, the id name of a Segment call is also one of the usual names.
        MayBeCall = call is not null && (identifier is null || identifier == call.IdName);
        MayHaveOthers = (identifier is QueryIdName && _names.Count == 2)
            || (identifier is not null && ProfileFields.IsIdentifier(identifier))
            || OtherIdentifiers.Count > 0;
    }

    /// <summary>The index of the field that holds the id; -1 if there is none.</summary>
    public int Identifier { get; }

    /// <summary>The indexes of the other fields that may hold the id, the last one first.</summary>
    public IReadOnlyList<int> OtherIdentifiers { get; } = [];

    /// <summary>Whether the row may be the payload of a Segment call, depending on its values.</summary>
    public bool MayBeCall { get; }

    /// <summary>Whether other fields may not be properties either, depending on their values.</summary>
    public bool MayHaveOthers { get; }

    /// <summary>Whether these are also the roles of the fields of another row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool AreOf(FieldNames names, string? identifierProperty, IReadOnlyList<string> identifierNames, SegmentCall? call) =>
        ReferenceEquals(names, _names) && identifierProperty == _identifierProperty && ReferenceEquals(identifierNames, _identifierNames) && call == _call;
}
