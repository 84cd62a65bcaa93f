using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Pipeline;

/// <summary>Names a row to the user, and gives it back.</summary>
internal abstract class RowDescription
{
    /// <summary>What a row is called in a message.</summary>
    public abstract string Position(UpdateOrigin origin);

    /// <summary>What several rows are called in a message.</summary>
    public abstract string Range(UpdateOrigin first, UpdateOrigin last);

    /// <summary>The row as the user gave it; one that is too large for that is a line, and of it the beginning.</summary>
    public abstract object? Target(UpdateOrigin origin, ShownRow row);

    /// <summary>What stands for a row that was refused before it was sent.</summary>
    public virtual object? Target(UpdateOrigin origin, ShownRow row, Failure failure) => Target(origin, row);

    // What is in a row that is not in order is anybody's guess; what was guessed must not be sent by mistake.
    protected static PSObject Line(string path, UpdateOrigin origin, ShownRow row)
    {
        var line = new PSObject();
        line.Properties.Add(new PSNoteProperty("Path", path));
        line.Properties.Add(new PSNoteProperty("Line", origin.Line));
        var text = System.Text.Encoding.UTF8.GetString(row.Bytes.Span);
        line.Properties.Add(new PSNoteProperty("Text", row.IsCut ? string.Create(CultureInfo.InvariantCulture, $"{text.TrimEnd('\uFFFD')}… (the first of {row.Length:N0} bytes)") : text));
        return line;
    }
}

/// <summary>Rows that came through the pipeline.</summary>
internal sealed class PipelineRowDescription : RowDescription
{
    public override string Position(UpdateOrigin origin) => $"Object {origin.Row}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) => first.Row == last.Row ? $"object {first.Row}" : $"objects {first.Row}-{last.Row}";

    public override object? Target(UpdateOrigin origin, ShownRow row) => origin.Source;
}

/// <summary>A file that rows come from.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Dialect">How it is written.</param>
/// <param name="Header">Its columns.</param>
internal sealed record CsvInput(string Path, CsvDialect Dialect, IReadOnlyList<string> Header);

/// <summary>Rows that came from CSV files.</summary>
internal sealed class CsvRowDescription(ICsvFormat csv) : RowDescription
{
    public override string Position(UpdateOrigin origin) => $"{System.IO.Path.GetFileName(File(origin).Path)}, line {origin.Line}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) => first.Row == last.Row ? $"row {first.Row}" : $"rows {first.Row}-{last.Row}";

    public override object Target(UpdateOrigin origin, ShownRow row)
    {
        var file = File(origin);
        if (row.IsCut)
            return Line(file.Path, origin, row);
        var values = csv.Split(row.Bytes, file.Dialect);
        var shown = new PSObject();
        for (var i = 0; i < file.Header.Count; i++)
            shown.Properties.Add(new PSNoteProperty(file.Header[i], i < values.Count ? values[i] : null));
        return shown;
    }

    public override object Target(UpdateOrigin origin, ShownRow row, Failure failure) =>
        failure.IsParseError
            ? Line(File(origin).Path, origin, row)
            : Target(origin, row);

    private static CsvInput File(UpdateOrigin origin) => (CsvInput)origin.Source!;
}

/// <summary>Objects that came from JSON files.</summary>
internal sealed class JsonRowDescription : RowDescription
{
    public override string Position(UpdateOrigin origin) => $"{System.IO.Path.GetFileName((string)origin.Source!)}, line {origin.Line}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) => first.Row == last.Row ? $"row {first.Row}" : $"rows {first.Row}-{last.Row}";

    // A dictionary, which keeps names that differ in case only.
    public override object Target(UpdateOrigin origin, ShownRow row) => row.IsCut ? Line((string)origin.Source!, origin, row) : JsonFile.Parse(row.Bytes.Span);

    public override object Target(UpdateOrigin origin, ShownRow row, Failure failure) =>
        failure.Id is ErrorId.MalformedJson or ErrorId.InvalidEncoding or ErrorId.DuplicateProperty
            ? Line((string)origin.Source!, origin, row)
            : Target(origin, row);
}
