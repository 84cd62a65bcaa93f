using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>One valid record of a request.</summary>
/// <param name="Token">The project token it carries.</param>
/// <param name="DistinctId">The profile's distinct id.</param>
/// <param name="LastSeen">What <c>$last_seen</c> becomes, or null if the record leaves it alone (<c>$ignore_time</c>).</param>
/// <param name="Operations">What it does, in the order in which it is done.</param>
internal sealed record ProfileUpdate(string Token, string DistinctId, string? LastSeen, IReadOnlyList<ProfileOperation> Operations);

/// <summary>One operation of a record.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Value">
/// Its value as JSON in UTF-8, as the service keeps it: cut to the limits, without reserved names and duplicate ones. For
/// <c>$set</c> and <c>$set_once</c> it includes the <c>$last_seen</c> of the update. Empty for <c>$delete</c>.
/// </param>
internal readonly record struct ProfileOperation(Operation Kind, byte[] Value);
