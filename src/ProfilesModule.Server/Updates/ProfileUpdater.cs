using System.Text.Json.Nodes;
using ProfilesModule.Model;
using ProfilesModule.Server.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Server.Updates;

/// <summary>Applies updates to the profiles of a transaction.</summary>
internal sealed class ProfileUpdater(IProfileTransaction transaction, JsonBuffer json)
{
    /// <summary>Applies an update, unless a later one has been applied to its profile.</summary>
    /// <returns>Whether it was applied.</returns>
    public bool Apply(ProfileKey key, ProfileUpdate update)
    {
        if (update.Time.IsExplicit && transaction.Find(key) is { } stored && update.Time.Latest < stored.UpdateTime)
            return false;
        foreach (var operation in update.Operations)
        {
            if (operation.Kind == Operation.Delete)
                transaction.Delete(key);
            else
                Apply(key, update, operation);
        }

        return true;
    }

    private void Apply(ProfileKey key, ProfileUpdate update, ProfileOperation operation)
    {
        // The value of these is the profile they create, so a new one is stored as it is.
        if (operation.Kind is Operation.Set or Operation.SetOnce && transaction.TryAdd(key, new(update.Time.Milliseconds, operation.Value)))
            return;

        // What removes does not create a profile, nor is it activity of the user.
        var removes = operation.Kind is Operation.Remove or Operation.Unset;
        var stored = transaction.Find(key);
        if (stored is null && removes)
            return;

        var profile = stored is null ? [] : Parse(stored.Value);
        var count = profile.Count;
        ProfileOperations.Apply(profile, operation.Kind, JsonNode.Parse(operation.Value)!);
        if (profile.Count > Math.Max(count, Limits.MaximumProperties))
            DropNewProperties(profile, count);
        if (operation.Kind is Operation.Append or Operation.Union
            && stored is { } before && before.Properties.Length + operation.Value.Length > Limits.MaximumValueBytes)
        {
            KeepLists(profile, Parse(before));
        }

        if (update.LastSeen is not null && !removes)
            profile["$last_seen"] = update.LastSeen;

        var state = new ProfileState(Math.Max(stored?.UpdateTime ?? long.MinValue, update.Time.Milliseconds), Bytes(profile));
        if (stored is null)
            transaction.TryAdd(key, state);
        else
            transaction.Replace(key, state);
    }

    private static JsonObject Parse(ProfileState state) => JsonNode.Parse(state.Properties)!.AsObject();

    // Source: official user profiles, properties beyond 2,000 are not added.
    private static void DropNewProperties(JsonObject profile, int countBefore)
    {
        foreach (var name in profile.Skip(Math.Max(countBefore, Limits.MaximumProperties)).Select(property => property.Key).ToList())
            profile.Remove(name);
    }

    // Source: property data types, a list holds 256 KB; that it then stays as it was is a choice of this server.
    private void KeepLists(JsonObject profile, JsonObject before)
    {
        foreach (var (name, value) in before)
        {
            if (value is JsonArray list && profile[name] is JsonArray now
                && now.Count > list.Count && Bytes(now).Length > Limits.MaximumValueBytes)
            {
                profile[name] = list.DeepClone();
            }
        }
    }

    private byte[] Bytes(JsonNode node) => json.Write(writer => node.WriteTo(writer));
}
