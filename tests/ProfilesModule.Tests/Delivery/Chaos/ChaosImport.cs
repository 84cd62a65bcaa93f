namespace ProfilesModule.Tests.Delivery.Chaos;

/// <summary>One import of a run of chaos, with all the times it is resumed.</summary>
/// <param name="Number">Larger than those of the imports before it.</param>
/// <param name="File">The file.</param>
/// <param name="Rows">The rows of the file, in its order.</param>
/// <param name="Marked">Those that the file, being a reject file, says are of unknown outcome.</param>
/// <param name="Superseded">Those that it says are older than a row of the same profile that was sent.</param>
/// <param name="Journal">Its journal; null for none.</param>
/// <param name="Rejects">Its reject file; null for none.</param>
internal sealed record ChaosImport(int Number, string File, IReadOnlyList<ChaosRow> Rows, IReadOnlySet<ChaosRow> Marked, IReadOnlySet<ChaosRow> Superseded, string? Journal, string? Rejects)
{
    private readonly Dictionary<ChaosRow, int> _positions = Rows.Index().ToDictionary(row => row.Item, row => row.Index);

    /// <summary>Which row of the file it is, from 0.</summary>
    public int PositionOf(ChaosRow row) => _positions[row];

    /// <summary>The ErrorIds of the rows that the user was told of, since the beginning of the import.</summary>
    public Dictionary<ChaosRow, string> Reported { get; } = [];
}
