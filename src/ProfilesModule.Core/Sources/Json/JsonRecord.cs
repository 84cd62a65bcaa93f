using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>
/// One value of a JSON file, read as the row of a profile: whose it is, and its properties as they stand there. An object with
/// the properties beside its identifier, what the service's query returns, a call of Segment's, or any of these in a reject file.
/// Reused from row to row.
/// </summary>
internal sealed class JsonRecord
{
    private const string ServicesOwnName = "$distinct_id";
    private const string ServicesProperties = "$properties";

    // What a profile that was written with ConvertTo-Json shows of itself beside its properties.
    private const string ShownIdentifier = "DistinctId";
    private const string ShownTime = "UpdatedAt";
    private const string ShownProperties = "Properties";

    private readonly JsonOptions _options;
    private readonly JsonObjectReader _reader;
    private readonly JsonMembers _object;
    private readonly List<JsonMember> _inner = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly GrowingBuffer _id = new(256);
    private readonly GrowingBuffer _shown = new(1024);
    private JsonMember? _identifier;
    private Shape _shape;
    private string? _type;
    private bool _wasPlaceholder;

    public JsonRecord(JsonOptions options)
    {
        _options = options;
        Names = new(options);
        _reader = new(Names);
        _object = new(_reader);
    }

    private enum Shape
    {
        Flat,
        OfService,
        OfSegment,
    }

    public JsonNames Names { get; }

    /// <summary>The members that are properties.</summary>
    public List<JsonMember> Members { get; } = [];

    /// <summary>Members that were left out because a profile shows them beside its properties.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>The identifier as it is sent.</summary>
    public ReadOnlySpan<byte> Id => _id.WrittenSpan;

    /// <summary>The name of the member that holds it.</summary>
    public string IdName => _identifier?.Name.Text ?? ServicesOwnName;

    /// <summary>Whether the identifier is a placeholder in the file, where it may be another text.</summary>
    public bool IsPlaceholder { get; private set; }

    /// <summary>Whether it is a row of a reject file.</summary>
    public bool IsRejected { get; private set; }

    /// <summary>Whether it is one of which it is unknown if it was applied.</summary>
    public bool IsUnknown { get; private set; }

    /// <summary>Whether it is one of which a later row of the profile was sent.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>Whether it is one that has room for the note that a later row was sent.</summary>
    public bool HasRoomForNote { get; private set; }

    /// <summary>The ErrorId that a reject file has of it; empty for a row of another file.</summary>
    public string RejectedFor { get; private set; } = "";

    /// <summary>The value as it stood in its file, without what must not leave it.</summary>
    public ReadOnlySpan<byte> Shown => IsRejected || _options.Hides ? _shown.WrittenSpan : _object.Json;

    /// <summary>The property that a member becomes.</summary>
    public JsonProperty Property(JsonMember member) => member.Name.Property(_shape == Shape.OfSegment);

    /// <summary>The value of a member, as JSON.</summary>
    public ReadOnlySpan<byte> Value(JsonMember member) => _object.Value(member);

    /// <summary>The hash of a member's value; empty where there is none to hash.</summary>
    public string Hash(JsonMember member)
    {
        Span<byte> hash = stackalloc byte[HashedText.Length];
        return member.Kind == JsonTokenType.Null ? "" : Encoding.ASCII.GetString(hash[..HashedText.Write(_object.Plain(member), Property(member).Name, hash)]);
    }

