using System.Globalization;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Pipeline;

/// <summary>Names a row to the user, and returns it.</summary>
internal abstract class RowDescription
{
    /// <summary>What a row is called in a message.</summary>
    public abstract string Position(UpdateOrigin origin);

    /// <summary>What several rows are called in a message.</summary>
    public abstract string Range(UpdateOrigin first, UpdateOrigin last);

    /// <summary>The row as the user knows it, for the target of an error.</summary>
    /// <param name="origin">Where it is.</param>
    /// <param name="row">The row as it stands in its file.</param>
    /// <param name="failure">Why it was refused before it was sent; null when it was sent.</param>
    public abstract object? Target(UpdateOrigin origin, RowExcerpt row, Failure? failure);
}

/// <summary>Rows that came through the pipeline.</summary>
internal sealed class PipelineRowDescription : RowDescription
{
    public override string Position(UpdateOrigin origin) => $"Object {origin.Row}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) =>
        first.Row == last.Row ? $"object {first.Row}" : $"objects {first.Row}-{last.Row}";

    public override object? Target(UpdateOrigin origin, RowExcerpt row, Failure? failure) => origin.Source;
}

/// <summary>Rows that came from files.</summary>
internal sealed class FileRowDescription : RowDescription
{
    public override string Position(UpdateOrigin origin) =>
        $"{Path.GetFileName(File(origin).Path)}, {File(origin).Source.RowNoun} {origin.Line}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) =>
        first.Row == last.Row ? $"row {first.Row}" : $"rows {first.Row}-{last.Row}";

    public override object Target(UpdateOrigin origin, RowExcerpt row, Failure? failure)
    {
        var file = File(origin);
        if (row.IsCut || (failure is not null && file.Source.IsShownAsText(failure)))
            return Line(file.Path, origin, row);
        var shown = file.Source.Show(file, row.Bytes);
        return shown is KeyValuePair<string, string?>[] fields
            ? WithProperties(fields.Select(field => (field.Key, (object?)field.Value)))
            : shown;
    }

    // Fields that were guessed must not be sent by mistake.
    private static PSObject Line(string path, UpdateOrigin origin, RowExcerpt row)
    {
        var text = Encoding.UTF8.GetString(row.Bytes.Span);
        var shown = row.IsCut
            ? string.Create(CultureInfo.InvariantCulture, $"{text.TrimEnd('\uFFFD')}… (the first of {row.Length:N0} bytes)")
            : text;
        return WithProperties([("Path", path), ("Line", origin.Line), ("Text", shown)]);
    }

    private static PSObject WithProperties(IEnumerable<(string Name, object? Value)> properties)
    {
        var shown = new PSObject();
        foreach (var (name, value) in properties)
            shown.Properties.Add(new PSNoteProperty(name, value));
        return shown;
    }

    private static InputFile File(UpdateOrigin origin) => (InputFile)origin.Source!;
}
