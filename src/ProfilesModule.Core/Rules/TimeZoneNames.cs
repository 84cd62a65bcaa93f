using System.Collections.Concurrent;
using System.Text;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>The IANA names of time zones, as this machine knows them.</summary>
internal static class TimeZoneNames
{
    private const int MaximumKnown = 4096;

    private static readonly ConcurrentDictionary<ulong, bool> Known = new();

    // Small containers come without any.
    private static readonly bool HasDatabase = IsOnThisMachine("America/New_York");

    /// <summary>Whether there is a zone of that name; where the machine knows none, whether it looks like one.</summary>
    public static bool Contains(ReadOnlySpan<byte> name)
    {
        var hash = ProfileHash.Of(name);
        if (Known.TryGetValue(hash, out var isKnown))
            return isKnown;
        var text = Encoding.UTF8.GetString(name);
        isKnown = HasDatabase ? IsOnThisMachine(text) : text == "UTC" || (text.Contains('/', StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal));
        if (Known.Count < MaximumKnown)
            Known.TryAdd(hash, isKnown);
        return isKnown;
    }

    private static bool IsOnThisMachine(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;
}
