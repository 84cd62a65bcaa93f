using System.Runtime.CompilerServices;
using System.Text;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

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
