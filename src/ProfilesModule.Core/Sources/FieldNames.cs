namespace ProfilesModule.Sources;

/// <summary>
/// The names of the fields of rows, in order. Rows that follow each other and have the same names share one object, so that
/// what follows from the names is found out once for all of them.
/// </summary>
/// <param name="names">The names.</param>
internal sealed class FieldNames(IReadOnlyList<string> names)
{
    private readonly string[] _names = [.. names];

    /// <summary>How many there are.</summary>
    public int Count => _names.Length;

    /// <summary>A name that occurs more than once, such as that of a column of two tables; null if there is none.</summary>
    public string? Repeated { get; } = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;

    /// <summary>A name.</summary>
    /// <param name="index">Its 0-based index.</param>
    public string this[int index] => _names[index];
}
