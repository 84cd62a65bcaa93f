using System.Text.Json.Nodes;
using ProfilesModule.Delivery;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Page;

/// <summary>
/// Knows the parameters of the cmdlets, which the page does not: what is set on the page is a mapping, so that its preview, its test, its
/// import and the file that it gives out cannot differ.
/// </summary>
internal interface IPageMappings
{
    /// <summary>Reads CSV files.</summary>
    ICsvFormat Csv { get; }

    /// <summary>What Import-UserProfileCsv reads its files with.</summary>
    /// <param name="mapping">The text of the mapping.</param>
    /// <param name="infersTypes">Whether columns get the types of their first rows if the mapping does not say them.</param>
    /// <exception cref="FailureException">The parameters cannot be used together.</exception>
    MappedSource Read(string mapping, bool infersTypes);

    /// <summary>The mapping that New-UserProfileMapping writes for a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="members">The parameters that were specified.</param>
    /// <exception cref="FailureException">The file cannot be imported so.</exception>
    ProposedMapping Propose(string path, JsonObject members);

    /// <summary>The name of a column where wildcards have a meaning.</summary>
    string Literal(string column);

    /// <summary>The line of PowerShell that imports a file with a mapping.</summary>
    /// <param name="file">The name of the file.</param>
    /// <param name="mapping">The name of the mapping file.</param>
    /// <param name="rejects">The name of the file for rejected rows.</param>
    string CommandLine(string file, string mapping, string rejects);
}

/// <summary>How the rows of a mapping become updates.</summary>
/// <param name="Source">Opens its files.</param>
/// <param name="Records">What every record carries.</param>
internal sealed record MappedSource(CsvSource Source, RecordOptions Records);

/// <summary>A mapping for a file.</summary>
/// <param name="Decisions">What an import with it decides.</param>
/// <param name="Text">What a mapping file has.</param>
/// <param name="Warnings">What an import warns of before its first row.</param>
internal sealed record ProposedMapping(CsvDecisions Decisions, string Text, IReadOnlyList<string> Warnings);
