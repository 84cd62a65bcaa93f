using System.Globalization;
using System.Management.Automation;

namespace ProfilesModule.Rows;

/// <summary>Makes sure that the columns of a CSV file serve, and finds the one that holds the distinct id.</summary>
internal static class CsvHeader
{
    // No property can have this name, so that the first column of an export is the identifier whatever the others are called.
    private const string ServicesOwnName = "$distinct_id";

    /// <summary>Why the columns do not serve; null when they do.</summary>
    /// <param name="file">The file.</param>
    /// <param name="header">Its columns.</param>
    /// <param name="column">The name or the 1-based position of the column that the user chose; null for one of the usual names.</param>
    /// <param name="usualNames">The usual names.</param>
    /// <param name="otherNames">Names that serve where there is none of the usual ones, the best first.</param>
    /// <param name="identifier">The index of the column that holds the distinct id.</param>
    /// <param name="isGuess">Whether it has one of the other names.</param>
    public static ErrorRecord? Check(
        string file, IReadOnlyList<string> header, string? column, IReadOnlyList<string> usualNames, IReadOnlyList<string> otherNames, out int identifier, out bool isGuess)
    {
        (identifier, isGuess) = (-1, false);
        if (Problem(header) is { } problem)
            return Errors.InvalidHeader(file, problem);
        if (column is null && header[0] == ServicesOwnName)
        {
            identifier = 0;
            return null;
        }

        IReadOnlyList<string> names = column is null ? usualNames : [column];
        var found = Find(header, name => names.Contains(name, StringComparer.Ordinal));
        if (found.Length == 0)
            found = Find(header, name => names.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase));
        if (found.Length > 1)
            return Errors.IdentifierColumnAmbiguous(file, [.. found.Select(i => header[i])]);
        identifier = found is [var only] ? only : column is not null ? Position(column, header) : Guess(header, otherNames);
        if (identifier < 0)
            return Errors.IdentifierColumnNotFound(file, column, header);
        isGuess = found.Length == 0 && column is null;
        return null;
    }

    private static int Position(string column, IReadOnlyList<string> header) =>
        int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position <= header.Count ? position - 1 : -1;

    private static int Guess(IReadOnlyList<string> header, IReadOnlyList<string> names) =>
        names.SelectMany(name => Find(header, column => string.Equals(column.Trim(), name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(-1);

    private static string? Problem(IReadOnlyList<string> header)
    {
        if (header.Count == 0)
            return "the file is empty";
        if (Find(header, string.IsNullOrWhiteSpace) is [var empty, ..])
            return $"column {empty + 1} has no name";
        if (Find(header, name => name.Contains('\uFFFD')) is [var unreadable, ..])
            return $"the name of column {unreadable + 1} is no text of the file's encoding, which -Encoding names, for example -Encoding latin1";
        return header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"the column '{twice.Key}' occurs {twice.Count()} times"
            : null;
    }

    private static int[] Find(IReadOnlyList<string> header, Func<string, bool> condition) =>
        [.. Enumerable.Range(0, header.Count).Where(i => condition(header[i]))];
}
