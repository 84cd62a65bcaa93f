namespace ProfilesModule.Sources;

/// <summary>How the name of a field says that it holds the identifier.</summary>
internal static class IdentifierName
{
    /// <summary>The rank of what people write for a usual name, such as Distinct ID; those of the usual names are lower.</summary>
    public const int Varied = int.MaxValue - 1;

    /// <summary>The rank of any other name.</summary>
    public const int None = int.MaxValue;

    /// <summary>
    /// How well a name fits; the field with the lowest rank holds the identifier. Of the usual names, the first one counts most, and each
    /// counts more as it is than in other letters.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="usual">The usual names.</param>
    public static int Rank(string name, IReadOnlyList<string> usual)
    {
        for (var i = 0; i < usual.Count; i++)
        {
            if (string.Equals(name, usual[i], StringComparison.OrdinalIgnoreCase))
                return (2 * i) + (name == usual[i] ? 0 : 1);
        }

        return IsVaried(name, usual) ? Varied : None;
    }

    /// <summary>Whether a field may hold the identifier as well as the one that was taken.</summary>
    /// <param name="rank">The rank of its name.</param>
    /// <param name="taken">The rank of the name that was taken.</param>
    public static bool IsOther(int rank, int taken) => rank < Varied || rank == taken;

    /// <summary>Whether a name is a usual one but for its letters, and for what stands between its words.</summary>
    /// <param name="name">The name.</param>
    /// <param name="usual">The usual names.</param>
    public static bool IsVaried(string name, IReadOnlyList<string> usual) =>
        usual.Any(known => AreAlike(name, known));

    /// <summary>A name without what people write between its words: Distinct ID is distinct_id.</summary>
    public static string Bare(string name) => new([.. name.Where(c => !IsBetweenWords(c))]);

    // Most names differ in their first letter, and each row of the pipeline may have names of its own.
    private static bool AreAlike(ReadOnlySpan<char> name, ReadOnlySpan<char> other)
    {
        while (true)
        {
            while (name is [var separator, ..] && IsBetweenWords(separator))
                name = name[1..];
            while (other is [var separator, ..] && IsBetweenWords(separator))
                other = other[1..];
            if (name.IsEmpty || other.IsEmpty)
                return name.IsEmpty && other.IsEmpty;
            if (char.ToUpperInvariant(name[0]) != char.ToUpperInvariant(other[0]))
                return false;
            name = name[1..];
            other = other[1..];
        }
    }

    private static bool IsBetweenWords(char character) => char.IsWhiteSpace(character) || character is '_' or '-' or '\uFEFF';
}
