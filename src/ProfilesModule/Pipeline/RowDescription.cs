using System.Globalization;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Pipeline;

/// <summary>Names a row of a file or of the pipeline to the user, and returns it.</summary>
internal static class RowDescription
{
    /// <summary>What a row is called in a message.</summary>
    public static string Position(UpdateOrigin origin) => origin.Source is InputFile file
        ? $"{Path.GetFileName(file.Path)}, {file.Source.RowNoun} {origin.Line}"
        : $"Object {origin.Row}";

    /// <summary>What several rows are called in a message.</summary>
    public static string Range(UpdateOrigin first, UpdateOrigin last)
    {
        var noun = first.Source is InputFile ? "row" : "object";
        return first.Row == last.Row ? $"{noun} {first.Row}" : $"{noun}s {first.Row}-{last.Row}";
    }

    /// <summary>The row as the user knows it, for the target of an error.</summary>
    /// <param name="origin">Where it is.</param>
    /// <param name="row">The row as it stands in its file.</param>
    /// <param name="failure">Why it was refused before it was sent; null when it was sent.</param>
    public static object? Target(UpdateOrigin origin, RowExcerpt row, Failure? failure)
    {
        if (origin.Source is not InputFile file)
            return origin.Source;
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
}
