using System.Collections;
using System.Management.Automation;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Rows;

/// <summary>Reads the parameters that say what columns become.</summary>
internal static class ColumnFilter
{
    private const string ExcludeProperty = nameof(ExcludeProperty);

    /// <summary>Whether a column matches one of the patterns of -Property, if there are any, and none of -ExcludeProperty.</summary>
    /// <exception cref="FailureException">A pattern is not valid.</exception>
    public static Func<string, bool> Of(string[]? included, string[]? excluded)
    {
        var (include, exclude) = (Patterns(included, "Property"), Patterns(excluded, ExcludeProperty));
        return column => (include.Length == 0 || include.Any(p => p.IsMatch(column))) && !exclude.Any(p => p.IsMatch(column));
    }

    /// <summary>Whether a column matches one of the patterns of -ExcludeProperty.</summary>
    public static Func<string, bool> Any(string[]? excluded)
    {
        var any = Patterns(excluded, ExcludeProperty);
        return column => any.Any(p => p.IsMatch(column));
    }

    /// <summary>The names without wildcards, each with the parameter that it was given to: columns that are meant to be there.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Literal(string[]? patterns, string parameter) =>
        patterns?.Where(p => !WildcardPattern.ContainsWildcardCharacters(p)).Select(p => KeyValuePair.Create(WildcardPattern.Unescape(p), parameter)) ?? [];

    /// <summary>Names by names.</summary>
    /// <exception cref="FailureException">A name is empty, or there twice.</exception>
    public static IReadOnlyDictionary<string, string> Names(IDictionary? map) =>
        Entries(map).ToDictionary(e => e.Key.ToString()!, e => e.Value?.ToString() is { } name && !string.IsNullOrWhiteSpace(name)
            ? name
            : throw new FailureException(Failures.InvalidPropertyMap(e.Key.ToString()!, map!)));

    /// <summary>Types by names.</summary>
    /// <exception cref="FailureException">A value is not a type, or a name is there twice.</exception>
    public static IReadOnlyDictionary<string, ColumnType> Types(IDictionary? map) =>
        Entries(map).ToDictionary(e => e.Key.ToString()!, e => Type(map!, e.Key.ToString()!, e.Value?.ToString()));

    private static DictionaryEntry[] Entries(IDictionary? map)
    {
        DictionaryEntry[] entries = [.. map?.Cast<DictionaryEntry>() ?? []];
        return entries.GroupBy(e => e.Key.ToString()!, StringComparer.Ordinal).FirstOrDefault(keys => keys.Count() > 1) is { } repeated
            ? throw new FailureException(Failures.DuplicateProperty(repeated.Key, "keys"))
            : entries;
    }

    private static WildcardPattern[] Patterns(string[]? patterns, string parameter) =>
        [.. patterns?.Select(pattern => Pattern(pattern, parameter)) ?? []];

    private static WildcardPattern Pattern(string text, string parameter)
    {
        var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        try
        {
            // It is not parsed before its first use.
            pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException)
        {
            throw new FailureException(Failures.InvalidPattern(text, parameter));
        }
    }

    private static ColumnType Type(IDictionary map, string name, string? type) =>
        ColumnType.Of(type) ?? throw new FailureException(Failures.InvalidPropertyType(name, type, map));
}
