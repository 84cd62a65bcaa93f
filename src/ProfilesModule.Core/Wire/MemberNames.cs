using System.Text.Json;

namespace ProfilesModule.Wire;

/// <summary>The names of JSON members that recur in one object after the other: each is one string, however often it is read.</summary>
internal sealed class MemberNames
{
    // More than most projects have properties. Two names in one place take turns there.
    private const int Places = 512;

    private readonly string?[] _names = new string?[Places];

    /// <summary>Reads the name that the reader stands on.</summary>
    public string Read(ref Utf8JsonReader json)
    {
        if (json.HasValueSequence || json.ValueIsEscaped)
            return JsonValues.Text(ref json);
        ref var name = ref _names[Place(json.ValueSpan)];
        if (name is null || !json.ValueTextEquals(name))
            name = JsonValues.Text(ref json);
        return name;
    }

    private static uint Place(ReadOnlySpan<byte> name)
    {
        var hash = 0u;
        foreach (var letter in name)
            hash = (hash * 31) + letter;
        return hash % Places;
    }
}
