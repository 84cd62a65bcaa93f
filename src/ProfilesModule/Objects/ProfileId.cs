namespace ProfilesModule;

/// <summary>
/// Identifies a profile: the distinct id of a user, or the id of a group. A parameter of this type takes text, a number, a
/// profile, or any object with a property that holds the id.
/// </summary>
public sealed record ProfileId
{
    internal ProfileId(string text, string? groupKey = null) => (Text, GroupKey) = (text, groupKey);

    /// <summary>The id itself.</summary>
    public string Text { get; }

    /// <summary>The group key of the object that the id was taken from; null for a user, or if the object does not state it.</summary>
    public string? GroupKey { get; }

    /// <summary>Makes an id from text.</summary>
    /// <param name="text">The id.</param>
    public static ProfileId Parse(string text) => new(text);

    /// <summary>The id itself.</summary>
    public override string ToString() => Text;
}
