using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>One value of a JSON file, read as the row of a profile, or as a row of a reject file. Reused from row to row.</summary>
internal sealed class JsonRecord
{
    private readonly JsonOptions _options;
    private readonly JsonMembers _object;
    private readonly GrowingBuffer _shown = new(1024);
    private readonly Utf8JsonWriter _json;

    public JsonRecord(JsonOptions options, Operation? requested = null)
    {
        _options = options;
        Names = new(options);
        (_object, _json) = (new(Names), new(_shown, EngageJson.Options));
        Profile = new(options, Names, _object);
        if (requested is { } operation)
            Profile.Expect(operation, areRequests: true);
    }

    public JsonNames Names { get; }

    /// <summary>The profile that the value is about.</summary>
    public JsonProfile Profile { get; }

    /// <summary>What a reject file says about the value; null for a row of another file.</summary>
    public RejectReason? Reason { get; private set; }

    /// <summary>The value as it stood in its file, without what must not leave it.</summary>
    public ReadOnlySpan<byte> Shown => Reason is not null || _options.Hides || Profile.Request.IsRead ? _shown.WrittenSpan : _object.Json;

    /// <summary>Reads a value; why it is out of order, else null.</summary>
    /// <param name="json">The value.</param>
    /// <param name="columns">Where its members are; null to look for them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Failure? Read(ReadOnlySpan<byte> json, JsonColumns? columns = null)
    {
        _object.Take(json);
        _shown.Truncate(0);
        Profile.Clear();
        Reason = null;
        if (columns is not null)
        {
            _object.Read(columns);
            return ReadObject();
        }

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
                $"The value is not valid JSON at byte {e.BytePositionInLine + 1} of "
                    + $"{(e.LineNumber > 0 ? $"its line {e.LineNumber + 1}" : "the line")}.");
        }
        catch (InvalidOperationException)
        {
            return _object.Current is { } name
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            ShowAll();
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

    private void ShowAll()
    {
        BeginShown();
        foreach (var member in _object.All)
            Write(member.Name.Encoded, _object.Value(member));
        EndShown();
    }

    /// <summary>
    /// Writes the object without what must not leave its file: of a call of Segment's, all but the identifier and the traits.
    /// </summary>
    private void ShowHidden()
    {
        BeginShown();
        if (Profile.SegmentType is not null)
            _json.WriteString(SegmentCall.TypeName, Profile.SegmentType);
        if (Profile.Identifier is { } identifier)
            Show(identifier);
        if (Profile.Wrapper is not null)
            _json.WriteStartObject(Profile.Wrapper);
        ShowProperties();
        if (Profile.Wrapper is not null)
            _json.WriteEndObject();
        EndShown();
    }

    /// <summary>Writes a request without its token, and without what must not leave its file.</summary>
    private void ShowRequest()
    {
        BeginShown();
        foreach (var member in _object.All)
        {
            if (JsonRequest.IsToken(member))
                continue;
            if (member == Profile.Identifier)
                Show(member);
            else if (_options.Hides && member.Kind == JsonTokenType.StartObject)
                ShowOperation(member);
            else
                Write(member.Name.Encoded, _object.Value(member));
        }

        EndShown();
    }

    private void ShowOperation(JsonMember member)
    {
        _json.WriteStartObject(member.Name.Encoded);
        // Of several operations in one request, which is refused, those of the others are not shown.
        if (member == Profile.Request.Properties)
            ShowProperties();
        _json.WriteEndObject();
    }

    private void ShowProperties()
    {
        foreach (var member in Profile.Members)
        {
            if (!Profile.Property(member).IsExcluded)
                Show(member);
        }
    }

    private void Show(JsonMember member)
    {
        var isHashed = Profile.IsToBeHashed(member);
        var name = isHashed || member.WasHashed ? EngageJson.Encode(member.Name.Text + RejectFields.HashedMark) : member.Name.Encoded;
        if (isHashed)
            _json.WriteString(name, Profile.Hash(member));
        else
            Write(name, Profile.Value(member));
    }

    private void Write(JsonEncodedText name, ReadOnlySpan<byte> value)
    {
        _json.WritePropertyName(name);
        _json.WriteRawValue(value, skipInputValidation: true);
    }

    private void BeginShown()
    {
        _shown.Truncate(0);
        _json.Reset(_shown);
        _json.WriteStartObject();
    }

    private void EndShown()
    {
        _json.WriteEndObject();
        _json.Flush();
    }
}
