namespace ProfilesModule.Delivery;

/// <summary>
/// A row as an error shows it. What makes it large is hardly worth being shown, and PowerShell keeps 256 errors and what they hold: of
/// a row of more than 64 KB its beginning is kept.
/// </summary>
/// <param name="Bytes">The row as it stands in its file, or its beginning; empty for a row that came from no file.</param>
/// <param name="Length">How long it is, in bytes.</param>
internal readonly record struct ShownRow(ReadOnlyMemory<byte> Bytes, int Length)
{
    private const int LargestWhole = 64 * 1024;
    private const int Beginning = 1000;

    /// <summary>Whether it is the beginning only.</summary>
    public bool IsCut => Bytes.Length < Length;

    /// <summary>Takes a row.</summary>
    /// <param name="row">The row as it stands in its file.</param>
    public static ShownRow Of(ReadOnlySpan<byte> row) => new((row.Length > LargestWhole ? row[..Beginning] : row).ToArray(), row.Length);
}
