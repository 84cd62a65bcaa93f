using System.Runtime.InteropServices;
using ProfilesModule.Model;
using static System.FormattableString;

namespace ProfilesModule.Query;

/// <summary>
/// Holds the pages of one query to what the query has: each is the page that was asked for, of one session, and has as many
/// profiles as a page holds or the total leaves, none of which came before. So a page that is short, empty or sent twice is
/// never taken for the end, and no service can be asked for ever.
/// </summary>
/// <remarks>
/// It keeps 64 bits of each distinct id: of a million, two are taken for one with a chance of 1 in 37 million.
/// </remarks>
internal sealed class PageSequence(Action<string>? incomplete)
{
    private readonly HashSet<ulong> _read = [];
    private readonly HashSet<ulong> _fresh = [];
    private long _count;
    private int? _pageSize;
    private long? _total;
    private bool _isIdle;

    /// <summary>The page to ask for, from 0.</summary>
    public int Number { get; private set; }

    /// <summary>The session to ask for it in; null for the first page.</summary>
    public string? Session { get; private set; }

    /// <summary>Whether no page is left to ask for.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes the page that was asked for.</summary>
    /// <returns>The page without the profiles that came before.</returns>
    /// <exception cref="QueryException">It is not what it should be.</exception>
    public ProfilePage Take(ProfilePage page, bool isLastAttempt)
    {
        var fresh = CountFresh(page);
        var total = page.Total ?? _total;
        var change = _total is { } before && total != before
            ? Invariant($"the total changed from {before:N0} to {total:N0} before page {Number + 1:N0}")
            : null;
        Refuse(Contradiction(page, fresh, total));
        if (incomplete is null)
            Refuse(change);
        var lack = Lack(page.Profiles.Count, fresh, _pageSize ?? page.PageSize, total);
        if (incomplete is null || !isLastAttempt)
            Refuse(lack);
        foreach (var problem in new[] { change, lack }.OfType<string>())
            incomplete?.Invoke(problem);
        return Accept(page, fresh, total);
    }

    private static void Refuse(string? reason)
    {
        if (reason is not null)
            throw QueryException.Incomplete(reason);
    }

    /// <summary>Why this cannot be the page that was asked for; null when it can.</summary>
    private string? Contradiction(ProfilePage page, int fresh, long? total)
    {
        var pageSize = _pageSize ?? page.PageSize;
        if (page.Number is { } number && number != Number)
            return Invariant($"page {Number + 1:N0} was requested, but page {number + 1:N0} was returned");
        if (Session is not null && page.SessionId is not null && page.SessionId != Session)
            return Invariant($"page {Number + 1:N0} is from a different session than the first");
        if (page.PageSize is { } size && size != pageSize)
            return Invariant($"the size of a page changed from {pageSize:N0} to {size:N0} before page {Number + 1:N0}");
        if (page.Profiles.Count > pageSize)
            return Invariant($"page {Number + 1:N0} has {page.Profiles.Count:N0} profiles, but a page has at most {pageSize:N0}");
        if (page.Profiles.Count > 0 && fresh == 0)
            return Invariant($"page {Number + 1:N0} has only profiles of earlier pages");
        if ((Session ?? page.SessionId) is null && !IsLast(page, fresh, total))
            return Invariant($"page {Number + 1:N0} is not the last page, but has no session id to read the next one with");
        return null;
    }

    /// <summary>What the page has too few or too many of; null when it has what it should.</summary>
    private string? Lack(int count, int fresh, int? pageSize, long? total)
    {
        var left = Math.Max(0, (total ?? long.MaxValue) - _count);
        var most = Math.Min(pageSize ?? left, left);
        var least = total is null ? 0 : Math.Min(pageSize ?? 1, left);
        if (fresh < count)
            return Invariant($"{count - fresh:N0} of the {count:N0} profiles of page {Number + 1:N0} were on earlier pages");
        if (count > most)
            return Invariant($"page {Number + 1:N0} has {count - most:N0} more profiles than the {most:N0} that remain of the total");
        if (count >= least)
            return null;
        return pageSize is null
            ? Invariant($"page {Number + 1:N0} is empty, and {left:N0} of {total:N0} profiles are missing")
            : Invariant($"page {Number + 1:N0} has {count:N0} of {least:N0} profiles");
    }

    private ProfilePage Accept(ProfilePage page, int fresh, long? total)
    {
        IsComplete = IsLast(page, fresh, total);
        Session ??= page.SessionId;

        // Where the service does not say, every page but the last is as long as the first.
        _pageSize ??= page.PageSize ?? (total > page.Profiles.Count && fresh > 0 ? page.Profiles.Count : null);
        _total = total;
        _count += fresh;
        _isIdle = fresh == 0;
        Number++;
        if (!IsComplete)
            _read.UnionWith(_fresh);
        return fresh == page.Profiles.Count ? page : page with { Profiles = [.. page.Profiles.Where(p => IsDamaged(p.DistinctId) || _fresh.Remove(Hash(p.DistinctId)))] };
    }

    private bool IsLast(ProfilePage page, int fresh, long? total)
    {
        var pageSize = _pageSize ?? page.PageSize;
        if (total is not { } all)
            return page.Profiles.Count == 0 || (pageSize is { } full ? page.Profiles.Count < full : (Session ?? page.SessionId) is null);

        // Where profiles are missing the total is never reached; and it may go on growing while no page has anything.
        return _count + fresh >= all
            || (pageSize is { } size ? (Number + 1L) * size >= all : fresh == 0)
            || (fresh == 0 && _isIdle);
    }

    /// <summary>How many profiles of a page have not come before.</summary>
    private int CountFresh(ProfilePage page)
    {
        _fresh.Clear();
        var damaged = 0;
        foreach (var profile in page.Profiles)
        {
            if (IsDamaged(profile.DistinctId))
                damaged++;
            else if (Hash(profile.DistinctId) is var hash && !_read.Contains(hash))
                _fresh.Add(hash);
        }

        return damaged + _fresh.Count;
    }

    // What was no text became U+FFFD, so that ids which differ may look alike.
    private static bool IsDamaged(string id) => id.Contains('\uFFFD', StringComparison.Ordinal);

    // The hash of the runtime differs in every process, so two ids cannot be crafted that always collide.
    private static ulong Hash(string id) =>
        ProfileHash.Of(MemoryMarshal.AsBytes(id.AsSpan())) ^ ((ulong)(uint)id.GetHashCode(StringComparison.Ordinal) << 32);
}
