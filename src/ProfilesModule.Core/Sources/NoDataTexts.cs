using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ProfilesModule.Sources;

/// <summary>
/// Tells what stands in rows that hold no data: names of columns, and the lines that database tools write around a result.
/// </summary>
/// <param name="delimiter">What separates the fields of a line; null where they are separate.</param>
internal sealed partial class NoDataTexts(byte? delimiter = null)
{
    private const int MaximumReportLine = 80;

    // What may stand around a name where a file with a byte order mark, or with other quotes, was appended.
    private static readonly byte[] AroundName = [.. "\uFEFF \t\""u8];

    private readonly SearchValues<byte> _ruling = SearchValues.Create([.. "-=+| \t\""u8, delimiter ?? (byte)'-']);

    /// <summary>A name as <see cref="IsName"/> takes it.</summary>
    public static byte[] Name(string name) => Encoding.UTF8.GetBytes(name).AsSpan().Trim(AroundName).ToArray();

    /// <summary>Whether a field has the name of its column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsName(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name)
    {
        if (field.Length < name.Length || field.Length > name.Length + 16)
            return false;
        field = field.Trim(AroundName);
        return field.SequenceEqual(name) || Ascii.EqualsIgnoreCase(field, name);
    }

    /// <summary>Whether a line is a ruling, or says how many rows there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsReportLine(ReadOnlySpan<byte> line) => (line.IsEmpty ? default : line[0]) switch
    {
        (byte)'-' or (byte)'=' or (byte)'+' or (byte)'|' or (byte)' ' or (byte)'"' => IsRuled(line),
        (byte)'(' or (>= (byte)'0' and <= (byte)'9') or (byte)'Q' => IsCount(line),
        _ => false,
    };

    /// <summary>Whether a line is made of dashes, as below a header, or of what draws the lines of a table.</summary>
    private bool IsRuled(ReadOnlySpan<byte> line) =>
        !line.ContainsAnyExcept(_ruling) && line.Count((byte)'-') + line.Count((byte)'=') >= 2;

    private bool IsCount(ReadOnlySpan<byte> line) =>
        line.Length <= MaximumReportLine
        && line.IndexOf(" row"u8) >= 0
        && Counts().IsMatch(Encoding.UTF8.GetString(line[..(line.LastIndexOfAnyExcept(_ruling) + 1)]));

    // sqlcmd, psql, SQL*Plus and mysql.
    [GeneratedRegex("""
        ^ (?: \( \d+ [ ] row (?: s | \(s\) )? (?: [ ] affected )? \)
            | \d+ [ ] rows? [ ] (?: selected \. | in [ ] set (?: [ ] \( .+ \) )? )
            | Query [ ] OK, [ ] \d+ [ ] rows? [ ] affected .*
          ) \z
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Counts();
}
