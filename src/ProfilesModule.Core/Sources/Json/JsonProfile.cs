using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>
/// Whose profile an object is about, and which of its members are properties: an object with the properties beside its
/// identifier, what the service's query returns, or a call of Segment's. Reused from object to object.
/// </summary>
internal sealed class JsonProfile(JsonOptions options, JsonNames names, JsonMembers json)
{
    // What the service's query calls it.
    private const string ServiceIdentifier = "$distinct_id";

    private readonly JsonAddress _address = new(names, json);
    private readonly NoDataObjects _noData = new();
    private readonly UniqueNames _unique = new();
    private readonly GrowingBuffer _id = new(256);
    private RejectReason? _reason;
    private bool _expectsRequests;

    /// <summary>The member that holds the identifier.</summary>
    public JsonMember? Identifier { get; private set; }

    /// <summary>The name of the member that holds the properties; null when they stand beside the identifier.</summary>
    public string? Wrapper { get; private set; }

    /// <summary>The object, where it is a request.</summary>
    public JsonRequest Request { get; } = new(json);

    /// <summary>Why the object, or the request that it is, cannot be imported with the others of its file; null when it can.</summary>
    public Failure? RequestProblem { get; private set; }

    /// <summary>What a call of Segment's calls itself; null when it does not, or is none.</summary>
    public string? SegmentType { get; private set; }

    /// <summary>The members that are properties.</summary>
    public List<JsonMember> Members { get; } = [];

    /// <summary>Members that were left out because a profile shows them beside its properties.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>The identifier as it is sent.</summary>
    public ReadOnlySpan<byte> Id => _id.WrittenSpan;

    public string IdName => Identifier?.Name.Text ?? ServiceIdentifier;

    /// <summary>The identifier before it was hashed here.</summary>
    public ReadOnlySpan<byte> PlainId => Identifier is { } member && IsToBeHashed(member) ? Blanks.Trim(json.Plain(member)) : Id;

    /// <summary>Whether the identifier is a placeholder in the file, where it may be another text.</summary>
    public bool IsPlaceholder { get; private set; }

    /// <summary>The property that a member becomes.</summary>
    public JsonProperty Property(JsonMember member) => member.Name.Property(isTrait: Wrapper == SegmentCall.TraitsName);

    /// <summary>Whether the value of a member is to be hashed, and is not a hash yet.</summary>
    public bool IsToBeHashed(JsonMember member) => !member.WasHashed && Property(member).IsHashed;

    /// <summary>The value of a member, as JSON.</summary>
    public ReadOnlySpan<byte> Value(JsonMember member) => json.Value(member);

    /// <summary>What a text says; any other value as it is written.</summary>
    public ReadOnlySpan<byte> Plain(JsonMember member) => json.Plain(member);

    /// <summary>The hash of a member's value; empty where there is none to hash.</summary>
    public string Hash(JsonMember member)
    {
        if (member.Kind == JsonTokenType.Null)
            return "";
        Span<byte> hash = stackalloc byte[HashedText.Length];
        return Encoding.ASCII.GetString(hash[..HashedText.Write(json.Plain(member), Property(member).Name, hash)]);
    }

    /// <summary>Sets what the objects are expected to be.</summary>
    /// <param name="operation">What the import does, and so what each request has to.</param>
    /// <param name="areRequests">Whether all of them have to be requests.</param>
    public void Expect(Operation operation, bool areRequests) => (Request.Wanted, _expectsRequests) = (operation, areRequests);

    /// <summary>Forgets the object before.</summary>
    public void Clear()
    {
        Members.Clear();
        LeftOut.Clear();
        _id.Truncate(0);
        (Identifier, Wrapper, SegmentType, IsPlaceholder, RequestProblem) = (null, null, null, false, null);
    }

    /// <summary>Reads the members; why they are not a profile, else null.</summary>
    /// <param name="reason">What a reject file says about the object; null for an object of another file.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Failure? Read(RejectReason? reason)
    {
        _reason = reason;
        var failure = ReadMembers();
        if (failure is null && !options.Texts.AreAsTheyAre)
            json.TakeTexts(Members, options.Texts);
        return failure;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? ReadMembers()
    {
        RemoveMarks(json.All);
        RequestProblem = Request.Read();
        if (Request.IsRead)
            return ReadRequest();
        if (_expectsRequests)
            return RequestProblem = Failures.NotARequest;
        var index = options.IdentifierProperty is { } name ? json.IndexOf(name) : BeginsWithServiceIdentifier ? 0 : IndexOfUsualName();
        if (index < 0 && options.IdentifierProperty is null && IsSegmentCall())
            return ReadCall();
        Members.AddRange(json.All);
        if (index < 0)
            return _reason is null && json.ListOfObjects is { } list
                ? Failures.ListInsteadOfIdentifier(list)
                : Failures.NoIdentifierProperty(options.IdentifierProperty, options.IdentifierNames);

        Identifier = json.All[index];
        Members.RemoveAt(index);
        if (IdName == ServiceIdentifier && Members is [{ Name.Text: "$properties", Kind: JsonTokenType.StartObject }])
        {
            Wrapper = Members[0].Name.Text;
            ReplaceMembers(Members[0]);
        }

        return TakeId() ?? NoData() ?? TakeOtherIdentifiers() ?? _unique.Check(this);
    }

    private Failure? NoData()
    {
        var id = json.Plain(Identifier!.Value);
        return _noData.MayBe(id, IdName)
            ? _noData.FailureOf(id, Members.Select(member => KeyValuePair.Create(member.Name.Text, Content(member))))
            : null;
    }

    private object? Content(JsonMember member) => member.Kind switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => Encoding.UTF8.GetString(json.Plain(member)),
        var kind => kind,
    };

