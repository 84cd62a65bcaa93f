using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Server.Updates;

/// <summary>What the server's project knows: its token, its group types and the aliases of its users.</summary>
internal sealed class Project
{
    private readonly string? _token;
    private readonly Dictionary<string, long>? _groupTypes;
    private readonly IReadOnlyDictionary<string, string> _aliases;

    /// <param name="token">The project's token; null if every token is.</param>
    /// <param name="groupTypes">The data group id of each group key; null if every key is known.</param>
    /// <param name="aliases">The distinct id of the original of each alias.</param>
    /// <exception cref="ArgumentException">A data group id is not valid or used twice, or an alias stands for another alias.</exception>
    public Project(string? token, IReadOnlyDictionary<string, string>? groupTypes, IReadOnlyDictionary<string, string> aliases)
    {
        (_token, _aliases) = (token, aliases);
        _groupTypes = groupTypes?.ToDictionary(type => type.Key, type => DataGroupId(type.Key, type.Value), StringComparer.Ordinal);
        if (_groupTypes?.Values.Distinct().Count() < _groupTypes?.Count)
            throw new ArgumentException("Two group keys have the same data group id.");
        if (aliases.FirstOrDefault(alias => aliases.ContainsKey(alias.Value)) is { Key: { } key })
            throw new ArgumentException($"The alias '{key}' stands for another alias.");
    }

    /// <summary>The data group id of a group key, or null if the project does not know the key.</summary>
    public long? FindDataGroupId(string groupKey) =>
        _groupTypes is null ? Derive(groupKey) : _groupTypes.TryGetValue(groupKey, out var id) ? id : null;

    /// <summary>The profile that an update is for, or null if the update is for another project or an unknown group key.</summary>
    public ProfileKey? Find(ProfileUpdate update)
    {
        if (_token is not null && update.Token != _token)
            return null;
        if (update.GroupKey is null)
            return new(ProfileKey.Users, update.IgnoreAlias ? update.Id : _aliases.GetValueOrDefault(update.Id, update.Id));
        return FindDataGroupId(update.GroupKey) is { } dataGroupId ? new(dataGroupId, update.Id) : null;
    }

    private static long DataGroupId(string groupKey, string text) => ProfileKey.TryParseDataGroupId(text, out var id)
        ? id
        : throw new ArgumentException($"The data group id '{text}' of '{groupKey}' is not a whole number of 64 bits other than 0.");

    // 19 digits and either sign, like the ids of the service: what would lose digits there loses them here.
    private static long Derive(string groupKey)
    {
        const long smallest = 1_000_000_000_000_000_000;
        var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(groupKey)));
        var magnitude = smallest + (long)((hash >> 1) % (long.MaxValue - smallest));
        return (hash & 1) == 0 ? magnitude : -magnitude;
    }
}
