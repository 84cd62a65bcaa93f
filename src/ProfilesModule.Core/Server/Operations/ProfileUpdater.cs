using System.Text.Json.Nodes;
using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>Applies updates to the profiles of a transaction.</summary>
internal sealed class ProfileUpdater
{
    private readonly JsonBuffer _json;

    public ProfileUpdater(JsonBuffer json) => _json = json;

    public void Apply(IProfileTransaction transaction, ProfileUpdate update)
    {
        foreach (ProfileOperation operation in update.Operations)
        {
            if (operation.Kind == Operation.Delete)
                transaction.Delete(update.DistinctId);
            else
                Apply(transaction, update, operation);
        }
    }

    private void Apply(IProfileTransaction transaction, ProfileUpdate update, ProfileOperation operation)
    {
        // The value of these is the profile they create, so a new one is stored as it is.
        if (operation.Kind is Operation.Set or Operation.SetOnce && transaction.TryAdd(update.DistinctId, operation.Value))
            return;
        if (transaction.Find(update.DistinctId) is not { } stored)
            return;

        JsonObject profile = JsonNode.Parse(stored)!.AsObject();
        JsonNode value = JsonNode.Parse(operation.Value)!;
        switch (operation.Kind)
        {
            case Operation.Set:
                ProfileOperations.Set(profile, value.AsObject());
                break;
            case Operation.SetOnce:
                ProfileOperations.SetOnce(profile, value.AsObject());
                break;
            case Operation.Unset:
                ProfileOperations.Unset(profile, value.AsArray());
                break;
        }
        if (update.LastSeen is not null && operation.Kind != Operation.Unset)
            profile["$last_seen"] = update.LastSeen;

        profile.WriteTo(_json.Begin());
        transaction.Replace(update.DistinctId, _json.End());
    }
}
