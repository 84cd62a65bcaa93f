using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using static System.Text.RegularExpressions.RegexOptions;

namespace ProfilesModule.Sources;

/// <summary>The column of a CSV file that holds the identifier.</summary>
/// <param name="Index">Its index; -1 when each row gets a random identifier.</param>
/// <param name="IsGuess">Whether it is another than one of the usual columns.</param>
internal readonly record struct IdentifierColumn(int Index, bool IsGuess)
{
    // No property can have this name, so the first column of an export is the identifier whatever the other columns are called.
    private const string ServiceName = "$distinct_id";

    /// <summary>Checks the columns of a file, and finds the identifier among them.</summary>
    /// <param name="header">The names of the columns.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How its rows become updates.</param>
    /// <param name="sample">Its first rows.</param>
    /// <exception cref="FailureException">The columns cannot be used, or the identifier cannot be found.</exception>
    public static IdentifierColumn In(IReadOnlyList<string> header, string path, CsvOptions options, CsvSample sample)
    {
        if (header is [var first, ..] && first.StartsWith("#TYPE ", StringComparison.Ordinal))
            throw new FailureException(Failures.TypeForHeader(path, first));
        if (Problem(header) is { } problem)
            throw new FailureException(Failures.InvalidHeader(path, problem));
        if (options.IdentifierColumn is null && header[0] == ServiceName)
            return new(0, false);
        IReadOnlyList<string> names = options.IdentifierColumn is { } named ? [named] : options.IdentifierNames;
        var found = Find(header, name => names.Contains(name, StringComparer.Ordinal));
        if (found.Length == 0)
            found = Find(header, name => names.Contains(Blanks.Trim(name), StringComparer.OrdinalIgnoreCase));
        if (found.Length == 0 && options.IdentifierColumn is null)
            found = Find(header, name => IdentifierName.IsVaried(name, names));
        if (found.Length > 1)
            throw new FailureException(Failures.IdentifierColumnAmbiguous(path, [.. found.Select(i => header[i])]));
        if (found is [var only])
            return new(only, false);
        if (options.MakesIdentifiers)
            return new(-1, false);
        var index = options.IdentifierColumn is { } column ? Position(column, header, sample) : Guess(header, options.OtherIdentifiers);
        if (index >= 0 && options.IdentifierColumn is null
            && OtherIdentifiers.In(header, sample).Where(i => i != index).ToArray() is [var other, ..])
            throw new FailureException(Failures.IdentifierColumnUnclear(path, header[index], header[other]));
        return index >= 0
            ? new(index, options.IdentifierColumn is null)
            : throw new FailureException(Failures.IdentifierColumnNotFound(path, options.IdentifierColumn, header));
    }

    // With the wrong delimiter, whole rows would be the identifiers.
    private static int Position(string column, IReadOnlyList<string> header, CsvSample sample)
    {
        var hasOtherDelimiter = header is [var only] && only.AsSpan().IndexOfAny(";\t|") is >= 0 and var at
            && sample.Rows.Count > 0 && sample.Rows.All(row => row.Fields[0].Span.Contains((byte)only[at]));
        var isNumber = int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var position);
        return isNumber && position <= header.Count && !hasOtherDelimiter ? position - 1 : -1;
    }

    private static int Guess(IReadOnlyList<string> header, IReadOnlyList<string> names) =>
        names.SelectMany(name => Find(header, column => string.Equals(Blanks.Trim(column), name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(-1);

    private static string? Problem(IReadOnlyList<string> header)
    {
        if (header.Count == 0)
            return "the file is empty";
        if (header.All(string.IsNullOrWhiteSpace))
            return header.Count == 1 ? "column 1 has no name" : "none of its columns has a name";
        if (Find(header, name => name.Contains('\uFFFD', StringComparison.Ordinal)) is [var unreadable, ..])
            return $"the name of column {unreadable + 1} is not text in the file's encoding; specify it with -Encoding, for example "
                + "-Encoding 1252";
        var names = header.Where(name => !string.IsNullOrWhiteSpace(name));
        return names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"the column '{twice.Key}' occurs {twice.Count()} times"
            : null;
    }

    private static int[] Find(IReadOnlyList<string> header, Func<string, bool> condition) =>
        [.. Enumerable.Range(0, header.Count).Where(i => condition(header[i]))];
}

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
