using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Rules;

/// <summary>Each defect is found, by the rule and for the property that it should be, and nothing else with it.</summary>
public sealed class DirtyDataTests : IDisposable
{
    /// <summary>Rules that the rows of a UTF-8 file cannot break.</summary>
    private static readonly string[] OfOtherInput = ["InvalidEncoding", "UnsupportedObject", "ProfileOfOtherKind", "InvalidIdentifier", "RejectRowDamaged", "MalformedJson", "DuplicateProperty"];

    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_row_has_exactly_the_defect_that_it_is_named_for()
    {
        Assert.True(DirtyData.Rows.Count(row => row.Rule is not null) >= 60);
        Assert.Equal(DirtyData.Rows.Count, DirtyData.Rows.Select(row => row.Defect).Distinct().Count());
        var wrong = DirtyData.Rows.Select(row => (Row: row, Found: Findings(row))).Where(r => r.Found != Expected(r.Row)).Select(r => $"{r.Row.Defect}: {r.Found}").ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_rule_is_broken_by_some_row_and_kept_by_the_others()
    {
        var page = File.ReadAllText(Path.Combine(ModuleSession.RepositoryRoot, "docs", "rules.md"));
        var rules = Regex.Matches(page, @"^\| `(\w+)` \|", RegexOptions.Multiline).Select(row => row.Groups[1].Value);
        Assert.Equal(rules.Except(OfOtherInput).Order(), DirtyData.Rows.Select(row => row.Rule).OfType<string>().Distinct().Order());
    }

    [Fact]
    public void A_file_of_another_encoding_is_found()
    {
        var path = _folder.Write("a.csv", "distinct_id,town\n1,Dürnstein\n", Encoding.Latin1);
        Assert.Equal("InvalidEncoding  1 2", Text(_session.Run("Test-UserProfile $path", new { path }).Succeeded()));
        Assert.Equal("", Text(_session.Run("Test-UserProfile $path -Encoding latin1", new { path }).Succeeded()));
    }

    private static string Expected(DirtyRow row)
    {
        // What is wrong with a name, or with all ids, has no line.
        var isName = row.Rule is "ForbiddenName" or "NameTooLong" or "NameWithBlanks" or "RequestFieldName" or "ServiceKeptName"
            or "UnknownReservedName" or "UnreservedName" or "RoundedIdentifier" or "FloatIdentifier";
        var before = row.Before is null ? "" : $"{row.Before}  1 2; ";
        var line = isName ? "" : row.Before is null ? "2" : "3";
        return row.Rule is null ? "" : $"{before}{row.Rule} {row.Property} 1 {line}";
    }

    private string Findings(DirtyRow row)
    {
        var path = _folder.Write("dirty.csv", $"{row.Header}\n{row.Row}\n");
        return Text(_session.Run($"Test-UserProfile $path {row.Parameters}", new { path }).Succeeded());
    }

    private static string Text(ScriptResult result) => string.Join("; ", result.Output.SkipLast(1).Select(Text));

    private static string Text(PSObject finding)
    {
        dynamic found = finding;
        return $"{found.Rule} {found.Property} {found.Count} {string.Join(',', (IEnumerable<long>)found.Lines)}";
    }
}
