using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>
/// Gets the runs that a state (-StatePath) records, the oldest first, or what it knows of single profiles: when their last update was
/// sent, with which hash, and by which run. It needs no connection, and reads a state that a run is using, too.
/// </summary>
/// <example>
/// <code>Get-UserProfileSync users.db | Select-Object -Last 24</code>
/// <para>Shows the last 24 runs.</para>
/// </example>
/// <example>
/// <code>Get-UserProfileSync users.db -DistinctId u-4711</code>
/// <para>Shows when the profile was last sent, and by which run.</para>
/// </example>
/// <seealso cref="ImportUserProfileCsvCommand"/>
[Cmdlet(VerbsCommon.Get, "UserProfileSync", DefaultParameterSetName = RunSet)]
[OutputType(typeof(UserProfileSyncRun), ParameterSetName = [RunSet])]
[OutputType(typeof(UserProfileSyncEntry), ParameterSetName = [ProfileSet])]
public sealed class GetUserProfileSyncCommand : PSCmdlet
{
    private const string RunSet = "Run";
    private const string ProfileSet = "Profile";

    /// <summary>The state, as it was specified for the import or the Set command.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string StatePath { get; set; } = "";

    /// <summary>
    /// The distinct ids of users, or the ids of groups, to look up. A state can have an entry of an id for users and one for each kind of
    /// group.
    /// </summary>
    [Parameter(ParameterSetName = ProfileSet, Mandatory = true, Position = 1, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [ProfileIdTransformation]
    public ProfileId[] DistinctId { get; set; } = [];

    /// <summary>Reads the state.</summary>
    protected override void ProcessRecord()
    {
        var path = InputPath.Resolve(this, StatePath, isLiteral: true, failure => this.ThrowTerminatingError(failure)).Single();
        try
        {
            using var file = Dependencies.OpenState(path, writes: false);
            Write(new(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            this.ThrowTerminatingError(Failures.StateNotUsable(e, path));
        }
    }

    private void Write(SyncRecords records)
    {
        if (ParameterSetName == RunSet)
        {
            foreach (var (scope, run) in records.Runs())
                WriteObject(new UserProfileSyncRun(scope, run));
            return;
        }

        string[] ids = [.. DistinctId.Select(id => id.Text)];
        var found = records.Find(ids).ToArray();
        foreach (var record in found)
            WriteObject(new UserProfileSyncEntry(record));
        foreach (var id in ids.Except(found.Select(record => record.Id), StringComparer.Ordinal))
            this.WriteError(Failures.ProfileNotInState(id, StatePath));
    }
}
