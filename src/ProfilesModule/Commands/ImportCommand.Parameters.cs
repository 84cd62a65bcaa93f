using System.Management.Automation;
using ProfilesModule.Mapping;
using ProfilesModule.Model;

namespace ProfilesModule.Commands;

/// <content>The parameters.</content>
public abstract partial class ImportCommand
{
    /// <summary>The parameter set of paths that may have wildcards.</summary>
    protected internal const string PathSet = "Path";

    /// <summary>The parameter set of exact paths.</summary>
    protected internal const string LiteralPathSet = "LiteralPath";

    /// <summary>
    /// What the properties of a row mean: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. If the
    /// first JSON file holds requests and you do not specify this parameter, their operation applies. Only numbers can be added. Append and
    /// Remove apply to each element of a list. With Append, Union and Remove, rows without a value count as skipped.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add),
        nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <summary>
    /// Accepts placeholders such as null, unknown or 0 as distinct ids. By default, such rows are rejected, because they would all
    /// change one profile.
    /// </summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <summary>Rejects rows that break a rule that otherwise only causes a warning. See about_ProfilesModule_Rules.</summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>
    /// A file that holds parameters, so that they can be reviewed and used again: one JSON object, in which comments are allowed. Its
    /// members have the names of the parameters that shape updates, such as { "identifierColumn": "id", "strict": true }. Parameters
    /// that you specify take precedence. See about_ProfilesModule_Mapping.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MappingPath { get; set; }

    /// <summary>
    /// A file in which the import records which rows have an outcome, so that it can be resumed after it was killed or stopped. It
    /// does not contain data of rows. A finished import is not started again. If another import is using the file, this one waits for it,
    /// for a minute or the time of -TimeoutSec at most, and then ends with ExitCode 75.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>
    /// Continues the import that the journal describes, without the rows that already have an outcome. The files, the parameters that
    /// shape updates, the token and the endpoint must be the same. Starts the import if there is no journal yet, so that a job can
    /// always specify it. If the import was killed, the service may still apply a request that was in flight, even after newer ones. If
    /// the last value of a profile matters, wait a minute before you resume.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>
    /// A file for the rows that were not accepted. It contains them unchanged, with _line, _error and _errorId. To try just these rows
    /// again, import it with the same command; rows marked OutcomeUnknown also require -RetryAmbiguous. The rows of a profile are in
    /// input order. If a later row of the profile was sent, _error says so, and -SkipSuperseded leaves out the older one. Without a
    /// journal, the file also contains the rows that are not sent because the import ends early. Rows of an earlier reject file at this
    /// path are kept next to it, in a file with the time in its name. Each ErrorId causes at most a hundred errors; one more error then
    /// states the number of the remaining rows, which are in the file.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RejectPath { get; set; }

    /// <summary>
    /// A file in which the import keeps what the service has of each profile, as hashes, so that the next run sends only the rows that
    /// changed. The file is created if it does not exist. Rows that did not change are counted as Unchanged. What was not accepted is
    /// sent again, also after the import was stopped or killed. The state holds identifiers and names of properties, but no values; it
    /// is for one endpoint, token and kind of profile at a time, and several can share a file. Not with -JournalPath, Add or Append.
    /// With a new state, the import first tests the connection as Test-UserProfileConnection does, or warns if it has no service account.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <summary>Sends all rows, whatever the state says, and notes in it what the service accepts.</summary>
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <summary>
    /// Sends rows again that were last sent longer ago than this, because others may change profiles too, such as 7.00:00:00 for a
    /// week. At least a minute. Default: no limit.
    /// </summary>
    [Parameter]
    public TimeSpan MaxStateAge { get; set; }

    /// <summary>
    /// Removes the properties that an earlier run set and that the row does not have now ($unset), because their value is empty or their
    /// column is gone. Requires -StatePath, and works with -Operation Set only. By default, profiles keep the old values, and a warning
    /// at the end states their number. -EmptyCell Unset removes properties whose cells are empty.
    /// </summary>
    [Parameter]
    public SwitchParameter RemoveMissingProperty { get; set; }

    /// <summary>
    /// Removes the profiles that the state knows and the input does not have any more, for input that is complete each time: a file with
    /// all users, or a query of all of them. Requires -StatePath and -Operation Set. Nothing is removed unless every row was accepted, if
    /// the input has no rows, or if more than -MaxRemovePercent are missing. Only profiles that earlier runs sent from the same files or
    /// the same query with the same parameters are removed. The import asks first, also without -Confirm; unattended jobs need
    /// -Confirm:$false. What could not be removed is removed by the next run.
    /// </summary>
    [Parameter]
    public SwitchParameter RemoveMissing { get; set; }

    /// <summary>
    /// The percentage of the profiles in the state that -RemoveMissing may remove at most, 0 to 100. If more are missing, none is
    /// removed. Default 5.
    /// </summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaxRemovePercent { get; set; } = 5;

    /// <summary>
    /// The part of the rows that this task imports, as a number from 0 to -PartitionCount less 1, so that several tasks share an input:
    /// each reads all of it and takes the rows whose identifier belongs to its part. All rows of a profile belong to one part. Auto takes
    /// the number from the engine that started the task: a Slurm job array, a Kubernetes indexed Job (specify -PartitionCount), an AWS
    /// Batch array job, or parallel jobs of GitLab. Rows without an identifier belong to part 0. The counts of the tasks add up to those
    /// of one import. See about_ProfilesModule_Partitions.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <summary>
    /// How many parts, and so tasks, there are. Default: what the engine says (-Partition Auto). If there are several, each file that an
    /// import writes needs {partition} in its path, such as 'logs/{partition}.log', which stands for the number of the part. Limits such as
    /// -MaxUpdatesPerSecond apply to each task: divide them by the number of tasks that run at the same time.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int PartitionCount { get; set; }

    /// <summary>
    /// A log file. The import appends one line of JSON at its start, one for each request and one at its end, without any data of rows.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }
}
