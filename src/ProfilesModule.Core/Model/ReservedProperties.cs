namespace ProfilesModule.Model;

/// <summary>A property that the service gives a meaning to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it is, in one line.</param>
internal sealed record ReservedProperty(string Name, string Meaning)
{
    /// <summary>Whether the service sets it itself, so that it is there to be read only.</summary>
    public bool IsKeptByService { get; init; }
}

/// <summary>
/// The user properties that the service gives a meaning to, those that people write first. Source: the service's
/// documentation, reserved user properties and default user properties.
/// </summary>
internal static class ReservedProperties
{
    /// <summary>All of them, in the order in which they are worth offering.</summary>
    public static IReadOnlyList<ReservedProperty> All { get; } =
    [
        new("$email", "The user's e-mail address; also picks the avatar."),
        new("$name", "The user's full name."),
        new("$first_name", "The user's first name."),
        new("$last_name", "The user's last name."),
        new("$phone", "The user's phone number, with + and country code."),
        new("$avatar", "The address of a picture of the user."),
        new("$created", "When the user signed up, as a date; never set by the service."),
        new("$city", "The user's city; set from the IP address or location of an update unless specified."),
        new("$region", "The user's state or province; set from the IP address or location of an update unless specified."),
        new("$country_code", "The user's country, two letters; set from the IP address or location of an update unless specified."),
        new("$timezone", "The user's time zone, such as Europe/Zurich; set from the IP address or location of an update unless specified."),
        new("$geo_source", "What the user's location was derived from.") { IsKeptByService = true },
        new("$last_seen", "When the profile was last updated; shown as UpdatedAt.") { IsKeptByService = true },
        new("$mp_first_event_time", "When the user's first event happened, computed by the service.") { IsKeptByService = true },
        new("$os", "The user's operating system; set by the service's libraries."),
        new("$browser", "The user's browser; set by the web library."),
        new("$browser_version", "The version of the browser; set by the web library."),
        new("$initial_referrer", "The first page that led to the site; set by the web library."),
        new("$initial_referring_domain", "The domain of the first page that led to the site; set by the web library."),
        new("initial_utm_source", "The source of the campaign that first led to the site; set by the web library."),
        new("initial_utm_medium", "The medium of the campaign that first led to the site; set by the web library."),
        new("initial_utm_campaign", "The campaign that first led to the site; set by the web library."),
        new("initial_utm_content", "The content of the campaign that first led to the site; set by the web library."),
        new("initial_utm_term", "The search term of the campaign that first led to the site; set by the web library."),
        new("$lib_version", "The version of the library that last updated the profile."),
        new("$android_lib_version", "The version of the Android library."),
        new("$android_os", "The operating system of the user's Android device."),
        new("$android_os_version", "The version of that operating system."),
        new("$android_manufacturer", "The manufacturer of the user's Android device."),
        new("$android_brand", "The brand of the user's Android device."),
        new("$android_model", "The model of the user's Android device."),
        new("$android_app_version", "The version of the app on the user's Android device."),
        new("$android_app_version_code", "The version code of the app on the user's Android device."),
        new("$ios_lib_version", "The version of the iOS library."),
        new("$swift_lib_version", "The version of the Swift library."),
        new("$ios_version", "The version of iOS on the user's device."),
        new("$ios_device_model", "The model of the user's iOS device."),
        new("$ios_app_version", "The version of the app on the user's iOS device."),
        new("$ios_app_release", "The release of the app on the user's iOS device."),
    ];

    // Nothing that people write by hand, but names that the service or its partners do know. Source: client libraries, partners' integrations.
    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "$ios_devices", "$android_devices", "$transactions", "$unsubscribed", "$username", "$last_login", "$notifications", "$predict_grade",
        "$predict_score", "$answers", "$campaigns", "$deliveries", "$experiments", "$events_distinct_id", "$predict_convert_event",
        "$predict_grade_last_updated", "$braze_external_id", "$iterable_user_id", "$onesignal_user_id", "$moengage_user_id", "$leanplum_user_id",
    };

    private static readonly Dictionary<string, ReservedProperty> ByName = All.ToDictionary(property => property.Name, StringComparer.Ordinal);

    /// <summary>Whether the service, or a partner of it, gives a meaning to a name.</summary>
    public static bool IsKnown(string name) => ByName.ContainsKey(name) || Others.Contains(name) || name.StartsWith("$airship_named_user", StringComparison.Ordinal);

    /// <summary>Whether the service sets a property itself.</summary>
    public static bool IsKeptByService(string name) => ByName.TryGetValue(name, out var property) && property.IsKeptByService;
}

/// <summary>The names that other systems give to what the service has a reserved property for.</summary>
/// <remarks>Source: reserved properties documentation; the trait names are those of Segment's identify calls.</remarks>
internal static class CommonNames
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

    /// <summary>The reserved property that a usual name stands for; null when it is none.</summary>
    public static string? Reserved(string name) => Names.GetValueOrDefault(Blanks.Trim(name));
}