    /// <summary>Reads a value; why it is out of order, else null.</summary>
    /// <param name="json">The value.</param>
    public Failure? Read(ReadOnlySpan<byte> json)
    {
        _object.Take(json);
        Members.Clear();
        LeftOut.Clear();
        _taken.Clear();
        _id.CutTo(0);
        _shown.CutTo(0);
        (_identifier, _shape, _type) = (null, Shape.Flat, null);
        (IsRejected, _wasPlaceholder, IsUnknown, IsSuperseded, HasRoomForNote, IsPlaceholder, RejectedFor) = (false, false, false, false, false, false, "");
        if (!Utf8.IsValid(json))
            return new(ErrorId.InvalidEncoding, "The value is not UTF-8.", "Write the file as UTF-8.");
        try
        {
            var first = _object.Read();
            return first == JsonTokenType.StartObject ? ReadMembers() : NotAnObject(first);
        }
        catch (JsonException e)
        {
            return new(ErrorId.MalformedJson, $"It is no JSON from byte {e.BytePositionInLine + 1} of {(e.LineNumber > 0 ? $"its line {e.LineNumber + 1}" : "the line")} on.", MalformedRemedy);
        }
        catch (InvalidOperationException)
        {
            return _reader.Current is { } name
                ? new(ErrorId.UnsupportedValue, $"The property '{name}' cannot be sent: it has half of a surrogate pair, which is no Unicode text.", $"Change or leave out '{name}'.") { Property = name }
                : new(ErrorId.MalformedJson, "The name of a property has half of a surrogate pair, which is no Unicode text.", MalformedRemedy);
        }
    }

    private static string MalformedRemedy => "Write each profile as one JSON object, on one line or as an element of one list.";

    private static Failure NotAnObject(JsonTokenType first) => new(
        ErrorId.MalformedJson,
        $"It is {first switch { JsonTokenType.StartArray => "a list", JsonTokenType.String => "a text", JsonTokenType.Number => "a number", JsonTokenType.Null => "null", _ => "a Boolean" }} where an object is needed.",
        MalformedRemedy);

    private Failure? ReadMembers()
    {
        if (TakeRejected() is { } rejected)
        {
            if (_options.Hides)
                _shown.CutTo(0);
            return rejected;
        }

        var rejection = Identify();
        if (_options.Hides)
            ShowHidden();
        return rejection;
    }

    /// <summary>Takes the members off that a reject file adds; why what is left is no object, else null.</summary>
    private Failure? TakeRejected()
    {
        var errorId = _object.Text(_object.LastIndexOf(RejectFile.Columns[^1]));
        if (errorId is null || !RejectReader.Ids.Contains(errorId))
            return null;
        IsRejected = true;
        IsUnknown = errorId == nameof(ErrorId.OutcomeUnknown);
        RejectedFor = errorId;
        var error = _object.Text(_object.LastIndexOf(RejectFile.ErrorColumn)) ?? "";
        IsSuperseded = error.EndsWith(LaterRows.Note, StringComparison.Ordinal);
        HasRoomForNote = error.EndsWith(LaterRows.Room, StringComparison.Ordinal);
        _wasPlaceholder = errorId == nameof(ErrorId.PlaceholderIdentifier);
        foreach (var name in RejectFile.Columns)
        {
            // The last of them: another is the user's own.
            if (_object.LastIndexOf(name) is >= 0 and var last)
                _object.All.RemoveAt(last);
        }

        if (_object.All is [{ Name.Text: JsonRejectFormat.Text, Kind: JsonTokenType.String } text])
        {
            _shown.Write(_object.Plain(text));
            return errorId == nameof(ErrorId.InvalidEncoding)
                ? new(ErrorId.InvalidEncoding, "The value was not UTF-8 in its file.", "Write the file as UTF-8.")
                : new(ErrorId.MalformedJson, "The value was no JSON object in its file.", MalformedRemedy);
        }

        new JsonObjectWriter(_shown).Write(_object.All, Value);
        TakeMarksOff(_object.All);
        return null;
    }

