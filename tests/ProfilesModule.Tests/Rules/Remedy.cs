using System.Text;

namespace ProfilesModule.Tests.Rules;

/// <summary>Where rows come from.</summary>
internal enum RowsOf
{
    /// <summary>CSV files, with a form feed between two.</summary>
    Csv,

    /// <summary>A JSON file.</summary>
    Json,

    /// <summary>An expression of PowerShell, whose objects are piped to Set-UserProfile.</summary>
    Pipeline,

    /// <summary>An expression of PowerShell, whose objects Export-Csv writes to a file.</summary>
    Exported,
}

/// <summary>Rows with a defect, what its error advises, and what is stored when somebody does that.</summary>
/// <param name="Id">The ErrorId.</param>
/// <param name="Rows">The rows, with the identifier in distinct_id where <paramref name="With"/> says nothing else.</param>
/// <param name="With">The parameters that they are first read with, beside -Strict.</param>
/// <param name="Then">The parameters that they are read with when the advice is followed.</param>
/// <param name="Stored">The profiles then, by distinct id.</param>
internal sealed record Remedy(string Id, string Rows, string With, string Then, string Stored)
{
    /// <summary>The rows as the advice says, where it is not only about parameters.</summary>
    public string? Corrected { get; init; }

    public RowsOf Source { get; init; } = RowsOf.Csv;

    /// <summary>Where the rows come from when the advice is followed.</summary>
    public RowsOf? OtherSource { get; init; }

    public Encoding Encoding { get; init; } = new UTF8Encoding(false);

    /// <summary>The ErrorId of what the advice does not concern, and so is still found.</summary>
    public string? Left { get; init; }

    /// <summary>The names of the parameters that the advice adds, changes or takes away; none where it is about another command.</summary>
    public IEnumerable<string> Advised
    {
        get
        {
            if (OtherSource is not null)
                return [];
            var changed = Parameters(With).ToHashSet(StringComparer.Ordinal);
            changed.SymmetricExceptWith(Parameters(Then));
            return changed.Select(parameter => parameter.Split(' ')[0]).Distinct(StringComparer.Ordinal);
        }
    }

    private static string[] Parameters(string text) =>
        [.. $" {text}".Split(" -", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name => $"-{name}")];
}
