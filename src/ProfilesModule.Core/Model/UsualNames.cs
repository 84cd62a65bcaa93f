namespace ProfilesModule.Model;

/// <summary>The names that other systems give to what the service has a reserved property for.</summary>
/// <remarks>Source: reserved properties documentation; the trait names are those of Segment's identify calls.</remarks>
internal static class UsualNames
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["email"] = "$email",
        ["name"] = "$name",
        ["first_name"] = "$first_name",
        ["firstName"] = "$first_name",
        ["last_name"] = "$last_name",
        ["lastName"] = "$last_name",
        ["phone"] = "$phone",
        ["avatar"] = "$avatar",
        ["created"] = "$created",
        ["created_at"] = "$created",
        ["createdAt"] = "$created",
        ["city"] = "$city",
        ["address.city"] = "$city",
        ["region"] = "$region",
        ["address.state"] = "$region",
        ["country_code"] = "$country_code",
        ["address.country"] = "$country_code",
        ["timezone"] = "$timezone",
    };

    /// <summary>All of them, with the property that each stands for.</summary>
    public static IReadOnlyDictionary<string, string> All => Names;

    /// <summary>The reserved property that a usual name stands for; null when it is none.</summary>
    /// <param name="name">The name, in any case.</param>
    public static string? Reserved(string name) => Names.GetValueOrDefault(name.Trim());
}
