namespace ProfilesModule.Rows;

/// <summary>The profiles that were used last, up to a number, so that events of one user do not ask for it again and again.</summary>
/// <param name="capacity">The most profiles that are kept.</param>
internal sealed class RecentProfiles(int capacity)
{
    private readonly Dictionary<string, LinkedListNode<JoinedProfile>> _byId = new(StringComparer.Ordinal);

    // The one that was used last comes first.
    private readonly LinkedList<JoinedProfile> _used = new();

    /// <summary>The profile of a user, one that was not read yet when none is kept.</summary>
    public JoinedProfile Of(string distinctId)
    {
        if (_byId.TryGetValue(distinctId, out var kept))
        {
            _used.Remove(kept);
            _used.AddFirst(kept);
            return kept.Value;
        }

        if (_byId.Count == capacity)
        {
            _byId.Remove(_used.Last!.Value.DistinctId);
            _used.RemoveLast();
        }

        return (_byId[distinctId] = _used.AddFirst(new JoinedProfile(distinctId))).Value;
    }
}
