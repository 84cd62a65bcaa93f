using System.Globalization;

namespace ProfilesModule.Server.Storage;

/// <summary>Keeps profiles. Safe for use by several threads at once.</summary>
/// <remarks>
/// Ids are compared ordinally. Properties are one JSON object in UTF-8, <c>$last_seen</c> included; neither side changes an array that
/// was handed over. Every member may throw an <see cref="IOException"/>.
/// </remarks>
internal interface IProfileStore : IDisposable
{
    /// <summary>How many profiles the store holds, those of users and of groups together.</summary>
    long Count { get; }

    /// <summary>Runs one transaction at a time. It is stored whole when this returns, and not at all when this throws.</summary>
    void Write(Action<IProfileTransaction> work);

    /// <summary>Opens a view of the profiles as they are now, which no later write changes.</summary>
    IProfileSnapshot OpenSnapshot();

    /// <summary>
    /// Makes searching and sorting in the snapshots opened from then on quick, where that needs something to be stored. Holds up writes
    /// meanwhile, and makes later ones slower.
    /// </summary>
    void PrepareSelections()
    {
    }
}

/// <summary>The profiles as one transaction sees and changes them. Used by one thread.</summary>
internal interface IProfileTransaction
{
    ProfileState? Find(ProfileKey key);

    /// <returns>False if the profile exists already; then nothing changed.</returns>
    bool TryAdd(ProfileKey key, ProfileState state);

    /// <summary>Changes a profile. Does nothing if it does not exist.</summary>
    void Replace(ProfileKey key, ProfileState state);

    /// <summary>Removes a profile. Does nothing if it does not exist.</summary>
    void Delete(ProfileKey key);
}

/// <summary>The profiles at one moment. Used by one thread at a time, and disposed before its store.</summary>
internal interface IProfileSnapshot : IDisposable
{
    /// <summary>How many profiles the snapshot holds of a group type, or of users.</summary>
    long Count(long dataGroupId);

    /// <summary>The profiles of a group type, or of users, from a position on, in the order of creation.</summary>
    IEnumerable<StoredProfile> ReadFrom(long dataGroupId, long position);

    StoredProfile? Find(ProfileKey key);

    /// <summary>How many profiles a selection has.</summary>
    long Count(ProfileSelection selection) =>
        selection.IsAll ? Count(selection.DataGroupId) : ReadFrom(selection.DataGroupId, 0).LongCount(selection.Includes);

    /// <summary>A part of a selection. It is read while it is enumerated.</summary>
    /// <param name="selection">The profiles and their order.</param>
    /// <param name="offset">How many of them come before the part.</param>
    /// <param name="count">The most profiles of the part.</param>
    IEnumerable<StoredProfile> Read(ProfileSelection selection, int offset, int count) =>
        selection.Sorted(ReadFrom(selection.DataGroupId, 0).Where(selection.Includes)).Skip(offset).Take(count);
}

/// <summary>The identity of a profile. Each group type has profiles of its own, and so have users.</summary>
/// <param name="DataGroupId">The group type, as the query's <c>data_group_id</c> names it; <see cref="Users"/> for a user.</param>
/// <param name="DistinctId">The user's distinct id, or the group's id.</param>
internal readonly record struct ProfileKey(long DataGroupId, string DistinctId)
{
    /// <summary>Stands where a group type would: 0, which no group type has.</summary>
    public const long Users = 0;

    public static bool TryParseDataGroupId(string text, out long dataGroupId) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out dataGroupId) && dataGroupId != Users;
}

/// <param name="UpdateTime">The largest <c>$time</c> of the profile's updates, in milliseconds since 1970 UTC.</param>
/// <param name="Properties">The properties.</param>
internal readonly record struct ProfileState(long UpdateTime, byte[] Properties);

/// <param name="Position">The place in the order of creation, 0 or greater, possibly with gaps.</param>
/// <param name="DistinctId">The user's distinct id, or the group's id.</param>
/// <param name="Properties">The properties.</param>
internal readonly record struct StoredProfile(long Position, string DistinctId, ReadOnlyMemory<byte> Properties);
