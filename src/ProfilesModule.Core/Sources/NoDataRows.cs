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
/// <param name="file">The file.</param>
/// <param name="delimiter">What separates its fields.</param>
/// <param name="header">The names of its columns.</param>
internal sealed class NoDataRows(ICsvReader file, byte delimiter, IReadOnlyList<string> header)
{
    private readonly byte[][] _names = [.. header.Select(NoDataTexts.Name)];
    private readonly NoDataTexts _texts = new(delimiter);

    /// <summary>Whether all fields of the current row are blank.</summary>
    /// <param name="fields">How many it has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool IsBlank(int fields)
    {
        for (var i = 0; i < fields; i++)
        {
            if (!Blanks.Trim(file.Field(i)).IsEmpty)
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
        if (fields == _names.Length && NoDataTexts.IsName(file.Field(0), _names[0]) && Enumerable.Range(1, fields - 1).All(HasName))
            return Failures.RepeatedHeader;
        return _texts.IsReportLine(raw) ? Failures.ReportLine : null;
    }

    private bool HasName(int column) => NoDataTexts.IsName(file.Field(column), _names[column]);
}

/// <summary>
/// Tells objects that hold no data, as <see cref="NoDataRows"/> tells rows: programs such as Import-Csv make objects of a repeated header,
/// and of the lines that database tools write around a result.
/// </summary>
internal sealed class NoDataObjects
{
    private readonly NoDataTexts _texts = new();
    private string _identifier = "";
    private byte[] _name = [];

    /// <summary>Whether an object may be one. The identifier of nearly any other object tells that it is not.</summary>
    /// <param name="id">The distinct id, which is not empty.</param>
    /// <param name="identifier">The name of the member that holds it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool MayBe(ReadOnlySpan<byte> id, string identifier)
    {
        if (_identifier != identifier)
            (_identifier, _name) = (identifier, NoDataTexts.Name(identifier));
        return NoDataTexts.IsName(id, _name) || id is [(byte)'-'] || _texts.IsReportLine(id);
    }

    /// <summary>Why an object that may hold no data holds none; null when it holds some.</summary>
    /// <param name="id">The distinct id.</param>
    /// <param name="others">The members beside it: texts, null for no value, and values that are not text.</param>
    public Failure? FailureOf(ReadOnlySpan<byte> id, IEnumerable<KeyValuePair<string, object?>> others)
    {
        var values = others.Where(other => other.Value is not null).ToArray();
        var texts = values.Where(other => other.Value is string)
            .Select(other => (Name: NoDataTexts.Name(other.Key), Text: Encoding.UTF8.GetBytes((string)other.Value!))).ToArray();

        // Beside texts, a value of another type may have been added, such as the time of the import.
        if (texts.Length == 0 && values.Length > 0)
            return null;
        if (NoDataTexts.IsName(id, _name))
            return texts.All(other => NoDataTexts.IsName(other.Text, other.Name)) ? Failures.RepeatedHeader : null;
        return _texts.IsReportLine([.. id, .. texts.SelectMany(other => other.Text)]) ? Failures.ReportLine : null;
    }
}

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
