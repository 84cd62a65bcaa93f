using System.Text.Json.Nodes;

namespace ProfilesModule.Server;

/// <summary>
/// What each operation makes of a profile that exists. One method an operation; together they are the table of operations
/// by current value.
/// </summary>
internal static class ProfileOperations
{
    /// <summary><c>$set</c>: every property gets its value, whatever it was before.</summary>
    public static void Set(JsonObject profile, JsonObject value)
    {
        foreach ((string name, JsonNode? property) in value)
            profile[name] = property?.DeepClone();
    }

    /// <summary><c>$set_once</c>: only a property that is missing or null gets its value.</summary>
    public static void SetOnce(JsonObject profile, JsonObject value)
    {
        foreach ((string name, JsonNode? property) in value)
        {
            if (profile[name] is null)
                profile[name] = property?.DeepClone();
        }
    }

    /// <summary><c>$unset</c>: the named properties go; a name the profile does not have is passed over.</summary>
    public static void Unset(JsonObject profile, JsonArray names)
    {
        foreach (JsonNode? name in names)
            profile.Remove(name!.GetValue<string>());
    }
}
