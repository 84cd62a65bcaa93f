using System.Text.Json;
using System.Text.Unicode;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>One value of a JSON file, read as the row of a profile, or as a row of a reject file. Reused from row to row.</summary>
internal sealed class JsonRecord
{
    private readonly JsonOptions _options;
    private readonly JsonObjectReader _reader;
    private readonly JsonMembers _object;
    private readonly GrowingBuffer _shown = new(1024);

    public JsonRecord(JsonOptions options)
    {
        _options = options;
        Names = new(options);
        _reader = new(Names);
        _object = new(_reader);
        Profile = new(options, Names, _object);
    }

    public JsonNames Names { get; }

    /// <summary>The profile that the value is about.</summary>
    public JsonProfile Profile { get; }

    /// <summary>What a reject file says about the value; null for a row of another file.</summary>
    public RejectReason? Reason { get; private set; }

    /// <summary>The value as it stood in its file, without what must not leave it.</summary>
    public ReadOnlySpan<byte> Shown => Reason is not null || _options.Hides || Profile.Request.IsRead ? _shown.WrittenSpan : _object.Json;

    /// <summary>Reads a value; why it is out of order, else null.</summary>
    public Failure? Read(ReadOnlySpan<byte> json)
    {
        _object.Take(json);
        _shown.Truncate(0);
        Profile.Clear();
        Reason = null;
        if (!Utf8.IsValid(json))
            return Failures.NotUtf8Value;
        try
        {
            var first = _object.Read();
            return first == JsonTokenType.StartObject ? ReadObject() : NotAnObject(first);
        }
        catch (JsonException e)
        {
            return Failures.MalformedJson(
                $"The value is not valid JSON at byte {e.BytePositionInLine + 1} of {(e.LineNumber > 0 ? $"its line {e.LineNumber + 1}" : "the line")}.");
        }
        catch (InvalidOperationException)
        {
            return _reader.Current is { } name
                ? Failures.UnsendableValue(name, "it contains half of a surrogate pair, which is not valid Unicode")
                : Failures.MalformedJson("The name of a property contains half of a surrogate pair, which is not valid Unicode.");
        }
    }

    private static Failure NotAnObject(JsonTokenType first)
    {
        var kind = first switch
        {
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => "text",
            JsonTokenType.Number => "a number",
            JsonTokenType.Null => "null",
            _ => "a Boolean",
        };
        return Failures.MalformedJson($"The value is {kind}, not an object.");
    }

    private Failure? ReadObject()
    {
        Reason = TakeReason();
        if (Reason is { } reason && _object.All is [{ Name.Text: RejectFields.Text, Kind: JsonTokenType.String } text])
        {
            if (!_options.Hides)
                _shown.Write(_object.Plain(text));
            return reason.ErrorId == nameof(ErrorId.InvalidEncoding)
                ? Failures.WasNotUtf8
                : Failures.WasMalformedJson;
        }

        if (Reason is not null && !_options.Hides)
            new JsonObjectWriter(_shown).Write(_object.All, _object.Value);
        _object.Convert();
        var failure = Profile.Read(Reason);
        if (Profile.Request.IsRead)
            ShowRequest();
        else if (_options.Hides)
            ShowHidden();
        return failure;
    }

    /// <summary>Removes the members that a reject file adds, wherever another program moved them; what they say, else null.</summary>
    private RejectReason? TakeReason()
    {
        var id = _object.LastIndexOf(RejectFields.ErrorId);
        var reason = id < 0 ? null : RejectReason.Of(_object.PlainText(_object.LastIndexOf(RejectFields.Error)), _object.PlainText(id));
        if (reason is null)
            return null;

        foreach (var name in RejectFields.Names)
        {
            // The last of them: another is the user's own.
            if (_object.LastIndexOf(name) is >= 0 and var last)
                _object.All.RemoveAt(last);
        }

        return reason;
    }

    /// <summary>Writes the object without what must not leave its file: of a call of Segment's, all but the identifier and the traits.</summary>
    private void ShowHidden()
    {
        var shown = new JsonObjectWriter(_shown);
        shown.Begin();
        if (Profile.SegmentType is not null)
            shown.WriteText(EngageJson.Encode(SegmentCall.TypeName), EngageJson.Encode(Profile.SegmentType));
        if (Profile.Identifier is { } identifier)
            Show(shown, identifier);
        if (Profile.Wrapper is not null)
            shown.Begin(Profile.Wrapper);
        foreach (var member in Profile.Members)
        {
            if (!Profile.Property(member).IsExcluded)
                Show(shown, member);
        }

        shown.End();
        if (Profile.Wrapper is not null)
            shown.End();
    }

    /// <summary>Writes a request without its token, and without what must not leave its file.</summary>
    private void ShowRequest()
    {
        _shown.Truncate(0);
        var shown = new JsonObjectWriter(_shown);
        shown.Begin();
        foreach (var member in _object.All)
        {
            if (JsonRequest.IsToken(member))
                continue;
            if (member == Profile.Identifier)
                Show(shown, member);
            else if (_options.Hides && member.Kind == JsonTokenType.StartObject)
                ShowProperties(shown, member);
            else
                shown.Write(member.Name.Encoded, _object.Value(member));
        }

        shown.End();
    }

    private void ShowProperties(JsonObjectWriter shown, JsonMember wrapper)
    {
        shown.Begin(wrapper.Name.Text);
        foreach (var member in Profile.Members)
        {
            // Of several operations in one request, which is refused, those of the others are not shown.
            if (wrapper == Profile.Request.Properties && !Profile.Property(member).IsExcluded)
                Show(shown, member);
        }

        shown.End();
    }

    private void Show(JsonObjectWriter shown, JsonMember member)
    {
        var isHashed = Profile.IsToBeHashed(member);
        var name = isHashed || member.WasHashed ? EngageJson.Encode(member.Name.Text + RejectFields.HashedMark) : member.Name.Encoded;
        if (isHashed)
            shown.WriteText(name, JsonEncodedText.Encode(Profile.Hash(member)));
        else
            shown.Write(name, Profile.Value(member));
    }
}
