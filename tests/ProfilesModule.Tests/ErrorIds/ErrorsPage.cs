using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.ErrorIds;

/// <summary>The rows of docs/errors.md.</summary>
internal static class ErrorsPage
{
    private static readonly string[] Header = ["ErrorId", "When", "Category", "Target", "Then", "What to do"];

    public static IReadOnlyList<DocumentedError> Rows { get; } = Read();

    private static DocumentedError[] Read()
    {
        var tables = File.ReadLines(Path.Combine(ModuleSession.RepositoryRoot, "docs", "errors.md")).Where(l => l.StartsWith('|')).Select(Cells).ToArray();
        Assert.All(tables.Where(cells => cells[0] == Header[0]), header => Assert.Equal(Header, header));
        return [.. tables
            .Where(cells => cells[0] != Header[0] && cells[0] != "---")
            .Select(cells => new DocumentedError(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5].Split("<br>")))];
    }

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(c => c.Trim())];
}

/// <summary>A row of docs/errors.md.</summary>
internal sealed record DocumentedError(string Id, string When, string Category, string Target, string Then, string[] Actions)
{
    public bool EndsTheCommand => Then.StartsWith("ends the command", StringComparison.Ordinal);

    /// <summary>Whether a recommended action is the one that is documented, in which … stands for any text.</summary>
    public bool Recommends(int action, string recommended) =>
        Regex.IsMatch(recommended, $"^{Regex.Escape(Actions[action]).Replace("…", ".+", StringComparison.Ordinal)}$");
}
