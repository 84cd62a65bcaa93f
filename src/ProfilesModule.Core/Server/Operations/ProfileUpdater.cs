using System.Text.Json.Nodes;
using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>Applies updates to the profiles of a transaction.</summary>
internal sealed class ProfileUpdater
{
    private readonly JsonBuffer _json;

    public ProfileUpdater(JsonBuffer json) => _json = json;

    /// <summary>Applies an update, unless a later one has been applied to its profile.</summary>
    /// <returns>Whether it was applied.</returns>
    public bool Apply(IProfileTransaction transaction, ProfileKey key, ProfileUpdate update)
    {
        if (update.Time.IsExplicit && transaction.Find(key) is { } stored && update.Time.IsBefore(stored.UpdateTime))
            return false;
        foreach (ProfileOperation operation in update.Operations)
        {
            if (operation.Kind == Operation.Delete)
                transaction.Delete(key);
            else
                Apply(transaction, key, update, operation);
        }
        return true;
    }

    private void Apply(IProfileTransaction transaction, ProfileKey key, ProfileUpdate update, ProfileOperation operation)
    {
        // The value of these is the profile they create, so a new one is stored as it is.
        if (operation.Kind is Operation.Set or Operation.SetOnce && transaction.TryAdd(key, new ProfileState(update.Time.Milliseconds, operation.Value)))
            return;

        // What takes away does not create a profile, nor is it activity of the user.
        bool takesAway = operation.Kind is Operation.Remove or Operation.Unset;
        ProfileState? stored = transaction.Find(key);
        if (stored is null && takesAway)
            return;

        JsonObject profile = stored is null ? [] : JsonNode.Parse(stored.Value.Properties)!.AsObject();
        int count = profile.Count;
        ProfileOperations.Apply(profile, operation.Kind, JsonNode.Parse(operation.Value)!);
        if (profile.Count > Math.Max(count, Limits.MaximumProperties))
            ProfileLimits.DropNewProperties(profile, count);
        if (stored is not null && operation.Kind is Operation.Append or Operation.Union && stored.Value.Properties.Length + operation.Value.Length > Limits.MaximumValueBytes)
            ProfileLimits.KeepLists(profile, JsonNode.Parse(stored.Value.Properties)!.AsObject(), _json);
        if (update.LastSeen is not null && !takesAway)
            profile["$last_seen"] = update.LastSeen;

        profile.WriteTo(_json.Begin());
        var state = new ProfileState(Math.Max(stored?.UpdateTime ?? long.MinValue, update.Time.Milliseconds), _json.End());
        if (stored is null)
            transaction.TryAdd(key, state);
        else
            transaction.Replace(key, state);
    }
}
