using System.Management.Automation;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.ErrorIds;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Rules;

/// <summary>Somebody who does what an error advises gets what was meant.</summary>
public sealed partial class RemedyTests : ConnectedTests
{
    /// <summary>Rules whose remedies are not followed here, and why.</summary>
    private static readonly Dictionary<string, string> OtherRules = new(StringComparer.Ordinal)
    {
        ["ProfileOfOtherKind"] = "Only profiles that were read have a kind: GroupProfileTests.",
        ["UpdateTooLarge"] = "Anything smaller is meant.",
        ["TooManyProperties"] = "Anything smaller is meant.",
        ["NameTooLong"] = "Anything shorter is meant.",
        ["ListTooLarge"] = "Anything shorter is meant.",
        ["ObjectTooLarge"] = "Anything shorter is meant.",
        ["TooManyKeys"] = "Anything smaller is meant.",
    };

    /// <summary>Parameters that errors about rows and files name and that are not followed here, and why.</summary>
    private static readonly Dictionary<string, string> OtherParameters = new(StringComparer.Ordinal)
    {
        ["FileNotReadable -Delimiter"] = "One of several things to check.",
        ["FileNotReadable -Encoding"] = "One of several things to check.",
        ["InvalidHeader -NoTypeInformation"] = "Of Export-Csv.",
        ["JournalUnfinished -Resume"] = "Not about what is in the file: JournalTests.",
        ["LostValue -Depth"] = "Of ConvertTo-Json: DeserializedValueTests.",
        ["PathNotFound -LiteralPath"] = "Not about what is in the file.",
        ["PathUsedTwice -JournalPath"] = "Not about what is in the file.",
        ["PathUsedTwice -LogPath"] = "Not about what is in the file.",
        ["PathUsedTwice -RejectPath"] = "Not about what is in the file.",
        ["PathUsedTwice -ReportPath"] = "Not about what is in the file.",
        ["PathUsedTwice -StatePath"] = "Not about what is in the file.",
        ["ProfileOfOtherKind -GroupKey"] = "Only profiles that were read have a kind: OtherNounTests.",
        ["ProfileOfOtherKind -IdentifierProperty"] = "Only profiles that were read have a kind: OtherNounTests.",
        ["RejectColumnsDiffer -RejectPath"] = "An import of its own.",
        ["StandardInputNotAvailable -Command"] = "Of pwsh: StandardInputTests.",
        ["StandardInputNotAvailable -File"] = "Of pwsh: StandardInputTests.",
        ["UnsupportedObject -DistinctId"] = "Another command: SetUserProfileTests.",
        ["UnsupportedObject -Operation"] = "Another operation than to set: ImportJsonRequestTests.",
        ["UnsupportedObject -Property"] = "Another command: SetUserProfileTests.",
        ["UnsupportedObject -Unset"] = "Another command: SetUserProfileTests.",
    };

    public static TheoryData<int, string> Cases
    {
        get
        {
            var cases = new TheoryData<int, string>();
            foreach (var (remedy, i) in Remedies.All.Select((remedy, i) => (remedy, i)))
                cases.Add(i, $"{remedy.Id} {remedy.Then}");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_an_error_advises_helps(int index, string name)
    {
        var remedy = Remedies.All[index];
        var refused = Import(remedy.Source, remedy.Rows, remedy.With, remedy.Encoding);
        var error = refused.Errors.FirstOrDefault(error => IdOf(error) == remedy.Id);
        Assert.True(error is not null, $"{name}: {string.Join(", ", refused.Errors.Select(IdOf))}");
        var told = $"{error} {error.ErrorDetails.RecommendedAction}";
        Assert.All(remedy.Advised, parameter => Assert.Contains(parameter, told, StringComparison.Ordinal));

        Service.Profiles.Clear();
        var encoding = remedy.Corrected is null ? remedy.Encoding : new UTF8Encoding(false);
        var followed = Import(remedy.OtherSource ?? remedy.Source, remedy.Corrected ?? remedy.Rows, remedy.Then, encoding);
        Assert.Equal(remedy.Left ?? "", string.Join(", ", followed.Errors.Select(IdOf).Distinct()));
        Assert.Empty(followed.Warnings);
        var stored = JsonSerializer.SerializeToElement(Service.Profiles);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(remedy.Stored).RootElement, stored), stored.ToString());
    }

    [Fact]
    public void Each_rule_has_a_remedy_that_is_followed()
    {
        var rules = Lines("rules.md").Select(cells => cells[0].Trim('`'));
        Assert.Equal(rules.Except(Remedies.All.Select(remedy => remedy.Id)).Order(), OtherRules.Keys.Order());
    }

    [Fact]
    public void Each_parameter_that_an_error_about_rows_or_files_names_is_used_as_it_advises()
    {
        var named = ErrorsPage.Rows.Where(error => error.Then.Contains("continues", StringComparison.Ordinal))
            .SelectMany(error => error.Actions.Select(action => (error.Id, Action: action)))
            .Concat(Lines("rules.md").Select(cells => (Id: cells[0].Trim('`'), Action: cells[3])))
            .SelectMany(row => Parameter().Matches(row.Action).Select(parameter => $"{row.Id} {parameter.Value}"));
        var used = Remedies.All.SelectMany(remedy => remedy.Advised.Select(parameter => $"{remedy.Id} {parameter}"));
        Assert.Equal(OtherParameters.Keys.Order(StringComparer.Ordinal), named.Except(used).Order(StringComparer.Ordinal));
    }

    private ScriptResult Import(RowsOf source, string rows, string parameters, Encoding encoding)
    {
        if (source == RowsOf.Pipeline)
            return Session.Run($"{rows} | Set-UserProfile -Strict {parameters}");
        if (source == RowsOf.Exported)
        {
            return Session.Run(
                $"{rows} | Export-Csv $path -NoTypeInformation; Import-UserProfileCsv $path -Strict {parameters}",
                new { path = Folder.File("rows.csv") });
        }

        var extension = source.ToString().ToLowerInvariant();
        var path = rows.Split('\f').Select((text, i) => Folder.Write($"rows{i}.{extension}", text, encoding)).ToArray();
        return Session.Run($"Import-UserProfile{source} $path -Strict {parameters}", new { path, bad = Folder.File("bad.csv") });
    }

    private static string IdOf(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];

    private static IEnumerable<string[]> Lines(string page) =>
        File.ReadLines(Path.Combine(ModuleSession.RepositoryRoot, "docs", page))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray());

    [GeneratedRegex(@"(?<![\w-])-[A-Z]\w+")]
    private static partial Regex Parameter();
}
