using System.Runtime.CompilerServices;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>What the names of the fields say of rows, found out once for all rows that have the same names.</summary>
internal sealed class FieldRoles
{
    /// <summary>The name of the identifier of a user in what the service's query gives.</summary>
    public const string ServicesOwnName = "$distinct_id";

    private readonly FieldNames _names;
    private readonly string? _identifierProperty;
    private readonly IReadOnlyList<string> _usualNames;
    private readonly SegmentCall? _call;

    /// <summary>Finds the roles of the fields of a row.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="identifierProperty">The name of the property that holds the identifier; null for the usual ones.</param>
    /// <param name="usualNames">The usual ones.</param>
    /// <param name="call">The call of Segment's that an object without an identifier may be; null for none.</param>
    public FieldRoles(RowFields fields, string? identifierProperty, IReadOnlyList<string> usualNames, SegmentCall? call)
    {
        (_names, _identifierProperty, _usualNames, _call) = (fields.Names, identifierProperty, usualNames, call);
        if (identifierProperty is not null)
        {
            Identifier = fields.IndexOf(identifierProperty);
            return;
        }

        Identifier = usualNames.Select(fields.IndexOf).FirstOrDefault(index => index >= 0, -1);
        var identifier = Identifier < 0 ? null : _names[Identifier];

        // The name of a group's identifier is one of the usual ones too.
        MayBeCall = call is not null && (identifier is null || identifier == call.IdName);
        MayBeMore = (identifier is ServicesOwnName && _names.Count == 2) || (identifier is not null && ShownProfile.IsIdentifier(identifier))
            || Enumerable.Range(0, _names.Count).Any(i => i != Identifier && usualNames.Contains(_names[i], StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The index of the field that holds the identifier; -1 when there is none.</summary>
    public int Identifier { get; }

    /// <summary>Whether the values have to tell if the row is the payload of a call of Segment's.</summary>
    public bool MayBeCall { get; }

    /// <summary>Whether the values have to tell which other fields are no properties.</summary>
    public bool MayBeMore { get; }

    /// <summary>Whether these are the roles in another row too.</summary>
    /// <param name="names">The names of its fields.</param>
    /// <param name="identifierProperty">The name of the property that holds the identifier; null for the usual ones.</param>
    /// <param name="usualNames">The usual ones.</param>
    /// <param name="call">The call of Segment's that an object without an identifier may be; null for none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool AreOf(FieldNames names, string? identifierProperty, IReadOnlyList<string> usualNames, SegmentCall? call) =>
        ReferenceEquals(names, _names) && identifierProperty == _identifierProperty && ReferenceEquals(usualNames, _usualNames) && call == _call;
}
