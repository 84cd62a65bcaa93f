using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rows;

namespace ProfilesModule.Commands;

/// <summary>
/// The base of the cmdlets that read profiles: all of them, those that a filter is true for, or named ones. Profiles are
/// written as their pages arrive, and no page is asked for that nobody waits for.
/// </summary>
public abstract class GetProfileCommand : UserProfileCommand
{
    /// <summary>The parameter set of all profiles, or those that a filter is true for.</summary>
    protected const string FilterSet = "Filter";

    /// <summary>The parameter set of named profiles.</summary>
    protected const string IdSet = "Id";

    /// <summary>The parameter set of objects with a named property that holds the identifier.</summary>
    protected const string ObjectSet = "Object";

    private readonly PipelineRow _row = new();
    private readonly List<string> _asked = [];
    private long _inputs;
    private readonly ProfileObject _profiles;
    private ulong _skipped;
    private ulong _written;

    /// <summary>Makes the command.</summary>
    private protected GetProfileCommand() => _profiles = new() { Warn = this.Warn };

    /// <summary>An expression of the service's language that is true for the profiles to read, such as 'properties["plan"] == "pro" and defined(properties["$email"])'.</summary>
    [Parameter(ParameterSetName = FilterSet)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>The values that properties of the profiles to read have, all of them: text, numbers and Booleans, or $null for a property that is not set.</summary>
    [Parameter(ParameterSetName = FilterSet)]
    [ValidateUnicode]
    [ValidateNotNull]
    public IDictionary? PropertyEquals { get; set; }

    /// <summary>Objects, dictionaries or data rows whose property <see cref="IdentifierProperty"/> names a profile.</summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>The name of the property that holds the identifier, whatever else the objects have. Default: the usual names.</summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>The names of the properties to read. Default: all.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string[]? Property { get; set; }

    /// <summary>
    /// Goes on, with one warning a query, where the service returns fewer profiles than it counts in every attempt, or
    /// counts others while pages are read, as when profiles are changed meanwhile. Without it either ends the command. What the
    /// service calls an error, and a page of another query, ends it all the same.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowIncomplete { get; set; }

    /// <summary>Makes sure that profiles can be read.</summary>
    protected override void BeginProcessing() => _ = Reader;

    /// <summary>Takes the next identifiers, and reads their profiles when there are enough for a request.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FilterSet)
        {
            Read(Reader.Pages(Everything with { Where = Reader.Condition(Where, PropertyEquals) }));
            return;
        }

        foreach (var id in ParameterSetName == ObjectSet ? ObjectRow.Id(_row, InputObject, IdentifierProperty!, ++_inputs, WriteError) : Ids)
        {
            _asked.Add(id);
            if (_asked.Count == ProfileQuery.MaximumIds)
                ReadAsked();
        }
    }

    /// <summary>Reads the named profiles that are left.</summary>
    protected override void EndProcessing()
    {
        if (_asked.Count > 0)
            ReadAsked();
    }

    private protected override bool AllowsIncomplete => AllowIncomplete;

    /// <summary>The named profiles.</summary>
    private protected abstract IReadOnlyList<string> Ids { get; }

    /// <summary>What names a profile.</summary>
    private protected abstract string Noun { get; }

    /// <summary>A profile of the command's kind.</summary>
    private protected abstract ServiceProfile Profile(ProfileRecord record, DateTime? updatedAt);

    /// <summary>All profiles that the command may read.</summary>
    private protected virtual ProfileFilter Everything => new() { OutputProperties = Property };

    private void ReadAsked()
    {
        var asked = _asked.ToArray();
        _asked.Clear();
        Read(Reader.Pages(asked, Everything, Noun));
    }

    /// <summary>Whether as many profiles were written as -First asks for.</summary>
    private bool IsSatisfied => _written >= PagingParameters.First;

    private void Read(IEnumerable<ProfilePage> pages)
    {
        if (IsSatisfied)
            return;
        var found = 0;
        var showsTotal = PagingParameters.IncludeTotalCount && ParameterSetName == FilterSet;
        foreach (var page in pages)
        {
            if (showsTotal && found == 0)
                WriteObject(PagingParameters.NewTotalCount((ulong)(page.Total ?? 0), page.Total is null ? 0 : 1));
            foreach (var profile in page.Profiles)
                Write(profile);
            found += page.Profiles.Count;
            WriteProgress(new(1, MyInvocation.MyCommand.Name, $"{found:N0} profiles read"));
            if (IsSatisfied)
                break;
        }

        WriteProgress(new(1, MyInvocation.MyCommand.Name, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private void Write(ProfileRecord profile)
    {
        if (_skipped < PagingParameters.Skip)
        {
            _skipped++;
        }
        else if (!IsSatisfied)
        {
            _written++;
            WriteObject(_profiles.Create(Profile(profile, ProfileObject.TakeUpdatedAt(profile))));
        }
    }
}
