using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Rows;

/// <summary>Reads objects of the pipeline as rows. Reused for each object.</summary>
/// <param name="identifierProperty">The property that holds the id; null for one of the usual names.</param>
/// <param name="groupKey">The group key of the profiles; null for users.</param>
internal sealed partial class PipelineRow(string? identifierProperty, string? groupKey)
{
    private readonly IReadOnlyList<string> _identifierNames = groupKey is null ? ProfileFields.DistinctIdNames : ProfileFields.GroupIdNames;
    private readonly SegmentCall _call = groupKey is null ? SegmentCall.Identify : SegmentCall.Group;
    private bool _warned;
    private object? _copiedId;
    private FieldRoles? _roles;

    /// <summary>Writes a warning about the first row with members that are not properties.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>How texts are taken. Default: as they are.</summary>
    public InputTexts Texts { get; init; } = InputTexts.AsTheyAre;

    public RowFields Fields { get; } = new();

    public string? Id { get; private set; }

    /// <summary>The index of the field that holds the id; -1 if no field does.</summary>
    public int Identifier { get; private set; }

    /// <summary>Whether the row is a profile from a Get command, or the copy of one that a job or remoting returned.</summary>
    public bool IsProfile { get; private set; }

    /// <summary>Reads an object.</summary>
    /// <param name="input">The object.</param>
    /// <returns>Why the object cannot be used as a row, else null.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Failure? Read(PSObject input)
    {
        if (identifierProperty is null && ProfileNoun.Mismatch(input, groupKey) is { } mismatch)
            return Failures.OtherKind(mismatch);
        try
        {
            ReadFields(input);
            if (!Texts.AreAsTheyAre)
                TakeTexts();
            return null;
        }
        catch (FailureException e)
        {
            return e.Failure;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadFields(PSObject input)
    {
        if (input.BaseObject is ServiceProfile profile)
        {
            IsProfile = true;
            Take(profile.Properties);
            TakeAddedMembers(input, profile);
            if (identifierProperty is null)
            {
                (Id, Identifier) = (profile.Id, -1);
                return;
            }
        }
        else
        {
            TakeFields(input);
        }

        RefuseRepeated("fields");
        if (_copiedId is not null && identifierProperty is null)
        {
            (Id, Identifier) = (IdOf(new(ProfileFields.DistinctId, _copiedId)), -1);
            return;
        }

        if (_roles?.Names != Fields.Names)
            _roles = new(Fields, identifierProperty, _identifierNames, _call);
        Identifier = _roles.Identifier;
        if (_roles.MayBeCall && IsCall())
        {
            TakeCall();
            return;
        }

        if (Identifier < 0)
            throw new FailureException(Failures.NoIdentifierProperty(identifierProperty, _identifierNames));

        Id = IdOf(Fields[Identifier]);
        if (!_roles.MayHaveOthers)
            return;
        RequireOneIdentifier(_roles.OtherIdentifiers);
        SkipProfileMembers();
        TakeQueryResult();
    }

    // Two names that only blanks tell apart become one.
    private void TakeTexts()
    {
        Id = Id is null ? null : Texts.Identifier(Id);
        Fields.Take(Texts, Identifier, PipelineValues.UnwrapIfPossible);
        RefuseRepeated("fields");
    }

    /// <summary>Reads the properties of a dictionary; why they cannot be used, else null.</summary>
    public Failure? Take(IDictionary properties)
    {
        Fields.TryTake(properties);

        // The binder hands over the dictionary without what Add-Member gave it.
        if (PSObject.AsPSObject(properties) is var wrapped && EngineView.HasOwnMembers(wrapped))
            TakeAddedMembers(wrapped);
        return Fields.Names.Repeated is { } repeated ? Failures.DuplicateProperty(repeated, "keys") : null;
    }

    private void RefuseRepeated(string members)
    {
        if (Fields.Names.Repeated is { } repeated)
            throw new FailureException(Failures.DuplicateProperty(repeated, members));
    }

    /// <summary>Takes the id and the traits of the payload of a Segment call.</summary>
    private void TakeCall()
    {
        var (type, traits) = (CallType, Traits);
        if (_call.Problem(type, hasId: true, hasAnonymousId: false) is { } other)
            throw new FailureException(other);
        var index = Fields.IndexOf(_call.IdName);
        Id = index < 0 ? null : IdOf(Fields[index]);
        if (_call.Problem(type, !string.IsNullOrWhiteSpace(Id), Fields.IndexOf("anonymousId") >= 0) is { } missing)
            throw new FailureException(missing);
        Identifier = -1;
        Fields.Clear();
        if (traits is not null)
            SegmentTraits.Add(traits, Fields);
    }

    // For groups, the id name of the call is also one of the usual names.
    private bool IsCall() =>
        (Identifier < 0 || (Fields[Identifier].Key == _call.IdName && Traits is not null))
        && SegmentCall.IsPayload(CallType, Traits is not null, name => Fields.IndexOf(name) >= 0);

    private string? CallType => Field(SegmentCall.TypeName) is { } type ? PipelineValues.UnwrapIfPossible(type) as string : null;

    private IDictionary? Traits => SegmentTraits.Dictionary(Field(SegmentCall.TraitsName));

    /// <summary>Takes the properties of a query result, which are nested in one property.</summary>
    private void TakeQueryResult()
    {
        if (Fields.Count != 2 || Fields[Identifier].Key != FieldRoles.QueryIdName
            || Fields[1 - Identifier] is not { Key: "$properties" } nested || SegmentTraits.Dictionary(nested.Value) is not { } properties)
        {
            return;
        }

        Fields.TryTake(properties);
        RefuseRepeated("members");
        Identifier = -1;
    }

    private object? Field(string name) => Fields.IndexOf(name) is >= 0 and var index ? Fields[index].Value : null;

    private static string? IdOf(KeyValuePair<string, object?> field)
    {
        try
        {
            return PipelineValues.Writer.DistinctId(field.Value);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            throw new FailureException(Failures.NotAnIdentifier(field.Key, e.Message));
        }
    }

    /// <summary>Removes other fields with a name of the id. They must have the same value.</summary>
    /// <param name="others">Their indexes, the last one first.</param>
    private void RequireOneIdentifier(IReadOnlyList<int> others)
    {
        foreach (var i in others)
        {
            var field = Fields[i];
            if (IdOf(field) != Id)
                throw new FailureException(Failures.TwoIdentifiers(Fields[Identifier].Key, field.Key));

            Fields.RemoveAt(i);
            if (i < Identifier)
                Identifier--;
        }
    }

    /// <summary>Removes members of a profile that are not properties, also from a profile that was saved to a file.</summary>
    private void SkipProfileMembers()
    {
        if (!ProfileFields.IsIdentifier(Fields[Identifier].Key))
            return;
        var names = Enumerable.Range(0, Fields.Count).Select(i => Fields[i].Key).ToArray();
        var shown = ProfileFields.MetadataFields(names, Identifier);
        foreach (var i in shown.OrderDescending())
        {
            Fields.RemoveAt(i);
            if (i < Identifier)
                Identifier--;
        }

        if (shown.Count > 0 && !_warned)
            Warn?.Invoke(ProfileFields.Warning(shown.Select(i => names[i]), "-IdentifierProperty"));
        _warned |= shown.Count > 0;
    }
}
