namespace ProfilesModule.Sources.Columns;

/// <summary>A column whose cells become a property.</summary>
/// <param name="Index">The 0-based index of the column in the file.</param>
/// <param name="Header">Its name in the file.</param>
/// <param name="Property">The name of the property; with names that are expanded, its path.</param>
/// <param name="Type">What its cells hold.</param>
/// <param name="TypeSource">Who says so.</param>
internal sealed record CsvColumn(int Index, string Header, string Property, PropertyType Type, TypeSource TypeSource)
{
    /// <summary>How many decimals its numbers have, if that was inferred; else 0.</summary>
    public int Decimals { get; init; }
}