    private Failure? ReadRequest()
    {
        if (json.IndexOf(ServiceIdentifier) is >= 0 and var index)
            Identifier = json.All[index];
        if (Request.Properties.Kind == JsonTokenType.StartObject)
        {
            Wrapper = Request.Properties.Name.Text;
            ReplaceMembers(Request.Properties);
        }

        if (RequestProblem is not null)
            return RequestProblem;
        Request.AddLeftOut(LeftOut);
        return Identifier is null ? Failures.EmptyIdentifier(ServiceIdentifier) : TakeId() ?? _unique.Check(this);
    }

    // No property can have this name, so that the first member of a backup is the identifier whatever the others are called.
    private bool BeginsWithServiceIdentifier => json.All is [{ Name.Text: ServiceIdentifier }, ..];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int IndexOfUsualName()
    {
        var (best, rank) = (-1, IdentifierName.None);
        for (var i = 0; i < json.All.Count; i++)
        {
            if (json.All[i].Name.IdentifierRank < rank)
                (best, rank) = (i, json.All[i].Name.IdentifierRank);
        }

        return best;
    }

    private bool IsSegmentCall()
    {
        var type = json.Text(json.IndexOf(SegmentCall.TypeName));
        if (!SegmentCall.IsPayload(type, Traits is not null, json.Has))
            return false;
        Wrapper = SegmentCall.TraitsName;
        SegmentType = type;
        return true;
    }

    private JsonMember? Traits =>
        json.IndexOf(SegmentCall.TraitsName) is >= 0 and var index && json.All[index] is { Kind: JsonTokenType.StartObject } traits
            ? traits
            : null;

    private Failure? ReadCall()
    {
        var call = SegmentCall.Identify;
        if (json.IndexOf(call.IdName) is >= 0 and var index)
            Identifier = json.All[index];
        if (call.Problem(SegmentType, hasId: true, hasAnonymousId: false) is { } other)
            return other;
        if (Traits is { } traits)
            ReplaceMembers(traits);
        _address.Flatten(Members);
        var problem = Identifier is null ? null : TakeId();
        var hasId = Identifier is not null && problem is not { Id: ErrorId.MissingIdentifier };
        return call.Problem(SegmentType, hasId, json.Has("anonymousId")) ?? problem ?? _unique.Check(this);
    }

    /// <summary>
    /// Another member that may hold the identifier is not a property, and must not contradict the one that was taken; nor is what a
    /// profile shows of itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? TakeOtherIdentifiers()
    {
        if (Wrapper is not null || options.IdentifierProperty is not null || BeginsWithServiceIdentifier)
            return null;
        for (var i = Members.Count - 1; i >= 0; i--)
        {
            var member = Members[i];
            if (!IdentifierName.IsOther(member.Name.IdentifierRank, Identifier!.Value.Name.IdentifierRank))
                continue;
            if (!json.Plain(member).SequenceEqual(json.Plain(Identifier.Value)))
                return Failures.TwoIdentifiers(IdName, member.Name.Text);
            Members.RemoveAt(i);
        }

        if (IdName != ProfileFields.DistinctId || !Members.Exists(member => member.Name.Text == ProfileFields.UpdatedAt))
            return null;
        LeftOut.AddRange(Members.Where(IsShown).Select(member => member.Name.Text));
        Members.RemoveAll(IsShown);
        return null;
    }

    private static bool IsShown(JsonMember member) =>
        member.Name.Text == ProfileFields.UpdatedAt
        || (member.Name.Text == ProfileFields.Properties && member.Kind is JsonTokenType.StartObject or JsonTokenType.Null);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? TakeId()
    {
        var member = Identifier!.Value;
        _id.Truncate(0);
        var text = member.Kind == JsonTokenType.String ? options.Texts.Identifier(json.Plain(member)) : json.Plain(member);
        switch (member.Kind)
        {
            case JsonTokenType.Null:
            case JsonTokenType.String when Blanks.Trim(text).IsEmpty:
                return Failures.EmptyIdentifier(IdName);
            case JsonTokenType.String:
            case JsonTokenType.Number when !text.ContainsAny(".eE"u8):
                break;
            default:
                var kind = member.Kind == JsonTokenType.Number ? "a number with a fraction or an exponent" : "neither text nor a number";
                return Failures.NotAnIdentifier(IdName, $"it is {kind}");
        }

        IsPlaceholder = PlaceholderIdentifiers.Contains(text) || (member.WasHashed && _reason is { IsPlaceholder: true });
        _id.Write(IsToBeHashed(member) ? Encoding.ASCII.GetBytes(Hash(member)) : text);
        return null;
    }

    private void ReplaceMembers(JsonMember wrapper)
    {
        Members.Clear();
        json.ReadInner(wrapper, Members);
        RemoveMarks(Members);
    }

    /// <summary>Members of a reject file whose values were hashed in an earlier import go by the names that they had.</summary>
    private void RemoveMarks(List<JsonMember> members)
    {
        for (var i = 0; _reason is not null && i < members.Count; i++)
        {
            if (members[i].Name.Text.EndsWith(RejectFields.HashedMark, StringComparison.Ordinal))
                members[i] = members[i] with { Name = names.Of(members[i].Name.Text[..^RejectFields.HashedMark.Length]), WasHashed = true };
        }
    }
}
