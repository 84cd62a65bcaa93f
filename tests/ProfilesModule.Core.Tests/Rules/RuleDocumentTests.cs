using System.Text;
using ProfilesModule.Rules;

namespace ProfilesModule.Core.Tests.Rules;

/// <summary>What is written about the rules is made of their table.</summary>
public sealed class RuleDocumentTests
{
    [Fact]
    public void Every_fault_breaks_one_rule_and_every_rule_says_all_there_is_to_say()
    {
        Assert.Equal(Enum.GetValues<ErrorId>().Order().TakeWhile(id => id <= ErrorId.NestedTooDeep), RuleTable.All.Select(r => r.Id).Order());
        Assert.All(RuleTable.All, rule =>
        {
            Assert.Same(rule, RuleTable.Of(rule.Id));
            Assert.All([rule.Message, rule.Remedy, rule.Source], text => Assert.False(string.IsNullOrWhiteSpace(text)));
            Assert.EndsWith(".", rule.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", rule.Remedy, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_page_is_that_of_the_table()
    {
        var path = Path.Combine(Root(), "docs", "rules.md");
        var current = Path.Combine(AppContext.BaseDirectory, "rules.md");
        File.WriteAllText(current, Page());
        Assert.True(File.ReadAllText(path).ReplaceLineEndings("\n") == Page(), $"docs/rules.md is not what the table of rules says. Copy {current} over it.");
    }

    private static string Page()
    {
        var page = new StringBuilder("""
            # Rules

            What rows and their values are held to before they are sent.

            `Import-UserProfileCsv`, `Import-GroupProfileCsv`, `Import-UserProfileJson`, `Set-UserProfile` and `Set-GroupProfile` hold every
            row to these rules, and `Test-UserProfile` does so without sending anything. A row that breaks a rule of severity Error is refused,
            and the rule is the ErrorId. One that breaks a rule of severity Warning is sent, with one warning a rule, property and file; `-Strict` refuses
            it. A rule on names refuses a whole CSV file before anything of it is sent.

            This page is made of the table in `src/ProfilesModule.Core/Rules/RuleTable.cs`; a test holds it to that.

            | Rule | Severity | What is wrong | What to do | Source |
            | --- | --- | --- | --- | --- |

            """);
        foreach (var rule in RuleTable.All)
            page.Append($"| `{rule.Id}` | {rule.Severity} | {Cell(Message(rule))} | {Cell(rule.Remedy)} | {Cell(rule.Source)} |\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Message(Rule rule) => rule.MessageFor("…");

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ProfilesModule.psd1")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
