using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>Writes an object of members whose values are JSON already.</summary>
internal sealed class JsonObjectWriter(GrowingBuffer to)
{
    private bool _isFirst;

    /// <summary>The value of a member, as JSON.</summary>
    public delegate ReadOnlySpan<byte> ValueOf(JsonMember member);

    /// <summary>Writes a whole object.</summary>
    public void Write(List<JsonMember> members, ValueOf value)
    {
        Begin();
        foreach (var member in members)
            Write(member.Name.Encoded, value(member));
        End();
    }

    public void Begin()
    {
        to.Write((byte)'{');
        _isFirst = true;
    }

    /// <summary>Begins an object inside the object.</summary>
    public void Begin(string name)
    {
        WriteName(EngageJson.Encode(name));
        Begin();
    }

    public void End()
    {
        to.Write((byte)'}');
        _isFirst = false;
    }

    public void Write(JsonEncodedText name, ReadOnlySpan<byte> value)
    {
        WriteName(name);
        to.Write(value);
    }

    public void WriteText(JsonEncodedText name, JsonEncodedText text)
    {
        WriteName(name);
        to.Write((byte)'"');
        to.Write(text.EncodedUtf8Bytes);
        to.Write((byte)'"');
    }

    private void WriteName(JsonEncodedText name)
    {
        to.Write(_isFirst ? "\""u8 : ",\""u8);
        to.Write(name.EncodedUtf8Bytes);
        to.Write("\":"u8);
        _isFirst = false;
    }
}
