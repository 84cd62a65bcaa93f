using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>
/// Tells the rows of a CSV file that hold no data: empty ones, the names of the columns once more, as in files that were appended to
/// each other, and the lines that database tools write around a result.
/// </summary>
internal sealed partial class NoDataRows
{
    private const int MaximumReportLine = 80;

    // What may stand around a name where a file with a byte order mark, or with other quotes, was appended.
    private static readonly byte[] AroundName = [.. "\uFEFF \t\""u8];

    private readonly ICsvReader _file;
    private readonly byte[][] _names;
    private readonly SearchValues<byte> _ruling;

    /// <param name="file">The file.</param>
    /// <param name="delimiter">What separates its fields.</param>
    /// <param name="header">The names of its columns.</param>
    public NoDataRows(ICsvReader file, byte delimiter, IReadOnlyList<string> header)
    {
        _file = file;
        _names = [.. header.Select(name => Encoding.UTF8.GetBytes(name).AsSpan().Trim(AroundName).ToArray())];
        _ruling = SearchValues.Create([.. "-=+| \t\""u8, delimiter]);
    }

    /// <summary>Whether all fields of the current row are blank.</summary>
    /// <param name="fields">How many it has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsBlank(int fields)
    {
        for (var i = 0; i < fields; i++)
        {
            if (!Blanks.Trim(_file.Field(i)).IsEmpty)
                return false;
        }

        return true;
    }

    /// <summary>Why the current row, which is not blank, is not data; null when it may be.</summary>
    /// <param name="fields">How many fields it has.</param>
    /// <param name="raw">The row as it stands in the file.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Failure? FailureOf(int fields, ReadOnlySpan<byte> raw)
    {
        if (fields == _names.Length && IsName(0) && RepeatsHeader())
            return Failures.RepeatedHeader;
        return (raw.IsEmpty ? default : raw[0]) switch
        {
            (byte)'-' or (byte)'=' or (byte)'+' or (byte)'|' or (byte)' ' or (byte)'"' => IsRuled(raw) ? Failures.ReportLine : null,
            (byte)'(' or (>= (byte)'0' and <= (byte)'9') or (byte)'Q' => IsCount(raw) ? Failures.ReportLine : null,
            _ => null,
        };
    }

    private bool RepeatsHeader()
    {
        for (var i = 1; i < _names.Length; i++)
        {
            if (!IsName(i))
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsName(int column)
    {
        var field = _file.Field(column);
        ReadOnlySpan<byte> name = _names[column];
        if (field.Length < name.Length || field.Length > name.Length + 16)
            return false;
        field = field.Trim(AroundName);
        return field.SequenceEqual(name) || Ascii.EqualsIgnoreCase(field, name);
    }

    /// <summary>Whether a row is made of dashes, as below a header, or of what draws the lines of a table.</summary>
    private bool IsRuled(ReadOnlySpan<byte> raw) =>
        !raw.ContainsAnyExcept(_ruling) && raw.Count((byte)'-') + raw.Count((byte)'=') >= 2;

    private bool IsCount(ReadOnlySpan<byte> raw) =>
        raw.Length <= MaximumReportLine
        && raw.IndexOf(" row"u8) >= 0
        && Counts().IsMatch(Encoding.UTF8.GetString(raw[..(raw.LastIndexOfAnyExcept(_ruling) + 1)]));

    // sqlcmd, psql, SQL*Plus and mysql.
    [GeneratedRegex("""
        ^ (?: \( \d+ [ ] row (?: s | \(s\) )? (?: [ ] affected )? \)
            | \d+ [ ] rows? [ ] (?: selected \. | in [ ] set (?: [ ] \( .+ \) )? )
            | Query [ ] OK, [ ] \d+ [ ] rows? [ ] affected .*
          ) \z
        """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Counts();
}
