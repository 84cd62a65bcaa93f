using System.Diagnostics.CodeAnalysis;

namespace ProfilesModule.Server;

/// <summary>What a request asks of its reply.</summary>
/// <param name="Verbose">Whether the reply is a JSON object and not the bare <c>1</c> or <c>0</c>.</param>
/// <param name="Strict">Whether it names every record that failed.</param>
internal readonly record struct IngestionParameters(bool Verbose, bool Strict)
{
    /// <summary>
    /// Reads <c>verbose</c> (0, 1 or 2, which both mean the same), <c>strict</c> and <c>ip</c> (0 or 1). There is no geo
    /// database, so <c>ip</c> is checked and has no effect.
    /// </summary>
    /// <param name="query">The query string.</param>
    /// <param name="fields">The fields of a form body, which win over the query string.</param>
    /// <param name="parameters">The parameters; of those that are not valid, the default.</param>
    /// <param name="error">What is wrong, or null.</param>
    public static bool TryRead(
        IReadOnlyDictionary<string, string> query,
        IReadOnlyDictionary<string, string> fields,
        out IngestionParameters parameters,
        [NotNullWhen(false)] out string? error)
    {
        error = null;
        int verbose = Read("verbose", 2, ref error);
        int strict = Read("strict", 1, ref error);
        Read("ip", 1, ref error);
        parameters = new IngestionParameters(verbose > 0, strict > 0);
        return error is null;

        int Read(string name, int maximum, ref string? error)
        {
            if (!fields.TryGetValue(name, out string? text))
                query.TryGetValue(name, out text);
            if (string.IsNullOrEmpty(text))
                return 0;
            if (text.Length == 1 && text[0] >= '0' && text[0] <= '0' + maximum)
                return text[0] - '0';
            error ??= $"{name}, must be a number from 0 to {maximum}";
            return 0;
        }
    }
}
