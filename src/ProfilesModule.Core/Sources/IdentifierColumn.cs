using System.Globalization;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>The column of a CSV file that holds the identifier.</summary>
/// <param name="Index">Its index; -1 when each row gets a random identifier.</param>
/// <param name="IsGuess">Whether it is another than one of the usual columns.</param>
internal readonly record struct IdentifierColumn(int Index, bool IsGuess)
{
    // No property can have this name, so the first column of an export is the identifier whatever the other columns are called.
    private const string ServiceName = "$distinct_id";

    /// <summary>Checks the columns of a file, and finds the identifier among them.</summary>
    /// <exception cref="FailureException">The columns cannot be used, or the identifier cannot be found.</exception>
    public static IdentifierColumn In(IReadOnlyList<string> header, string path, CsvOptions options)
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
        if (found.Length > 1)
            throw new FailureException(Failures.IdentifierColumnAmbiguous(path, [.. found.Select(i => header[i])]));
        if (found is [var only])
            return new(only, false);
        if (options.MakesIdentifiers)
            return new(-1, false);
        var index = options.IdentifierColumn is { } column ? Position(column, header) : Guess(header, options.OtherIdentifiers);
        return index >= 0
            ? new(index, options.IdentifierColumn is null)
            : throw new FailureException(Failures.IdentifierColumnNotFound(path, options.IdentifierColumn, header));
    }

    private static int Position(string column, IReadOnlyList<string> header) =>
        int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position <= header.Count ? position - 1 : -1;

    private static int Guess(IReadOnlyList<string> header, IReadOnlyList<string> names) =>
        names.SelectMany(name => Find(header, column => string.Equals(Blanks.Trim(column), name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(-1);

    private static string? Problem(IReadOnlyList<string> header)
    {
        if (header.Count == 0)
            return "the file is empty";
        if (Find(header, string.IsNullOrWhiteSpace) is [var empty, ..])
            return $"column {empty + 1} has no name";
        if (Find(header, name => name.Contains('\uFFFD', StringComparison.Ordinal)) is [var unreadable, ..])
            return $"the name of column {unreadable + 1} is not text in the file's encoding; specify it with -Encoding, for example -Encoding latin1";
        return header.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"the column '{twice.Key}' occurs {twice.Count()} times"
            : null;
    }

    private static int[] Find(IReadOnlyList<string> header, Func<string, bool> condition) =>
        [.. Enumerable.Range(0, header.Count).Where(i => condition(header[i]))];
}
