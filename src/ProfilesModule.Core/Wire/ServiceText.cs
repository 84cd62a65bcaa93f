using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProfilesModule.Wire;

/// <summary>
/// Makes text from the network fit for messages and files: what answers may repeat a secret, send codes that a
/// terminal obeys, or never end.
/// </summary>
/// <param name="secrets">The secrets that no text may show.</param>
internal sealed partial class ServiceText(params IEnumerable<string> secrets)
{
    private const int MaximumLength = 500;

    /// <summary>What is shown in place of a secret.</summary>
    private const string Mask = "********";

    /// <summary>A shorter secret could be a part of any word, and would be betrayed by what is missing.</summary>
    private const int ShortestSecret = 6;

    private readonly string[] _secrets =
        [.. secrets.Where(secret => secret.Length >= ShortestSecret).SelectMany(Forms).Distinct().OrderByDescending(form => form.Length)];

    /// <summary>Shows any text without looking for secrets.</summary>
    public static ServiceText WithoutSecrets { get; } = new([]);

    /// <summary>The text with secrets masked, addresses without users, control characters escaped and its end cut off when it is long.</summary>
    public string Show(string text) => Cut(Escape(WithoutSecretsOf(text)));

    private string WithoutSecretsOf(string text)
    {
        text = WithoutUserInfo(text);
        foreach (var secret in _secrets)
            text = text.Replace(secret, Mask, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>
    /// Makes any text fit to be shown: a terminal obeys what names of files and properties may hold, and the address of a proxy may
    /// hold a password. What fits already stays as it is.
    /// </summary>
    public static string Fit(string text) => Escape(WithoutUserInfo(text));

    /// <summary>A text without the user names and passwords in its addresses: those of a proxy stand in what .NET says of it.</summary>
    public static string WithoutUserInfo(string text) => text.Contains("://", StringComparison.Ordinal) ? UserInfo().Replace(text, "://") : text;

    [GeneratedRegex("""://[^\s/?#"'<>]*@""")]
    private static partial Regex UserInfo();

    /// <summary>Control characters and those that turn the direction of text, as JSON would escape them.</summary>
    private static string Escape(string text)
    {
        StringBuilder? shown = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsPlain(text, i))
            {
                shown?.Append(text[i]);
                continue;
            }

            shown ??= new StringBuilder().Append(text, 0, i);
            shown.Append(text[i] switch
            {
                '\r' => "\\r",
                '\n' => "\\n",
                '\t' => "\\t",
                var other => $"\\u{(int)other:x4}",
            });
        }

        return shown?.ToString() ?? text;
    }

    private static bool IsPlain(string text, int index) => char.GetUnicodeCategory(text[index]) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        // These two join the letters and signs of some languages, and emoji.
        UnicodeCategory.Format => text[index] is '\u200c' or '\u200d',
        UnicodeCategory.Surrogate => char.IsSurrogatePair(text, index) || (index > 0 && char.IsSurrogatePair(text, index - 1)),
        _ => true,
    };

    private static string Cut(string text)
    {
        if (text.Length <= MaximumLength)
            return text;
        var end = char.IsHighSurrogate(text[MaximumLength - 1]) ? MaximumLength - 1 : MaximumLength;
        return text[..end] + "…";
    }

    /// <summary>A secret as it is, as it stands in an address, and as it stands inside of base64, wherever it begins there.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return EngageJson.Encode(secret).ToString();
        yield return JsonEncodedText.Encode(secret).ToString();
        var bytes = Encoding.UTF8.GetBytes(secret);
        for (var before = 0; before < 3; before++)
        {
            var padded = new byte[before + bytes.Length];
            bytes.CopyTo(padded, before);
            // The first and the last digits also hold bits of what stands before and behind.
            var first = (before * 8 + 5) / 6;
            var last = padded.Length * 8 / 6;
            yield return Convert.ToBase64String(padded)[first..last];
        }
    }
}
