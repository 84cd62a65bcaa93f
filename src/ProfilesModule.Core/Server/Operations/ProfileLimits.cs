using System.Text.Json.Nodes;
using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>
/// What a profile that exists cannot take. Source: official user profiles (properties beyond 2,000 are not added) and property
/// data types (a list holds 256 KB); that the list then stays as it was is a choice of this server.
/// </summary>
internal static class ProfileLimits
{
    /// <summary>Takes away the properties that were added behind the last that a profile may have.</summary>
    /// <param name="profile">The properties, the new ones behind the others.</param>
    /// <param name="count">How many there were before.</param>
    public static void DropNewProperties(JsonObject profile, int count)
    {
        foreach (string name in profile.Skip(Math.Max(count, Limits.MaximumProperties)).Select(property => property.Key).ToList())
            profile.Remove(name);
    }

    /// <summary>Gives lists that have become too large the elements that they had before.</summary>
    /// <param name="profile">The properties.</param>
    /// <param name="before">The properties before.</param>
    /// <param name="json">Measures them.</param>
    public static void KeepLists(JsonObject profile, JsonObject before, JsonBuffer json)
    {
        foreach ((string name, JsonNode? value) in before)
        {
            if (value is JsonArray list && profile[name] is JsonArray now && now.Count > list.Count && Length(now, json) > Limits.MaximumValueBytes)
                profile[name] = list.DeepClone();
        }
    }

    private static int Length(JsonArray list, JsonBuffer json)
    {
        list.WriteTo(json.Begin());
        return json.End().Length;
    }
}
