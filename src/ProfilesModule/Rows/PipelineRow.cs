using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Rows;

/// <summary>Reads objects of the pipeline as rows. Reused from object to object.</summary>
internal sealed class PipelineRow
{
    /// <summary>The names that hold the distinct id of a user when none is named.</summary>
    public static readonly string[] DistinctIdNames = ["DistinctId", "distinct_id", "$distinct_id"];

    /// <summary>The names that hold the id of a group when none is named.</summary>
    public static readonly string[] GroupIdNames = ["GroupId", "group_id", "$group_id"];

    private bool _warned;
    private CustomObjectShape? _shape;
    private FieldRoles? _roles;

    /// <summary>Hears of the first row whose fields are not all properties.</summary>
    public Action<string>? Warn { get; init; }

    public RowFields Fields { get; } = new();

    /// <summary>The identifier of the row.</summary>
    public string? Id { get; private set; }

    /// <summary>The index of the field that is the identifier; -1 when it is none of the fields.</summary>
    public int Identifier { get; private set; }

    /// <summary>Whether the row is a profile from a Get command, or what a job or remoting brought back of one.</summary>
    public bool IsProfile { get; private set; }

    /// <summary>Reads an object.</summary>
    /// <param name="input">The object, as the pipeline gives it.</param>
    /// <param name="identifierProperty">The name of the property that holds the identifier; null for the usual ones.</param>
    /// <param name="usualNames">The usual ones.</param>
    /// <param name="call">The call of Segment's that an object without an identifier may be; null for none.</param>
    /// <exception cref="RowException">The object cannot be read, or has no properties or no identifier.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(PSObject input, string? identifierProperty, IReadOnlyList<string> usualNames, SegmentCall? call = null)
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

        if (_roles?.AreOf(Fields.Names, identifierProperty, usualNames, call) != true)
            _roles = new(Fields, identifierProperty, usualNames, call);
        Identifier = _roles.Identifier;
        if (_roles.MayBeCall && IsCall(call!))
        {
            TakeCall(call!);
            return;
        }

        if (Identifier < 0)
        {
            throw new RowException(new(
                ErrorId.MissingIdentifier,
                identifierProperty is not null ? $"The object has no property '{identifierProperty}'." : $"The object has none of the properties {string.Join(", ", usualNames)}.",
                "Name the property that holds the identifier with -IdentifierProperty."));
        }

