using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports user profiles from JSON files: an object a line (NDJSON), or one list of objects. Every member but the identifier is
/// set as a property, with its value as it stands in the file. Objects are taken as they are written by Remove-UserProfile
/// -BackupPath, by Get-UserProfile with ConvertTo-Json, by the service's query (with $properties) and by Segment (identify
/// calls, with userId and traits). Files are streamed, so their size does not matter. Always ends with one summary, whose
/// ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>Import-UserProfileJson users.ndjson -IdentifierProperty user_id</code>
/// <para>Imports a file whose objects have the distinct ids in user_id.</para>
/// </example>
/// <example>
/// <code>Remove-UserProfile -PropertyEquals @{ plan = 'trial' } -BackupPath trials.jsonl; Import-UserProfileJson trials.jsonl -IgnoreTime</code>
/// <para>Takes removed profiles back, with the types of their values.</para>
/// </example>
/// <example>
/// <code>$result = Import-UserProfileJson segment-*.ndjson -JournalPath segment.journal -Resume -RejectPath refused.ndjson; exit ($result ? $result.ExitCode : 2)</code>
/// <para>Imports identify calls of Segment in an unattended job: the traits email, firstName and so on become $email, $first_name and so on.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileJson refused.ndjson -RejectPath refused-again.ndjson</code>
/// <para>Tries the refused objects again, once they are corrected.</para>
/// </example>
/// <remarks>
/// <para>An object of NDJSON that cannot be read costs no other. In a list, and in objects that take several lines, what is no JSON
/// ends the file there: what was read before is sent. Files are UTF-8.</para>
/// <para>An import that ends early writes its error and then its summary, and does not throw, so that a job has an ExitCode: 0 when
/// every row was accepted or skipped, 1 when some were rejected or are unknown, 75 when it stopped early and may go on later (the
/// service was down, limits its rate, or the time was over), 2 when it stopped early and would again.</para>
/// </remarks>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="SetUserProfileCommand"/>
[Cmdlet(VerbsData.Import, "UserProfileJson", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportUserProfileJsonCommand : ImportCommand
{
    private JsonOptions _options = new() { IdentifierNames = PipelineRow.DistinctIdNames };
    private bool _warned;

    /// <summary>
    /// The name of the member that holds the distinct id, as text or an integer. Default: DistinctId, distinct_id or $distinct_id,
    /// whichever the object has, else the userId of an identify call of Segment.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(JsonMemberCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>The members that become properties; wildcards are allowed. Default: all but the identifier.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(JsonMemberCompleter))]
    public string[]? Property { get; set; }

    /// <summary>Members that do not become properties, and are in no reject file and no error either; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(JsonMemberCompleter))]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>
    /// Members, by their names or those of their properties, that are sent as SHA-256 in hexadecimal digits: e-mail addresses
    /// ($email) in lower case and phone numbers ($phone) as digits with their plus, both without blanks around them, other text
    /// without the blanks, other values as they are written. Reject files and errors have the hash too; a reject file marks the
    /// member, so that it is not hashed again. The identifier may be one of them.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(JsonMemberCompleter))]
    public string[] HashProperty { get; set; } = [];

    /// <summary>The names of properties by those of members, such as @{ mail = '$email' }.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNull]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>Makes members with usual names the properties that the service reserves: email becomes $email, first_name and firstName become $first_name, and so on. Traits of Segment always do.</summary>
    [Parameter]
    public SwitchParameter UseReservedName { get; set; }

    /// <summary>Leaves the time of the profiles' last update as it is, as back-fills should.</summary>
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    private protected override string Noun => "user profile";

    private protected override RecordOptions Records => new() { IgnoreTime = IgnoreTime };

    private protected override RowDescription Rows { get; } = new JsonRowDescription();

    private protected override ErrorRecord? OptionProblem
    {
        get
        {
            try
            {
                _options = _options with
                {
                    IdentifierProperty = IdentifierProperty,
                    Includes = ColumnFilter.Of(Property, ExcludeProperty),
                    Withholds = ExcludeProperty is null ? null : ColumnFilter.Any(ExcludeProperty),
                    Hashed = HashProperty,
                    PropertyMap = ColumnFilter.Names(PropertyMap),
                    UsesReservedNames = UseReservedName,
                };
                return null;
            }
            catch (FormatException e)
            {
                return Errors.InvalidPropertyMap(e, PropertyMap!);
            }
        }
    }

    private protected override IReadOnlyDictionary<string, string> Shape => new Dictionary<string, string>
    {
        [nameof(Operation)] = Operation.ToString(),
        [nameof(IdentifierProperty)] = IdentifierProperty ?? "",
        [nameof(Property)] = string.Join(',', Property ?? []),
        [nameof(ExcludeProperty)] = string.Join(',', ExcludeProperty ?? []),
        [nameof(HashProperty)] = string.Join(',', HashProperty),
        [nameof(PropertyMap)] = ColumnFilter.Text(PropertyMap),
        [nameof(UseReservedName)] = UseReservedName.ToString(),
        [nameof(AllowAnyIdentifier)] = AllowAnyIdentifier.ToString(),
        [nameof(Strict)] = Strict.ToString(),
        [nameof(Unique)] = Unique.ToString(),
        [nameof(SkipSuperseded)] = SkipSuperseded ? "True" : "",
        [nameof(IgnoreTime)] = IgnoreTime.ToString(),
    };

    private protected override RejectFormat FormatOfRejects(IReadOnlyList<string> header) => new JsonRejectFormat();

    private protected override ErrorRecord NotReadable(Exception exception, string file) => Errors.JsonNotReadable(exception, file);

    private protected override void Import(string file)
    {
        if (Opened(file, () => Open(file), out var input) is not { } json)
            return;
        using (json)
        {
            if (Confirmed(file, (run, rules, identifiers) => Preview(run, input, rules, identifiers)))
                Send(input, [], (run, rules, identifiers) => Send(run, input, json, rules, identifiers, isHeard: true), rejects => JsonUpdates.KeptRows(rejects, _options));
        }
    }

    private JsonFile Open(string file) => Inputs.Once is { } once ? JsonFile.Open(once()) : JsonFile.Open(file);

    private void Preview(DeliveryRun run, JournalInput input, RowRules rules, IdentifierSet identifiers)
    {
        using var json = Open(input.Path);
        Send(run, input, json, rules, identifiers, IsWhatIf);
    }

    private void Send(DeliveryRun run, JournalInput input, JsonFile json, RowRules rules, IdentifierSet identifiers, bool isHeard)
    {
        Inputs.KeepNoMore();
        var updates = new JsonUpdates(json, _options, Operation, run.Writer, input.Path, rules)
        {
            Rejected = run.Reject,
            Advanced = run.Input is { } progress ? progress.Advanced : null,
            IsStopped = () => run.IsEnding,
            Identifiers = identifiers,
            SkipsSuperseded = SkipSuperseded,
            LeftOut = names => WarnOfLeftOut(run, names),
        };
        Send(run, input.Path, updates, () => FindLastRows(updates, input.Path));
        if (isHeard && !run.IsEnding)
            WarnOfNamesNotMet(input.Path, updates);
    }

    private void FindLastRows(JsonUpdates updates, string file)
    {
        using var json = Open(file);
        updates.SendOnlyLastRows(json, StopToken);
    }

    private void WarnOfLeftOut(DeliveryRun run, IReadOnlyList<string> names)
    {
        if (!_warned)
            run.Warn(ShownProfile.Warning(names, "-IdentifierProperty"));
        _warned = true;
    }

    // A name that is written wrongly must not be a setting that nobody misses; before the file is read nobody knows its names.
    private void WarnOfNamesNotMet(string file, JsonUpdates updates)
    {
        var excluded = updates.HadRejectedRows ? null : ExcludeProperty;
        var given = ColumnFilter.Literal(Property, nameof(Property))
            .Concat(ColumnFilter.Literal(excluded, nameof(ExcludeProperty)))
            .Concat(HashProperty.Select(name => KeyValuePair.Create(name, nameof(HashProperty))))
            .Concat(_options.PropertyMap.Keys.Select(name => KeyValuePair.Create(name, nameof(PropertyMap))))
            .ToArray();
        var missing = updates.NotMet(given.Select(name => name.Key)).ToHashSet();
        foreach (var (name, parameter) in given.Where(name => missing.Contains(name.Key)))
            this.Warn($"-{parameter} names '{name}', and no object of the file '{file}' has such a member.");
    }
}
