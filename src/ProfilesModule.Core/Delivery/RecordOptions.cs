using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>What every record of a run carries beside its profile and its operation.</summary>
/// <remarks>Source: official ingestion description, /engage and /groups; geolocation and user profile documentation.</remarks>
internal sealed record RecordOptions
{
    private static readonly JsonEncodedText IpKey = EngageJson.Encode("$ip");
    private static readonly JsonEncodedText LatitudeKey = EngageJson.Encode("$latitude");
    private static readonly JsonEncodedText LongitudeKey = EngageJson.Encode("$longitude");
    private static readonly JsonEncodedText TimeKey = EngageJson.Encode("$time");
    private static readonly JsonEncodedText IgnoreTimeKey = EngageJson.Encode("$ignore_time");
    private static readonly JsonEncodedText IgnoreAliasKey = EngageJson.Encode("$ignore_alias");

    /// <summary>The kind of group that the profiles are of; null for user profiles.</summary>
    public string? GroupKey { get; init; }

    /// <summary>The address to locate the user by. Default "0", for none: else the service would place the profile where this machine stands.</summary>
    public string Ip { get; init; } = "0";

    /// <summary>Where the user is, in degrees; null when unknown. Together with <see cref="Longitude"/>.</summary>
    public double? Latitude { get; init; }

    /// <summary>Where the user is, in degrees; null when unknown. Together with <see cref="Latitude"/>.</summary>
    public double? Longitude { get; init; }

    /// <summary>When the update happened; null for when it is received, which is what keeps updates in order.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Whether the profile's time of last update stays as it is.</summary>
    public bool IgnoreTime { get; init; }

    /// <summary>Whether the distinct id is meant literally, not as an alias of another.</summary>
    public bool IgnoreAlias { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void WriteTo(Utf8JsonWriter json)
    {
        if (GroupKey is null)
            json.WriteString(IpKey, Ip);
        if (Latitude is { } latitude)
            json.WriteNumber(LatitudeKey, latitude);
        if (Longitude is { } longitude)
            json.WriteNumber(LongitudeKey, longitude);
        if (Time is { } time)
            json.WriteNumber(TimeKey, time.ToUnixTimeMilliseconds());
        if (IgnoreTime)
            json.WriteBoolean(IgnoreTimeKey, true);
        if (IgnoreAlias)
            json.WriteBoolean(IgnoreAliasKey, true);
    }
}
