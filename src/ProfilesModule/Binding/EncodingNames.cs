using System.Globalization;
using System.Text;

namespace ProfilesModule.Binding;

/// <summary>The names of encodings that PowerShell's own cmdlets know.</summary>
internal static class EncodingNames
{
    private static readonly Dictionary<string, Func<Encoding>> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["utf8"] = () => new UTF8Encoding(false),
        ["utf8BOM"] = () => new UTF8Encoding(true),
        ["utf8NoBOM"] = () => new UTF8Encoding(false),
        ["unicode"] = () => Encoding.Unicode,
        ["bigendianunicode"] = () => Encoding.BigEndianUnicode,
        ["utf32"] = () => Encoding.UTF32,
        ["bigendianutf32"] = () => new UTF32Encoding(true, true),
        ["ascii"] = () => Encoding.ASCII,
        ["latin1"] = () => Encoding.Latin1,
        ["ansi"] = () => Provided(() => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.ANSICodePage)),
        ["oem"] = () => Provided(() => Encoding.GetEncoding(CultureInfo.CurrentCulture.TextInfo.OEMCodePage)),
    };

    public static IEnumerable<string> All => ByName.Keys;

    /// <summary>The encoding of a name, of PowerShell's or of .NET, or of a code page number.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Encoding Find(object name)
    {
        try
        {
            return name switch
            {
                Encoding encoding => encoding,
                int page => Provided(() => Encoding.GetEncoding(page)),
                string text when ByName.TryGetValue(text, out var known) => known(),
                string text when int.TryParse(text, out var page) => Provided(() => Encoding.GetEncoding(page)),
                string text => Provided(() => Encoding.GetEncoding(text)),
                _ => throw new ArgumentException("it is neither a name nor a number"),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"'{name}' is no encoding. Use {string.Join(", ", All)}, another name that .NET knows, or the number of a code page.", e);
        }
    }

    /// <summary>An encoding that throws where it has no form for a text, or no text for bytes, in place of question marks.</summary>
    public static Encoding Strict(Encoding encoding) => Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    // Code pages come with .NET but are not at hand before this.
    private static Encoding Provided(Func<Encoding> encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return encoding();
    }
}
