namespace ProfilesModule.Sources;

/// <summary>The dialects that explain why a row cannot be read.</summary>
internal static class LikelyDialects
{
    private const string Otherwise = "Otherwise, double every quote inside a field and enclose the field in quotes.";

    /// <summary>What to do if the row is written in another dialect; null when no dialect explains it.</summary>
    /// <param name="record">The row, as it is in the file.</param>
    /// <param name="dialect">How it was read.</param>
    public static string? Of(ReadOnlySpan<byte> record, CsvDialect dialect)
    {
        if (dialect.Quoting != Quoting.Quotes)
            return null;
        if (!dialect.HasProtectedCells && record.IndexOf("=\""u8) >= 0)
            return "Use -Dialect Excel: =\"00123\" protects a text against spreadsheets.";
        if (dialect.Delimiter is not ('\t' or '|'))
            return null;
        return record.Contains((byte)'\\')
            ? $"If MySQL or PostgreSQL wrote the file, use -Dialect MySql or -Dialect PostgreSqlCopy. {Otherwise}"
            : $"If the program that wrote the file does not enclose fields in quotes, use -Dialect Bcp. {Otherwise}";
    }
}
