using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>One operation of a record.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Value">
/// Its value as JSON in UTF-8, as the service keeps it: cut to the limits, without reserved names and duplicate ones. For
/// <c>$set</c> and <c>$set_once</c> it includes the <c>$last_seen</c> of the update. Empty for <c>$delete</c>.
/// </param>
internal readonly record struct ProfileOperation(Operation Kind, byte[] Value);
