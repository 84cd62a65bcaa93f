using System.Management.Automation;
using ProfilesModule.Files;
using ProfilesModule.Import.Tasks;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Commands;

/// <summary>
/// Gets one account of an import that ran in several tasks (-Partition), or of one that was resumed, from the files that they left: logs
/// (-LogPath) or states (-StatePath). A task reads the same partition of the same input for the same service. Its last run counts; a run
/// that was killed counts only until the task was started again. It needs no connection, and reads files that an import is using, too. The
/// logs of an earlier import of the same input count as well, so give each import a folder of its own.
/// </summary>
/// <example>
/// <code>$import = Get-UserProfileImport logs/*.log
/// exit ($import ? $import.ExitCode : 2)</code>
/// <para>Ends a job that checks what the tasks did: with 75, for example, if a task is missing or unfinished.</para>
/// </example>
/// <example>
/// <code>sbatch --array=$((Get-UserProfileImport logs/*.log | ForEach-Object { $_.Missing; $_.Unfinished }) -join ',') import.sh</code>
/// <para>Starts the tasks again that are not complete. The script needs -PartitionCount, because Slurm counts only what it starts.</para>
/// </example>
/// <example>
/// <code>(Get-UserProfileImport logs/*.log).Tasks | Sort-Object Duration</code>
/// <para>Lists the tasks, the slowest last.</para>
/// </example>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="GetUserProfileSyncCommand"/>
[Cmdlet(VerbsCommon.Get, "UserProfileImport", DefaultParameterSetName = ImportCommand.PathSet)]
[OutputType(typeof(UserProfileImport))]
public sealed class GetUserProfileImportCommand : PSCmdlet
{
    private static readonly byte[] StateMark = "SQLite format 3\0"u8.ToArray();

    private readonly ImportTasks _tasks = new();
    private string? _last;
    private bool _hasFailed;

    /// <summary>The logs and states, with wildcards.</summary>
    [Parameter(ParameterSetName = ImportCommand.PathSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The exact paths of the logs and states.</summary>
    [Parameter(ParameterSetName = ImportCommand.LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Reads the next files.</summary>
    protected override void ProcessRecord()
    {
        var isLiteral = ParameterSetName == ImportCommand.LiteralPathSet;
        foreach (var path in (isLiteral ? LiteralPath : Path).SelectMany(path => InputPath.Resolve(this, path, isLiteral, Fail)))
            Read(_last = path);
    }

    /// <summary>Writes the account.</summary>
    protected override void EndProcessing()
    {
        if (_tasks.IsEmpty)
        {
            if (!_hasFailed && _last is not null)
                this.WriteError(Failures.NoRunLogged(_last));
            return;
        }

        _tasks.Find();
        foreach (var (source, counted, leftOut) in _tasks.Divided)
        {
            this.Warn($"Only the last import of '{source}' counts, in {Partitions(counted)}. The runs of another one, in {Partitions(leftOut)}, "
                + "are left out.");
        }

        WriteObject(new UserProfileImport(_tasks));
    }

    private static string Partitions(int? count) => count is { } partitions ? Phrase.Count(partitions, "partition") : "one task";

    private void Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var start = new byte[StateMark.Length];
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual(StateMark))
            {
                ReadState(path);
                return;
            }

            file.Position = 0;
            ReadLog(file, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Fail(FileInputs.FailureOf(e, path, Failures.LogNotUsable) ?? Failures.LogNotUsable(e, path));
        }
    }

    private void ReadLog(FileStream file, string path)
    {
        var lines = new LogLines(file);
        foreach (var record in lines.Read())
        {
            if (Stopping)
                return;
            _tasks.Add(path, record);
        }

        if (lines.Damaged > 0)
            Fail(Failures.LogNotUsable(path, lines.FirstDamaged, lines.Damaged, lines.IsForeign));
    }

    private void ReadState(string path)
    {
        try
        {
            using var file = Dependencies.OpenState(path, writes: false);
            foreach (var (scope, run) in new SyncRecords(file).Runs())
                _tasks.Add(TaskRun.Of(path, scope, run));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Fail(Failures.StateNotUsable(e, path));
        }
    }

    private void Fail(Failure failure)
    {
        _hasFailed = true;
        this.WriteError(failure);
    }
}