    /// <summary>Members whose values were hashed in an earlier import go by the names that they had.</summary>
    private void TakeMarksOff(List<JsonMember> members)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Name.Text.EndsWith(RedactedReader.Mark, StringComparison.Ordinal))
                members[i] = members[i] with { Name = Names.Of(members[i].Name.Text[..^RedactedReader.Mark.Length]), WasHashed = true };
        }
    }

    private Failure? Identify()
    {
        var index = _options.IdentifierProperty is { } name ? _object.IndexOf(name) : HasServicesOwnFirst ? 0 : IndexOfUsualName();
        if (index < 0 && _options.IdentifierProperty is null && IsSegmentCall())
            return ReadCall();
        Members.AddRange(_object.All);
        if (index < 0)
        {
            return new(
                ErrorId.MissingIdentifier,
                _options.IdentifierProperty is { } missing ? $"The object has no property '{missing}'." : $"The object has none of the properties {string.Join(", ", _options.IdentifierNames)}.",
                "Name the property that holds the identifier with -IdentifierProperty.");
        }

        _identifier = _object.All[index];
        Members.RemoveAt(index);
        if (IdName == ServicesOwnName && Members is [{ Name.Text: ServicesProperties, Kind: JsonTokenType.StartObject }])
        {
            _shape = Shape.OfService;
            ReplaceMembers(Members[0]);
        }

        return TakeId() ?? TakeOtherIdentifiers() ?? Unique();
    }

    // No property can have this name, so that the first member of a backup is the identifier whatever the others are called.
    private bool HasServicesOwnFirst => _object.All is [{ Name.Text: ServicesOwnName }, ..];

    private int IndexOfUsualName()
    {
        foreach (var name in _options.IdentifierNames)
        {
            if (_object.IndexOf(name) is >= 0 and var index)
                return index;
        }

        return -1;
    }

    private bool IsSegmentCall()
    {
        var type = _object.Text(_object.IndexOf(SegmentCall.TypeName));
        if (!SegmentCall.IsPayload(type, Traits is not null, _object.Has))
            return false;
        _shape = Shape.OfSegment;
        _type = type;
        return true;
    }

    private JsonMember? Traits => _object.IndexOf(SegmentCall.TraitsName) is >= 0 and var index && _object.All[index].Kind == JsonTokenType.StartObject ? _object.All[index] : null;

    private Failure? ReadCall()
    {
        var call = SegmentCall.Identify;
        if (_object.IndexOf(call.IdName) is >= 0 and var index)
            _identifier = _object.All[index];
        if (call.Problem(_type, hasId: true, hasAnonymousId: false) is { } other)
            return other;
        if (Traits is { } traits)
            ReplaceMembers(traits);
        TakeOutOfAddress();
        var problem = _identifier is null ? null : TakeId();
        var hasId = _identifier is not null && problem is not { Id: ErrorId.MissingIdentifier };
        return call.Problem(_type, hasId, _object.Has("anonymousId")) ?? problem ?? Unique();
    }

    /// <summary>Members of the address that have a reserved property become properties of their own.</summary>
    private void TakeOutOfAddress()
    {
        var index = Members.FindIndex(member => member.Kind == JsonTokenType.StartObject && SegmentCall.Dotted(member.Name.Text, "") is not null);
        if (index < 0 || Property(Members[index]) is { IsWithheld: true } or { IsHashed: true } || !Property(Members[index]).Name.Equals(Members[index].Name.Text, StringComparison.Ordinal))
            return;
        var address = Members[index];
        _inner.Clear();
        _object.ReadInner(address, _inner);
        var taken = new List<JsonMember>();
        for (var i = _inner.Count - 1; i >= 0; i--)
        {
            var dotted = SegmentCall.Dotted(address.Name.Text, _inner[i].Name.Text)!;
            if (UsualNames.Reserved(dotted) is not { } reserved || Members.Any(member => Property(member).Name == reserved))
                continue;
            taken.Add(_inner[i] with { Name = Names.Of(dotted) });
            _inner.RemoveAt(i);
        }

        if (taken.Count == 0)
            return;
        Members.RemoveAt(index);
        if (_inner.Count > 0)
            Members.Add(_object.Make(address, _inner));
        Members.AddRange(taken);
    }

    /// <summary>Another member that may hold the identifier is no property, and must not contradict the one that was taken; nor is what a profile shows of itself.</summary>
    private Failure? TakeOtherIdentifiers()
    {
        if (_shape != Shape.Flat || _options.IdentifierProperty is not null || HasServicesOwnFirst)
            return null;
        for (var i = Members.Count - 1; i >= 0; i--)
        {
            var member = Members[i];
            if (!_options.IdentifierNames.Contains(member.Name.Text, StringComparer.OrdinalIgnoreCase))
                continue;
            if (!_object.Plain(member).SequenceEqual(_object.Plain(_identifier!.Value)))
            {
                return new(
                    ErrorId.InvalidIdentifier,
                    $"The properties '{IdName}' and '{member.Name.Text}' both may hold the identifier, and differ.",
                    "Name the one that holds the identifier with -IdentifierProperty.")
                {
                    Property = IdName,
                };
            }

            Members.RemoveAt(i);
        }

        if (IdName != ShownIdentifier || !Members.Exists(member => member.Name.Text == ShownTime))
            return null;
        LeftOut.AddRange(Members.Where(IsShown).Select(member => member.Name.Text));
        Members.RemoveAll(IsShown);
        return null;
    }

    private static bool IsShown(JsonMember member) =>
        member.Name.Text == ShownTime || (member.Name.Text == ShownProperties && member.Kind is JsonTokenType.StartObject or JsonTokenType.Null);

    private Failure? Unique()
    {
        foreach (var member in Members)
        {
            var property = Property(member);
            if (property.IsIncluded && !_taken.Add(property.Name))
                return Twice(property.Name);
        }

        // One of its name that was not taken would contradict it.
        return _identifier is { } identifier && _shape == Shape.Flat && Members.Exists(member => member.Name.Text == identifier.Name.Text) ? Twice(IdName) : null;
    }

    private static Failure Twice(string name) =>
        new(ErrorId.DuplicateProperty, $"Two members of the object would be '{name}', and which of them counts is anybody's guess.", "Leave one of them out.") { Property = name };

    private Failure? TakeId()
    {
        var member = _identifier!.Value;
        _id.CutTo(0);
        var text = _object.Plain(member);
        switch (member.Kind)
        {
            case JsonTokenType.Null:
            case JsonTokenType.String when text.Trim(" \t"u8).IsEmpty:
                return new(ErrorId.MissingIdentifier, $"The identifier property '{IdName}' is empty.", "Give every row the identifier of its profile, or leave the row out.") { Property = IdName };
            case JsonTokenType.String:
            case JsonTokenType.Number when !text.ContainsAny(".eE"u8):
                break;
            default:
                return new(
                    ErrorId.InvalidIdentifier,
                    $"The property '{IdName}' holds no identifier: it is {(member.Kind == JsonTokenType.Number ? "a number with a fraction or an exponent" : "neither text nor a number")}.",
                    "Give every row the identifier of its profile, as text or a number.")
                {
                    Property = IdName,
                };
        }

        var isHashed = !member.WasHashed && Property(member).IsHashed;
        IsPlaceholder = PlaceholderIdentifiers.Contains(text) || (_wasPlaceholder && member.WasHashed);
        _id.Write(isHashed ? Encoding.ASCII.GetBytes(Hash(member)) : text);
        return null;
    }

    private void ReplaceMembers(JsonMember wrapper)
    {
        Members.Clear();
        _object.ReadInner(wrapper, Members);
        if (IsRejected)
            TakeMarksOff(Members);
    }

    /// <summary>Writes the object without what must not leave its file: of a call of Segment's, all but the identifier and the traits.</summary>
    private void ShowHidden()
    {
        var shown = new JsonObjectWriter(_shown);
        _shown.CutTo(0);
        shown.Begin();
        if (_type is not null)
            shown.WriteText(EngageJson.Encode(SegmentCall.TypeName), EngageJson.Encode(_type));
        if (_identifier is { } identifier)
            Show(shown, identifier);
        if (_shape != Shape.Flat)
            shown.Begin(_shape == Shape.OfSegment ? SegmentCall.TraitsName : ServicesProperties);
        foreach (var member in Members)
        {
            if (!Property(member).IsWithheld)
                Show(shown, member);
        }

        shown.End();
        if (_shape != Shape.Flat)
            shown.End();
    }

    private void Show(JsonObjectWriter shown, JsonMember member)
    {
        if (member.WasHashed)
            shown.Write(EngageJson.Encode(member.Name.Text + RedactedReader.Mark), Value(member));
        else if (Property(member).IsHashed)
            shown.WriteText(EngageJson.Encode(member.Name.Text + RedactedReader.Mark), JsonEncodedText.Encode(Hash(member)));
        else
            shown.Write(member.Name.Encoded, Value(member));
    }
}
