using System.Text.Json;

namespace ProfilesModule.Sources.Json;

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its value begins with.</param>
/// <param name="Start">Where the value starts in the JSON that it is in.</param>
/// <param name="Length">How long the value is.</param>
internal readonly record struct JsonMember(JsonName Name, JsonTokenType Kind, int Start, int Length)
{
    /// <summary>Whether the value is a hash that an earlier import made.</summary>
    public bool WasHashed { get; init; }

    /// <summary>Whether the value was written anew, and is not in the file.</summary>
    public bool IsMade { get; init; }
}
