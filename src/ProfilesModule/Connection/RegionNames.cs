namespace ProfilesModule;

/// <summary>What a region is called, and the hosts that the service has there.</summary>
/// <remarks>Source: official ingestion, query and export descriptions, servers.</remarks>
internal static class RegionNames
{
    // The first name is the one that is shown; the first hosts are those that updates go to and profiles are read from.
    private static readonly (ServiceRegion Region, string[] Names, string[] Hosts)[] Regions =
    [
        (ServiceRegion.US, ["United States", "US", "USA", "United States of America"], ["api.mixpanel.com", "mixpanel.com", "www.mixpanel.com", "api-js.mixpanel.com", "data.mixpanel.com"]),
        (ServiceRegion.EU, ["European Union", "EU", "Europe"], ["api-eu.mixpanel.com", "eu.mixpanel.com", "data-eu.mixpanel.com"]),
        (ServiceRegion.IN, ["India", "IN"], ["api-in.mixpanel.com", "in.mixpanel.com", "data-in.mixpanel.com"]),
    ];

    /// <summary>The region of that name, or of a host or address of the service in it; null when there is none.</summary>
    public static ServiceRegion? Find(string text)
    {
        var name = text.Trim();
        foreach (var (region, names, _) in Regions)
        {
            if (names.Contains(Spaced(name), StringComparer.OrdinalIgnoreCase))
                return region;
        }

        var address = name.Contains("://", StringComparison.Ordinal) ? name : $"https://{name}";
        return Uri.TryCreate(address, UriKind.Absolute, out var host) ? OfHost(host) : null;
    }

    /// <summary>The region whose host an address names; null when it is none of the service's.</summary>
    public static ServiceRegion? OfHost(Uri address)
    {
        foreach (var (region, _, hosts) in Regions)
        {
            if (hosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase))
                return region;
        }

        return null;
    }

    /// <summary>The regions, each with what it is called and the hosts that updates go to and profiles are read from.</summary>
    public static IEnumerable<(ServiceRegion Region, string Name, string IngestionHost, string QueryHost)> All =>
        Regions.Select(r => (r.Region, r.Names[0], r.Hosts[0], r.Hosts[1]));

    // United_States and united-states are the same name, as variables and files of settings spell it.
    private static string Spaced(string name) => name.Replace('_', ' ').Replace('-', ' ');
}
