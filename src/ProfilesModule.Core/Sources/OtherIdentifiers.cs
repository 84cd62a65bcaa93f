using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using static System.Text.RegularExpressions.RegexOptions;

namespace ProfilesModule.Sources;

/// <summary>
/// Columns that look like an identifier although their names are none of the usual ones, so that an e-mail address must not be taken in
/// their place.
/// </summary>
internal static partial class OtherIdentifiers
{
    private const int MinimumRows = 2;

    private static readonly SearchValues<byte> OfUuid = SearchValues.Create("0123456789abcdefABCDEF-"u8);
    private static readonly SearchValues<byte> Letters = SearchValues.Create("abcdefABCDEF"u8);

    /// <summary>Their indexes.</summary>
    /// <param name="header">The names of the columns.</param>
    /// <param name="sample">The first rows of the file.</param>
    public static IEnumerable<int> In(IReadOnlyList<string> header, CsvSample sample) => Enumerable.Range(0, header.Count).Where(i =>
        Known().IsMatch(header[i])
            ? sample.Rows.Count == 0 || sample.Rows.Any(row => !row.Fields[i].IsEmpty)
            : IsUnique(sample, i) && (Likely().IsMatch(header[i]) || sample.Rows.All(row => IsUuid(row.Fields[i].Span))));

    private static bool IsUnique(CsvSample sample, int column) =>
        sample.Rows.Count >= MinimumRows
        && sample.Rows.All(row => !row.Fields[column].IsEmpty)
        && sample.Rows.DistinctBy(row => Encoding.UTF8.GetString(row.Fields[column].Span)).Count() == sample.Rows.Count;

    // Also without hyphens, and as MongoDB writes its ids.
    private static bool IsUuid(ReadOnlySpan<byte> value) =>
        value.Length is 24 or 32 or 36 && !value.ContainsAnyExcept(OfUuid) && value.ContainsAny(Letters);

    [GeneratedRegex(@"^\s*(_id|id|uid|uuid|guid|(user|customer)[ _-]?(id|uid|uuid|guid))\s*$", IgnoreCase | CultureInvariant)]
    private static partial Regex Known();

    [GeneratedRegex(@"([ _-](?i:id|uid|uuid|guid)|(?<=[a-z])(Id|ID|Uid|UID|Uuid|UUID|Guid|GUID))\s*$", CultureInvariant)]
    private static partial Regex Likely();
}
