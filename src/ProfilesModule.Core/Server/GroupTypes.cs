using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProfilesModule.Server;

/// <summary>The types of groups that the project has: which group keys it knows, and the data group id of each.</summary>
internal sealed class GroupTypes
{
    private readonly Dictionary<string, long>? _ids;

    /// <param name="ids">The data group id of each group key; null if every key is known.</param>
    /// <exception cref="ArgumentException">An id is not a whole number of 64 bits other than 0, or two keys have the same one.</exception>
    public GroupTypes(IReadOnlyDictionary<string, string>? ids)
    {
        _ids = ids?.ToDictionary(
            type => type.Key,
            type => TryParse(type.Value, out long id) ? id : throw new ArgumentException($"The data group id '{type.Value}' of the group key '{type.Key}' is not a whole number of 64 bits other than 0."),
            StringComparer.Ordinal);
        if (_ids is not null && _ids.Values.Distinct().Count() < _ids.Count)
            throw new ArgumentException("Two group keys have the same data group id.");
    }

    /// <summary>The data group id of a group key.</summary>
    /// <returns>Null if the project does not know the key.</returns>
    public long? Find(string groupKey)
    {
        if (_ids is null)
            return Derive(groupKey);
        return _ids.TryGetValue(groupKey, out long id) ? id : null;
    }

    public static bool TryParse(string text, out long dataGroupId) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out dataGroupId) && dataGroupId != ProfileKey.Users;

    // 19 digits and either sign, like the ids of the service: what would lose digits there loses them here.
    private static long Derive(string groupKey)
    {
        const long smallest = 1_000_000_000_000_000_000;
        ulong hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(groupKey)));
        long magnitude = smallest + (long)((hash >> 1) % (long.MaxValue - smallest));
        return (hash & 1) == 0 ? magnitude : -magnitude;
    }
}
