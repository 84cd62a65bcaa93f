using System.Globalization;
using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Server.Updates;

/// <summary>One valid record of a request.</summary>
internal sealed record ProfileUpdate
{
    public required string Token { get; init; }

    /// <summary>The key of a group's type; null for a user's profile.</summary>
    public required string? GroupKey { get; init; }

    /// <summary>The distinct id of the user, or the id of the group.</summary>
    public required string Id { get; init; }

    /// <summary>Whether <see cref="Id"/> is to be taken literally, even if it is an alias.</summary>
    public required bool IgnoreAlias { get; init; }

    public required UpdateTime Time { get; init; }

    /// <summary>The new <c>$last_seen</c>, or null if the record leaves it alone (<c>$ignore_time</c>).</summary>
    public required string? LastSeen { get; init; }

    /// <summary>The operations in the order in which they are applied.</summary>
    public required IReadOnlyList<ProfileOperation> Operations { get; init; }
}

/// <param name="Kind">The operation.</param>
/// <param name="Value">
/// Its value as JSON in UTF-8, as the service keeps it: cut to the limits, without reserved names and duplicate ones. For
/// <c>$set</c> and <c>$set_once</c> it includes the <c>$last_seen</c> of the update. Empty for <c>$delete</c>.
/// </param>
internal readonly record struct ProfileOperation(Operation Kind, byte[] Value);

/// <summary>
/// When an update happened, which decides whether it is still applied: the service stores updates as events and replays
/// them in the order of their <c>$time</c>.
/// </summary>
/// <param name="Milliseconds">Milliseconds since 1970 UTC; for a time in seconds, where that second begins.</param>
/// <param name="Latest">The last millisecond that the time stands for; the greatest number if the record has no time.</param>
internal readonly record struct UpdateTime(long Milliseconds, long Latest)
{
    // Clients send seconds or milliseconds, with nothing to tell them apart but their size.
    private const double SmallestMilliseconds = 1e11;

    // The end of the year 9999.
    private const double LargestMilliseconds = 253_402_300_800_000;

    /// <summary>Whether the record has a time. Without one it is never too late.</summary>
    public bool IsExplicit => Latest != long.MaxValue;

    /// <summary>The time of an update that has none of its own.</summary>
    public static UpdateTime Receipt(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds(), long.MaxValue);

    /// <summary>Reads the value of <c>$time</c>: a number, or its text, of seconds or from 1e11 on of milliseconds.</summary>
    public static bool TryRead(JsonElement value, out UpdateTime time)
    {
        time = default;
        var text = value.ValueKind is JsonValueKind.Number or JsonValueKind.String ? value.ToString() : null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !(Math.Abs(number) < LargestMilliseconds))
        {
            return false;
        }

        var second = (long)Math.Floor(number) * 1000;
        time = number < SmallestMilliseconds ? new(second, second + 999) : new((long)number, (long)number);
        return true;
    }
}
