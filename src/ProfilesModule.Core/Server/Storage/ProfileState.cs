namespace ProfilesModule.Server;

/// <summary>What an <see cref="IProfileStore"/> keeps of a profile.</summary>
/// <param name="UpdateTime">The largest <c>$time</c> of the updates that it got, in milliseconds since 1970 UTC.</param>
/// <param name="Properties">Its properties, <c>$last_seen</c> included: one JSON object in UTF-8.</param>
internal readonly record struct ProfileState(long UpdateTime, byte[] Properties);
