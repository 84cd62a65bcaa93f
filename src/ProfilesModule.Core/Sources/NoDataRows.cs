using System.Runtime.CompilerServices;
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
        if (fields == _names.Length && NoDataTexts.IsName(file.Field(0), _names[0]) && RepeatsHeader())
            return Failures.RepeatedHeader;
        return _texts.IsReportLine(raw) ? Failures.ReportLine : null;
    }

    private bool RepeatsHeader()
    {
        for (var i = 1; i < _names.Length; i++)
        {
            if (!NoDataTexts.IsName(file.Field(i), _names[i]))
                return false;
        }

        return true;
    }
}
