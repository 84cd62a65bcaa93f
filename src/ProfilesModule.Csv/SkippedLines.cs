using System.Text;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Csv;

/// <summary>The lines of a file that stand before its header. What is in them is no CSV, so a quote in them has no meaning.</summary>
internal static class SkippedLines
{
    /// <summary>Passes over lines; there may be fewer.</summary>
    /// <param name="text">The text, at its start.</param>
    /// <param name="lines">How many.</param>
    /// <param name="encoding">Its encoding.</param>
    public static void PassOver(StartedStream text, int lines, Encoding encoding)
    {
        // A line break of two bytes or four stands where such a character may stand, since the text is passed over in their steps.
        var (lineFeed, carriageReturn) = (encoding.GetBytes("\n"), encoding.GetBytes("\r"));
        while (lines > 0 && text.Peek(lineFeed.Length) is { IsEmpty: false } next)
        {
            var isReturn = next.SequenceEqual(carriageReturn);
            if (isReturn || next.SequenceEqual(lineFeed))
                lines--;
            text.Skip(next.Length);
            if (isReturn && text.Peek(lineFeed.Length).SequenceEqual(lineFeed))
                text.Skip(lineFeed.Length);
        }
    }
}
