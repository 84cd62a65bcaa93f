using System.Text;
using System.Text.RegularExpressions;

namespace ProfilesModule.HelpBuilder;

/// <summary>
/// An about topic made of a page of Markdown: its first paragraph is the short description, each section keeps its name, and
/// a row of a table becomes its first cell with the others below it. Knows headings, paragraphs, fenced code, tables and `code`.
/// </summary>
internal static partial class AboutTopic
{
    // Pages of Get-Help are 80 columns wide where a console is.
    private const int Width = 79;
    private const int Indent = 4;

    /// <summary>The text of the topic.</summary>
    /// <param name="name">Its name, which begins with about_.</param>
    /// <param name="markdown">The lines of the page.</param>
    /// <param name="seeAlso">The topics to read on in.</param>
    /// <exception cref="DocumentationException">The page has something that is not known here.</exception>
    public static string Of(string name, IEnumerable<string> markdown, params string[] seeAlso)
    {
        var blocks = Blocks(markdown).ToArray();
        if (blocks is not [[['#', ' ', ..]], var summary, ..])
            throw new DocumentationException("A topic begins with a title and a paragraph.");
        var text = new StringBuilder();
        Section(text, "TOPIC", [name]);
        Section(text, "SHORT DESCRIPTION", Wrapped(summary, Indent));
        text.Append("LONG DESCRIPTION\n");
        foreach (var block in blocks.Skip(2))
            Append(text, block);
        Section(text, "SEE ALSO", seeAlso);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder text, string[] block)
    {
        switch (block[0])
        {
            case ['#', '#', ' ', .. var heading]:
                text.Append(heading.ToUpperInvariant()).Append('\n');
                break;
            case ['`', '`', '`', ..]:
                Lines(text, block[1..^1], Indent + 4);
                text.Append('\n');
                break;
            case ['|', ..]:
                Table(text, block);
                break;
            case ['#' or '-' or '*' or '>' or '<' or ' ', ..]:
                throw new DocumentationException($"A topic does not know '{block[0]}'.");
            default:
                Lines(text, Wrapped(block, Indent), Indent);
                text.Append('\n');
                break;
        }
    }

    private static void Table(StringBuilder text, string[] block)
    {
        var header = Cells(block[0]);
        var labels = header.Max(h => h.Length) + 2;
        foreach (var row in block.Skip(2).Select(Cells))
        {
            if (row.Length != header.Length)
                throw new DocumentationException($"The row of '{row[0]}' has {row.Length} cells and its table {header.Length} columns.");
            Lines(text, [row[0]], Indent);
            foreach (var (label, cell) in header.Zip(row).Skip(1))
            {
                var lines = cell.Split("<br>").SelectMany(part => Wrapped([part], Indent + 4 + labels)).ToArray();
                Lines(text, [(label + ":").PadRight(labels) + lines[0]], Indent + 4);
                Lines(text, lines[1..], Indent + 4 + labels);
            }

            text.Append('\n');
        }
    }

    /// <summary>What stands together: a heading, the lines of a paragraph or of a table, fenced code with its fences.</summary>
    private static IEnumerable<string[]> Blocks(IEnumerable<string> markdown)
    {
        var block = new List<string>();
        var isCode = false;
        foreach (var line in markdown.Append(""))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            if (line.Length > 0 || isCode)
            {
                block.Add(line);
            }
            else if (block.Count > 0)
            {
                yield return [.. block];
                block.Clear();
            }
        }

        if (isCode)
            throw new DocumentationException("A block of code has no end.");
    }

    private static string[] Cells(string row) => [.. row.Trim().Trim('|').Split('|').Select(c => c.Trim())];

    private static IEnumerable<string> Wrapped(IEnumerable<string> lines, int indent)
    {
        var line = "";
        foreach (var word in Markup().Replace(string.Join(' ', lines), "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && indent + line.Length + 1 + word.Length > Width)
            {
                yield return line;
                line = "";
            }

            line += line.Length > 0 ? " " + word : word;
        }

        yield return line;
    }

    private static void Section(StringBuilder text, string heading, IEnumerable<string> lines)
    {
        text.Append(heading).Append('\n');
        Lines(text, lines, Indent);
        text.Append('\n');
    }

    private static void Lines(StringBuilder text, IEnumerable<string> lines, int indent)
    {
        foreach (var line in lines)
            text.Append((new string(' ', indent) + line).TrimEnd()).Append('\n');
    }

    [GeneratedRegex("[`*]")]
    private static partial Regex Markup();
}
