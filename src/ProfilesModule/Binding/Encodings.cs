using System.Globalization;
using System.Text;

namespace ProfilesModule.Binding;

/// <summary>
/// Converts a name that the cmdlets of PowerShell accept, another name of .NET, or the number of a code page to an encoding.
/// </summary>
public sealed class EncodingTransformationAttribute : ArgumentConversionAttribute
{
    private protected override object? Convert(object? input, object? plain) => EncodingNames.Find(plain);
}

/// <summary>Completes the names of encodings.</summary>
public sealed class EncodingCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        EncodingNames.All.Select(name => (name, name, name));
}

/// <summary>The names of encodings that the cmdlets of PowerShell accept.</summary>
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

    /// <summary>The encoding with a name of PowerShell or .NET, or with the number of a code page.</summary>
    /// <exception cref="ArgumentException">There is no such encoding.</exception>
    public static Encoding Find(object? name)
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
                _ => throw new ArgumentException("It is neither a name nor a number."),
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException(
                $"'{name}' is not an encoding. Use {string.Join(", ", All)}, another .NET encoding name, or the number of a code page.", e);
        }
    }

    /// <summary>The same encoding, but it throws where it would write or read question marks.</summary>
    public static Encoding Strict(Encoding encoding) => Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    // .NET includes code pages, but does not provide them until they are registered.
    private static Encoding Provided(Func<Encoding> encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return encoding();
    }
}
