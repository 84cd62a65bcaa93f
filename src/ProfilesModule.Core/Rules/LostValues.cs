using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ProfilesModule.Rules;

/// <summary>
/// Finds the texts that Export-Csv, ConvertTo-Json beyond its depth and other users of ToString leave in place of a list or an
/// object: the name of a .NET type, or @{…}; JavaScript leaves [object Object]. Names of exceptions, and names that other programs
/// use too, such as System.Title, are texts like any other.
/// </summary>
internal static partial class LostValues
{
    /// <summary>Whether a text is one.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsIn(ReadOnlySpan<byte> text) => MayBeIn(text) && text[0] switch
    {
        (byte)'@' => IsCustomObject(text),
        (byte)'[' => text.StartsWith("[object Object]"u8),
        _ => TypeNames().IsMatch(Encoding.UTF8.GetString(text)),
    };

    /// <summary>Whether a text may be one: false, at next to no cost, for nearly every text that is none.</summary>
    /// <typeparam name="T">Bytes of UTF-8, also as they stand in JSON, or characters.</typeparam>
    /// <param name="text">The text.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBeIn<T>(ReadOnlySpan<T> text)
        where T : struct, IBinaryInteger<T>
    {
        if (text.Length < "@{}".Length)
            return false;
        var first = (char)int.CreateTruncating(text[0]);
        return (char)int.CreateTruncating(text[^1]) switch
        {
            ']' => char.IsAsciiLetterUpper(first) || first == '[',
            '}' => first == '@',
            _ => first switch
            {
                'S' => HasDot(text, "System".Length),
                'M' => HasDot(text, "Microsoft".Length),
                'D' => HasDot(text, "Deserialized".Length),
                _ => false,
            },
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasDot<T>(ReadOnlySpan<T> text, int index)
        where T : struct, IBinaryInteger<T> => index < text.Length && int.CreateTruncating(text[index]) == '.';

    private static bool IsCustomObject(ReadOnlySpan<byte> text) =>
        text[1] == '{' && (text.Length == "@{}".Length || text.Contains((byte)'='));

    // A list of objects becomes their texts with blanks between them. Lists and generic types count in any namespace, since
    // nothing else looks like them; paths of other programs, such as user.roles[], mostly begin with small letters.
    [GeneratedRegex("""
        ^ (?: (?: ^ | [ ] )
          (?: [A-Z_<] [\w+<>]* (?: \. [A-Z_<] [\w+<>]* )+ (?: ` \d+ [\w+<>`]* \[ \S+ \] | \[ [][,]* \] )
            | (?! \S* Exception (?: [ ] | \z ) )
              (?: System \. (?: Object | __ComObject | Security \. SecureString )
                | (?: System \. (?: Collections | Data (?= \.Data ) | DirectoryServices | Management \. Automation | Xml (?= \.Xml ) )
                    | Microsoft \. (?: ActiveDirectory | Graph \. PowerShell \. Models | Management \. Infrastructure | PowerShell \. Commands )
                    | Deserialized
                  ) (?: \. [A-Z_<] [\w+<>]* )+
                | Microsoft (?: \. [A-Z]\w* )+ (?<= Collection )
              ) (?= [ ] | \z )
          ) )+ \z
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TypeNames();
}
