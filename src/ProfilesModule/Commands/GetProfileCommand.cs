using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that read profiles: all profiles, those that match a filter, or those with given ids.</summary>
public abstract class GetProfileCommand : UserProfileCommand
{
    /// <summary>The parameter set that reads all profiles, or those that match a filter.</summary>
    protected const string FilterSet = "Filter";

    /// <summary>The parameter set that takes ids.</summary>
    protected const string IdSet = "Id";

    /// <summary>The parameter set that takes objects with an id in a named property.</summary>
    protected const string ObjectSet = "Object";

    private readonly List<string> _ids = [];
    private readonly ProfileObject _profiles;
    private ObjectIds? _objects;
    private ulong _skipped;
    private ulong _written;

    private protected GetProfileCommand() => _profiles = new() { Warn = this.Warn };

    /// <summary>
    /// An expression in the query language of the service that selects the profiles to read, such as 'properties["plan"] == "pro"
    /// and defined(properties["$email"])'.
    /// </summary>
    [Parameter(ParameterSetName = FilterSet)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>
    /// Property names and values. Only profiles that have all of these values are read. A value is text, a number or a Boolean,
    /// or $null for a property that is not set.
    /// </summary>
    [Parameter(ParameterSetName = FilterSet)]
    [ValidateUnicode]
    [ValidateNotNull]
    public IDictionary? PropertyEquals { get; set; }

    /// <summary>
    /// Objects, dictionaries or data rows that hold the id of a profile in the property named by <see cref="IdentifierProperty"/>.
    /// </summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>
    /// The name of the property that holds the id. Other properties of the objects are ignored. Default: the recognized names.
    /// </summary>
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
    /// Continues, with one warning for each query, if the service keeps returning fewer profiles than it counts, or if the count
    /// changes between pages because profiles are being updated. By default, the command ends with an error in both cases. Errors
    /// of the service, and a page that belongs to another query, always end the command.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowIncomplete { get; set; }

    /// <summary>Makes sure that profiles can be read.</summary>
    protected override void BeginProcessing()
    {
        _ = Reader;
        this.WarnOfLostZeros(Ids);
    }

    /// <summary>Reads the profiles that match the filter, or collects ids and reads their profiles when they fill a request.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FilterSet)
        {
            Read(Reader.Pages(Filter with { Where = Reader.Condition(Where, PropertyEquals) }));
            return;
        }

        var ids = ParameterSetName == IdSet
            ? Ids.Select(id => id.Text)
            : (_objects ??= new(IdentifierProperty!, this.WriteError)).Of(InputObject);
        foreach (var id in ids)
        {
            _ids.Add(id);
            if (_ids.Count == ProfileQuery.MaximumIds)
                ReadIds();
        }
    }

    /// <summary>Reads the profiles of the remaining ids.</summary>
    protected override void EndProcessing()
    {
        if (_ids.Count > 0)
            ReadIds();
    }

    private protected override bool AllowsIncomplete => AllowIncomplete;

    /// <summary>The ids of the profiles to read.</summary>
    private protected abstract ProfileId[] Ids { get; }

    /// <summary>What an id is called in messages.</summary>
    private protected abstract string Noun { get; }

    /// <summary>Makes the output object of a profile.</summary>
    private protected abstract ServiceProfile Profile(ProfileRecord record, DateTime? updatedAt);

    /// <summary>Selects every profile that the command may read.</summary>
    private protected virtual ProfileFilter Filter => new() { OutputProperties = Property };

    private bool HasFirst => _written >= PagingParameters.First;

    private void ReadIds()
    {
        string[] ids = [.. _ids];
        _ids.Clear();
        Read(Reader.Pages(ids, Filter, Noun));
    }

    private void Read(IEnumerable<ProfilePage> pages)
    {
        if (HasFirst)
            return;
        var read = 0;
        var showsTotal = PagingParameters.IncludeTotalCount && ParameterSetName == FilterSet;
        foreach (var page in pages)
        {
            if (showsTotal && read == 0)
                WriteObject(PagingParameters.NewTotalCount((ulong)(page.Total ?? 0), page.Total is null ? 0 : 1));
            foreach (var profile in page.Profiles)
                Write(profile);
            read += page.Profiles.Count;
            WriteProgress(new(1, MyInvocation.MyCommand.Name, $"{Phrase.Number(read)} profiles read"));

            // Before the next page is requested, which costs one of the queries of the hour.
            if (HasFirst)
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
        else if (!HasFirst)
        {
            _written++;
            WriteObject(_profiles.Create(Profile(profile, ProfileObject.TakeUpdatedAt(profile))));
        }
    }
}
