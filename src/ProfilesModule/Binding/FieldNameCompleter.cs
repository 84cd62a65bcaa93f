using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using ProfilesModule.Isolation;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Binding;

/// <summary>
/// Completes the names of columns, from -Header or from the header of the CSV file that the command line names, or those of members,
/// from the first objects of a JSON file.
/// </summary>
public sealed class FieldNameCompleter : ParameterCompleter
{
    // Objects can have different members, but reading more of them would keep the user waiting.
    private const int MostObjects = 100;

    // Paths are relative to the location of PowerShell, not of the process. If a wildcard matches several files, the first is read.
    private const string ResolvePath = """
        param($path, $hasWildcards)
        $paths = $ExecutionContext.SessionState.Path
        if ($hasWildcards) { $paths.GetResolvedProviderPathFromPSPath($path, [ref] $null) }
        else { $paths.GetUnresolvedProviderPathFromPSPath($path) }
        """;

    private protected override IEnumerable<CompletionResult> Complete(
        string command, string typed, string parameter, IDictionary parameters) =>
        [.. Names(command, parameters)
            .Where(name => name.Length > 0 && name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, name))];

    /// <summary>The names in the file; none if it cannot be read, because the command itself reports that.</summary>
    private static IReadOnlyList<string> Names(string command, IDictionary parameters)
    {
        if (Texts(parameters["Header"]) is { Count: > 0 } header)
            return header;
        if (Texts(parameters["LiteralPath"] ?? parameters["Path"]) is not [var path, ..])
            return [];
        try
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            var files = shell.AddScript(ResolvePath).AddArgument(path).AddArgument(parameters["LiteralPath"] is null).Invoke<string>();
            var file = files.FirstOrDefault() ?? path;
            var isJson = command.EndsWith("Json", StringComparison.OrdinalIgnoreCase)
                || (JsonFile.IsNamed(file) && command.StartsWith(VerbsDiagnostic.Test, StringComparison.OrdinalIgnoreCase));
            return isJson ? Members(file, parameters["Root"]?.ToString()) : Columns(file, parameters);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException
            or DecoderFallbackException or RuntimeException)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> Columns(string file, IDictionary parameters)
    {
        var dialect = DialectTable.Of(LanguagePrimitives.TryConvertTo<Dialect>(parameters["Dialect"], out var name) ? name : default);
        using var reader = Dependencies.Csv.Open(file, dialect with
        {
            Delimiter = parameters["Delimiter"]?.ToString() is [var delimiter] ? delimiter : dialect.Delimiter,
            SkipRows = LanguagePrimitives.TryConvertTo<int>(parameters["SkipRows"], out var skipRows) ? skipRows : 0,
            Encoding = parameters["Encoding"] is { } encoding ? EncodingNames.Find(encoding) : null,
        });
        return reader.Header;
    }

    private static List<string> Members(string file, string? root)
    {
        var names = new List<string>();
        using var json = JsonFile.Open(file, root is null ? null : new(root, _ => false), input => Dependencies.Csv.Decompressed(input));
        for (var i = 0; i < MostObjects && json.Read(); i++)
            names.AddRange(Members(json.Record).Except(names));
        return names;
    }

    private static string[] Members(ReadOnlySpan<byte> record)
    {
        try
        {
            return [.. JsonFile.Parse(record).Keys.Cast<string>()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The import reports records that are not objects.
            return [];
        }
    }

    /// <summary>The texts of an argument, which may be a list.</summary>
    private static IReadOnlyList<string> Texts(object? argument) => argument switch
    {
        null => [],
        IList list => [.. list.Cast<object?>().Select(item => item?.ToString() ?? "")],
        var single => [single.ToString() ?? ""],
    };
}
