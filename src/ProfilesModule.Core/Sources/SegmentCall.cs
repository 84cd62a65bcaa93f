using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>
/// The call of Segment's libraries that sets traits of one kind of profile, as its payload is logged, queued and exported.
/// Source: Segment's specification, identify and group.
/// </summary>
internal sealed class SegmentCall(string type, string idName)
{
    /// <summary>The name of the member that says which call it is.</summary>
    public const string TypeName = "type";

    /// <summary>The name of the member that holds the traits.</summary>
    public const string TraitsName = "traits";

    /// <summary>Sets traits of a user.</summary>
    public static readonly SegmentCall Identify = new("identify", "userId");

    /// <summary>Sets traits of a group.</summary>
    public static readonly SegmentCall Group = new("group", "groupId");

    // Whose traits a reserved property is made of one member of.
    private const string Address = "address";

    private static readonly string[] Types = ["identify", "group", "track", "page", "screen", "alias"];

    /// <summary>What the payload calls itself.</summary>
    public string Type => type;

    /// <summary>The name of the member that holds the identifier.</summary>
    public string IdName => idName;

    /// <summary>Whether an object that has none of the usual identifiers is the payload of a call.</summary>
    /// <param name="type">What it calls itself; null when it does not.</param>
    /// <param name="hasTraits">Whether it has an object of traits.</param>
    /// <param name="hasMember">Whether it has a member of a name.</param>
    public static bool IsPayload(string? type, bool hasTraits, Func<string, bool> hasMember) =>
        type is null ? hasTraits && HasId(hasMember) : Types.Contains(type, StringComparer.Ordinal) && (hasTraits || HasId(hasMember));

    /// <summary>Whether a member of that name is one of a payload.</summary>
    public static bool IsOfPayload(string name) => name is TraitsName or "userId" or "anonymousId" or "groupId";

    /// <summary>The name of a member of the trait address, as one name; null for members of other traits.</summary>
    /// <param name="trait">The trait.</param>
    /// <param name="member">The member.</param>
    public static string? Dotted(string trait, string member) => trait == Address ? $"{Address}.{member}" : null;

    /// <summary>The trait that a name as <see cref="Dotted"/> makes it is a member of; null for any other name.</summary>
    /// <param name="name">The name.</param>
    public static string? TraitOf(string name) => name.StartsWith(Address + '.', StringComparison.Ordinal) ? Address : null;

    /// <summary>Why a payload cannot be taken; null when it can.</summary>
    /// <param name="type">What it calls itself; null when it does not.</param>
    /// <param name="hasId">Whether it has the identifier of this call, and it is not empty.</param>
    /// <param name="hasAnonymousId">Whether it has an anonymousId.</param>
    public Failure? Problem(string? type, bool hasId, bool hasAnonymousId)
    {
        if (type is not null && type != Type)
            return Failures.OtherCall(type, Type);
        return hasId ? null : Failures.CallWithoutId(Type, IdName, hasAnonymousId);
    }

    private static bool HasId(Func<string, bool> hasMember) => hasMember("userId") || hasMember("anonymousId") || hasMember("groupId");
}
