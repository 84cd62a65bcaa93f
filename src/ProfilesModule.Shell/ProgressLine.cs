using System.Management.Automation;

namespace ProfilesModule.Shell;

/// <summary>Draws the latest progress record on one line of standard error while that is a terminal.</summary>
internal sealed class ProgressLine
{
    private readonly bool _drawn = !Console.IsErrorRedirected && !Console.IsOutputRedirected;
    private int _length;

    /// <summary>Shows a record in place of the one before, or nothing once it is completed.</summary>
    public void Show(ProgressRecord record)
    {
        if (!_drawn)
            return;

        Clear();
        if (record.RecordType == ProgressRecordType.Completed)
            return;

        var percent = record.PercentComplete >= 0 ? $" {record.PercentComplete}%" : "";
        var remaining = record.SecondsRemaining >= 0 ? $" {TimeSpan.FromSeconds(record.SecondsRemaining):g} left" : "";
        var line = Fit($"{record.Activity}: {record.StatusDescription}{percent}{remaining}".ReplaceLineEndings(" "));
        Console.Error.Write(line);
        _length = line.Sum(ShellRawUserInterface.CellsOf);
    }

    /// <summary>Removes the line, so that what is written next starts on an empty one.</summary>
    public void Clear()
    {
        if (_length == 0)
            return;

        Console.Error.Write($"\r{new string(' ', _length)}\r");
        _length = 0;
    }

    /// <summary>Cuts a text to what fits on one line without wrapping.</summary>
    private static string Fit(string text)
    {
        var room = ShellRawUserInterface.Width - 1;
        var length = 0;
        while (length < text.Length && (room -= ShellRawUserInterface.CellsOf(text[length])) >= 0)
            length++;

        return text[..length];
    }
}
