using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Isolation;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports user profiles from CSV files: sets every column but the identifier as a property, as text, and leaves empty
/// cells out. Files are streamed, so their size does not matter. Always ends with one summary, whose ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>Import-UserProfileCsv users.csv -IdentifierColumn user_id</code>
/// <para>Imports a file whose column user_id holds the distinct ids.</para>
/// </example>
/// <example>
/// <code>$ErrorActionPreference = 'Stop'; $result = Import-UserProfileCsv *.csv -Delimiter ';' -Encoding latin1 -ErrorAction Continue; exit ($result ? $result.ExitCode : 2)</code>
/// <para>Imports several files as one run in an unattended job. The first statement ends the job where there is no module or no such parameter; -ErrorAction Continue keeps a refused row from ending it.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv exports/*.csv.gz</code>
/// <para>Imports compressed files as they are.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv -</code>
/// <para>Imports what another program writes, as it comes, in a script that the program is piped into: zcat users.csv.gz | pwsh import.ps1.</para>
/// </example>
/// <example>
/// <code>$result = Import-UserProfileCsv users.csv -JournalPath users.journal -Resume -RejectPath refused.csv -LogPath imports.log; exit ($result ? $result.ExitCode : 2)</code>
/// <para>Begins the import, or goes on with it where an earlier run was killed. The rows that are refused are in refused.csv.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv refused.csv -RejectPath refused-again.csv</code>
/// <para>Tries the refused rows again, once they are corrected.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv users.csv -WhatIf</code>
/// <para>Reads the file, reports the rows that cannot be sent, says how many updates and requests there would be, and sends nothing.</para>
/// </example>
/// <remarks>
/// An import that ends early writes its error and then its summary, and does not throw, so that a job has an ExitCode: 0 when every
/// row was accepted or skipped, 1 when some were rejected or are unknown, 75 when it stopped early and may go on later (the service was
/// down, limits its rate, or the time was over), 2 when it stopped early and would again.
/// </remarks>
/// <seealso cref="SetUserProfileCommand"/>
/// <seealso cref="ConnectUserProfileServiceCommand"/>
[Cmdlet(VerbsData.Import, "UserProfileCsv", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportUserProfileCsvCommand : ImportCommand, IDynamicParameters
{
    /// <summary>Names of columns that identify users when there is none for the distinct id, as in the service's own wizard.</summary>
    internal static readonly string[] EmailNames = ["$email", "email"];

    private readonly CsvParameters _csv = new();

    /// <summary>Leaves the time of the profiles' last update as it is, as back-fills should.</summary>
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <summary>
    /// Gives each row of a file that has no column for the distinct id a random one, a GUID. Importing the file again makes
    /// other profiles, so it does not go with a journal; nor does it go with -IdentifierColumn and -Unique.
    /// </summary>
    [Parameter]
    public SwitchParameter RandomIdentifier { get; set; }

    /// <summary>The parameters for CSV files.</summary>
    public object GetDynamicParameters() => _csv;

    private protected override string Noun => "user profile";

    private protected override RecordOptions Records => new() { IgnoreTime = IgnoreTime };

    private protected override IEnumerable<object> ShapingParameters => [this, _csv];

    private protected override RowSource CreateSource()
    {
        if (RandomIdentifier && (JournalPath is not null ? "-JournalPath" : RandomIdentifierUnfit(_csv, Unique)) is { } other)
            throw new FailureException(Failures.RandomIdentifierUnfit(other));
        return new CsvSource(Dependencies.Csv, _csv.CsvOptions(Operation) with { OtherIdentifiers = EmailNames, MakesIdentifiers = RandomIdentifier });
    }

    /// <summary>A parameter that random identifiers contradict; null for none.</summary>
    internal static string? RandomIdentifierUnfit(CsvParameters csv, bool unique) =>
        csv.IdentifierColumn is not null ? "-IdentifierColumn" : unique ? "-Unique" : null;
}
