using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.Json.Nodes;
using ProfilesModule.Isolation;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Page;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Commands;

/// <summary>What New-UserProfileMapping and Import-UserProfileCsv do with the parameters of a mapping, for the page.</summary>
internal sealed class PageMappings : IPageMappings
{
    /// <inheritdoc/>
    public ICsvFormat Csv => Dependencies.Csv;

    /// <inheritdoc/>
    public MappedSource Read(string mapping, bool infersTypes)
    {
        var csv = new CsvParameters { InferType = infersTypes };
        var rows = new ImportSwitches();
        MappedParameters.Set(mapping, [csv, rows]);
        var options = csv.CsvOptions(Operation.Set) with
        {
            OtherIdentifiers = ImportUserProfileCsvCommand.EmailNames,
            MakesIdentifiers = rows.RandomIdentifier,
        };
        return new(new(Csv, options), new() { IgnoreTime = rows.IgnoreTime });
    }

    /// <inheritdoc/>
    public ProposedMapping Propose(string path, JsonObject members)
    {
        var warnings = new List<string>();
        var (source, _) = Read(members.ToJsonString(), infersTypes: true);
        source.Warn = warnings.Add;
        try
        {
            var decisions = source.Look(path);
            var specified = members.ToDictionary(member => member.Key, member => member.Value);
            return new(decisions, new CsvMapping(decisions, specified).Text(path), warnings);
        }
        catch (Exception e) when (FileInputs.FailureOf(e, path, source.NotReadable) is { } failure)
        {
            throw new FailureException(failure);
        }
    }

    /// <inheritdoc/>
    public string Literal(string column) => WildcardPattern.Escape(column);

    /// <inheritdoc/>
    public string CommandLine(string file, string mapping, string rejects)
    {
        // -Path takes wildcard characters, and - for the standard input.
        var path = file.StartsWith('-') || file.AsSpan().ContainsAny("*?[]`") ? "-LiteralPath " : "";
        return $"Import-UserProfileCsv {path}{Quoted(file)} -MappingPath {Quoted(mapping)} -RejectPath {Quoted(rejects)}";
    }

    private static string Quoted(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_') ? text : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    /// <summary>The parameters that Import-UserProfileCsv has beside those for CSV files, and that the page sets.</summary>
    private sealed class ImportSwitches
    {
        [MappingMember]
        public SwitchParameter IgnoreTime { get; set; }

        [MappingMember]
        public SwitchParameter RandomIdentifier { get; set; }
    }
}
