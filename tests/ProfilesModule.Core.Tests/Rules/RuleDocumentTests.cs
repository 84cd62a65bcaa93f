using System.Text;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Core.Tests.Rules;

/// <summary>The table of rules is the page on them.</summary>
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

    [Theory]
    [InlineData(ErrorId.UpdateTooLarge, Limits.MaximumBatchBytes, " bytes")]
    [InlineData(ErrorId.TooManyProperties, Limits.MaximumProperties, " properties")]
    [InlineData(ErrorId.IdentifierTooLong, Limits.MaximumTextBytes, " bytes")]
    [InlineData(ErrorId.NameTooLong, Limits.MaximumNameLength, " characters")]
    [InlineData(ErrorId.TextTooLong, Limits.MaximumTextBytes, " bytes")]
    [InlineData(ErrorId.ListTooLarge, Limits.MaximumValueBytes / 1024, " KB")]
    [InlineData(ErrorId.ObjectTooLarge, Limits.MaximumValueBytes / 1024, " KB")]
    [InlineData(ErrorId.TooManyKeys, Limits.MaximumKeys, " keys")]
    [InlineData(ErrorId.NestedTooDeep, Limits.MaximumDepth, " levels")]
    public void A_limit_is_the_one_that_is_checked(object rule, int limit, string unit) =>
        Assert.Contains($" {Phrase.Number(limit)}{unit}", RuleTable.Of((ErrorId)rule).Message, StringComparison.Ordinal);

    private static string Page()
    {
        var page = new StringBuilder("""
            # Rules

            The rules that rows and their values must meet before they are sent.

            `Import-UserProfileCsv`, `Import-GroupProfileCsv`, `Import-UserProfileJson`, `Set-UserProfile` and `Set-GroupProfile` check every
            row against these rules; `Test-UserProfile` checks rows without sending anything. A row that breaks a rule of severity Error is rejected,
            and the ErrorId is the name of the rule. A row that breaks a rule of severity Warning is sent, with one warning per rule, property and file;
            with `-Strict` it is rejected. If the name of a column is rejected, no row of its CSV file is sent.

            The module reads its rules from this page. In a text, … is the name of the property, or the number of the column.

            | Rule | Severity | What is wrong | What to do | Source |
            | --- | --- | --- | --- | --- |

            """);
        foreach (var rule in RuleTable.All)
            page.Append($"| `{rule.Id}` | {rule.Severity} | {Cell(Message(rule))} | {Cell(rule.Remedy)} | {Cell(rule.Source)} |\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Message(Rule rule) => rule.MessageFor("…");

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ProfilesModule.psd1")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
