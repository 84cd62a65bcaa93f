namespace ProfilesModule.Delivery;

/// <summary>Tells profiles apart by 64 bits of their distinct id (FNV-1a); two ids that collide only wait for each other.</summary>
internal static class ProfileHash
{
    public static ulong Of(ReadOnlySpan<byte> distinctId)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in distinctId)
            hash = (hash ^ value) * 1099511628211UL;
        return hash;
    }
}