        Id = IdOf(Fields[Identifier]);
        if (!_roles.MayBeMore)
            return;
        RequireOneIdentifier(usualNames);
        LeaveOutShown();
        TakeOutOfService();
    }

    /// <summary>Reads the properties of a dictionary.</summary>
    public void Take(IDictionary properties) => Fields.TryTake(properties);

    /// <summary>Takes the identifier and the traits of the payload of a call of Segment's, and nothing else of it.</summary>
    private void TakeCall(SegmentCall call)
    {
        var (type, traits) = (CallType, Traits);
        if (call.Problem(type, hasId: true, hasAnonymousId: false) is { } other)
            throw new RowException(other);
        var index = Fields.IndexOf(call.IdName);
        Id = index < 0 ? null : IdOf(Fields[index]);
        if (call.Problem(type, !string.IsNullOrWhiteSpace(Id), Fields.IndexOf("anonymousId") >= 0) is { } missing)
            throw new RowException(missing);
        Identifier = -1;
        Fields.Clear();
        if (traits is not null)
            SegmentTraits.Add(traits, Fields);
    }

    // The name of a group's identifier is one of the usual ones too.
    private bool IsCall(SegmentCall call) =>
        (Identifier < 0 || (Fields[Identifier].Key == call.IdName && Traits is not null)) && SegmentCall.IsPayload(CallType, Traits is not null, name => Fields.IndexOf(name) >= 0);

    private string? CallType => Field(SegmentCall.TypeName) is { } type ? PipelineValues.Unwrap(type) as string : null;

    private IDictionary? Traits => SegmentTraits.Dictionary(Field(SegmentCall.TraitsName));

    /// <summary>An object of the service's query has its properties in one of its own.</summary>
    private void TakeOutOfService()
    {
        if (Fields.Count != 2 || Fields[Identifier].Key != FieldRoles.ServicesOwnName || Fields[1 - Identifier] is not { Key: "$properties" } nested || SegmentTraits.Dictionary(nested.Value) is not { } properties)
            return;
        Fields.TryTake(properties);
        Identifier = -1;
    }

    private object? Field(string name) => Fields.IndexOf(name) is >= 0 and var index ? Fields[index].Value : null;

    private static string? IdOf(KeyValuePair<string, object?> field)
    {
        try
        {
            return PipelineValues.Writer.DistinctId(field.Value);
        }
        catch (NotSupportedException e)
        {
            throw new RowException(new(
                ErrorId.InvalidIdentifier,
                $"The property '{field.Key}' holds no identifier: {e.Message}.",
                "Give every row the identifier of its profile, as text or a number.")
            {
                Property = field.Key,
            });
        }
    }

    /// <summary>Another field that may hold the identifier is no property, and must not contradict the one that was taken.</summary>
    private void RequireOneIdentifier(IReadOnlyList<string> usualNames)
    {
        for (var i = Fields.Count - 1; i >= 0; i--)
        {
            var field = Fields[i];
            if (i == Identifier || !usualNames.Contains(field.Key, StringComparer.OrdinalIgnoreCase))
                continue;
            if (IdOf(field) != Id)
            {
                throw new RowException(new(
                    ErrorId.InvalidIdentifier,
                    $"The properties '{Fields[Identifier].Key}' and '{field.Key}' both may hold the identifier, and differ.",
                    "Name the one that holds the identifier with -IdentifierProperty.")
                {
                    Property = Fields[Identifier].Key,
                });
            }

            Fields.RemoveAt(i);
            if (i < Identifier)
                Identifier--;
        }
    }

    /// <summary>What a profile shows beside its properties is none of them, also when it comes back from a file.</summary>
    private void LeaveOutShown()
    {
        if (!ShownProfile.IsIdentifier(Fields[Identifier].Key))
            return;
        var names = Enumerable.Range(0, Fields.Count).Select(i => Fields[i].Key).ToArray();
        var shown = ShownProfile.NotProperties(names, Identifier);
        foreach (var i in shown.OrderDescending())
        {
            Fields.RemoveAt(i);
            if (i < Identifier)
                Identifier--;
        }

        if (shown.Count > 0 && !_warned)
            Warn?.Invoke(ShownProfile.Warning(shown.Select(i => names[i]), "-IdentifierProperty"));
        _warned |= shown.Count > 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeFields(PSObject input)
    {
        IsProfile = false;
        try
        {
            if (!Fields.TryTake(input.BaseObject))
                TakeMembers(input);
        }
        catch (Exception e) when (e is not (RowException or PipelineStoppedException))
        {
            // A row that was deleted, a reader that is closed: whatever the source throws is trouble of this row only.
            throw new RowException(new(ErrorId.UnsupportedObject, $"The object cannot be read: {e.Message}", "Correct or leave out the object."));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeMembers(PSObject input)
    {
        if (input.BaseObject is string or Array || input.BaseObject.GetType().IsPrimitive)
        {
            throw new RowException(new(
                ErrorId.UnsupportedObject,
                $"It is of type {input.BaseObject.GetType().Name}, which has no properties to set.",
                "Pipe objects, dictionaries or data rows, each on its own, or use -DistinctId with -Property."));
        }

        if (_shape?.TryTake(input, Fields) == true)
        {
            IsProfile = _shape.IsProfile;
            return;
        }

        Fields.Clear();
        IsProfile = ProfileNoun.IsUser(input) || ProfileNoun.IsGroup(input);
        var showsProfile = EngineView.TypeNames(input).Any(name => name.EndsWith(typeof(UserProfile).FullName!, StringComparison.Ordinal) || name.EndsWith(typeof(GroupProfile).FullName!, StringComparison.Ordinal));
        var shape = CustomObjectShape.Of(input, IsProfile);
        foreach (var property in input.Properties)
        {
            var name = property.Name;
            var isLeftOut = ShownProfile.IsAddedByRemoting(name) || (showsProfile && ShownProfile.IsBesideProperties(name));
            shape?.Add(name, !isLeftOut);
            if (!isLeftOut)
                Fields.Add(name, Value(property));
        }

        _shape = shape?.IsWhole == true ? shape : null;
    }

    /// <summary>Members that a user added to a profile are properties that the profile does not have yet.</summary>
    private void TakeAddedMembers(PSObject input, ServiceProfile profile)
    {
        foreach (var member in input.Properties)
        {
            if (member is PSNoteProperty and not (PropertyMember or FixedMember) && !profile.Properties.Contains(member.Name))
                Fields.Add(member.Name, Value(member));
        }
    }

    /// <summary>The value of a property.</summary>
    /// <exception cref="RowException">It cannot be read.</exception>
    internal static object? Value(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException e)
        {
            throw new RowException(new(ErrorId.UnsupportedValue, $"The property '{property.Name}' cannot be read: {e.Message}", $"Leave out '{property.Name}'.") { Property = property.Name });
        }
    }
}
