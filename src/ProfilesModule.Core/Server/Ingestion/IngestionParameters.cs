using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ProfilesModule.Server;

/// <summary>What a request asks of its reply.</summary>
/// <param name="Verbose">Whether the reply is a JSON object and not the bare <c>1</c> or <c>0</c>.</param>
/// <param name="Strict">Whether it names every record that failed.</param>
/// <param name="Callback">The function of JavaScript that it is to call with the reply; null when it is to be the reply itself.</param>
internal readonly partial record struct IngestionParameters(bool Verbose, bool Strict, string? Callback)
{
    // Known of other endpoints, and of this one long ago. Who is sent elsewhere, or gets a picture, would miss the reply.
    private static readonly string[] NotSupported = ["img", "redirect"];

    /// <summary>
    /// Reads <c>verbose</c> (0, 1 or 2, which both mean the same), <c>strict</c> and <c>ip</c> (0 or 1), and for users
    /// <c>callback</c>. There is no geo database, so <c>ip</c> is checked and has no effect.
    /// </summary>
    /// <param name="query">The query string.</param>
    /// <param name="fields">The fields of a form body, which win over the query string.</param>
    /// <param name="kind">Whose profiles the request updates.</param>
    /// <param name="parameters">The parameters; of those that are not valid, the default.</param>
    /// <param name="error">What is wrong, or null.</param>
    public static bool TryRead(
        IReadOnlyDictionary<string, string> query,
        IReadOnlyDictionary<string, string> fields,
        ProfileKind kind,
        out IngestionParameters parameters,
        [NotNullWhen(false)] out string? error)
    {
        error = null;
        int verbose = Read("verbose", 2, ref error);
        int strict = Read("strict", 1, ref error);
        Read("ip", 1, ref error);
        string? callback = Text("callback");
        if (callback is not null && (kind != ProfileKind.User || !FunctionName().IsMatch(callback)))
        {
            error ??= kind == ProfileKind.User ? "callback, must be the name of a function" : "callback, not supported for groups";
            callback = null;
        }
        foreach (string name in NotSupported)
        {
            if (Text(name) is not (null or "0"))
                error ??= $"{name}, not supported by this server";
        }
        parameters = new IngestionParameters(verbose > 0, strict > 0, callback);
        return error is null;

        string? Text(string name)
        {
            if (!fields.TryGetValue(name, out string? text))
                query.TryGetValue(name, out text);
            return string.IsNullOrEmpty(text) ? null : text;
        }

        int Read(string name, int maximum, ref string? error)
        {
            if (Text(name) is not { } text)
                return 0;
            if (text.Length == 1 && text[0] >= '0' && text[0] <= '0' + maximum)
                return text[0] - '0';
            error ??= $"{name}, must be a number from 0 to {maximum}";
            return 0;
        }
    }

    // Anything else would be a script of the sender's.
    [GeneratedRegex(@"^[A-Za-z_$][\w$.]{0,127}$", RegexOptions.ECMAScript)]
    private static partial Regex FunctionName();
}
