namespace ProfilesModule;

/// <summary>
/// The region where the service stores the data of a project. The service accepts updates in another region than the project's, and
/// discards them without an error.
/// </summary>
public enum ServiceRegion
{
    /// <summary>United States: api.mixpanel.com and mixpanel.com.</summary>
    US,

    /// <summary>European Union: api-eu.mixpanel.com and eu.mixpanel.com.</summary>
    EU,

    /// <summary>India: api-in.mixpanel.com and in.mixpanel.com.</summary>
    IN,
}

/// <summary>The names of the regions, and the hosts of the service in each.</summary>
/// <remarks>Source: official ingestion, query and export descriptions, servers.</remarks>
internal static class RegionNames
{
    // The first name is the one that is shown. The first host takes updates, the second takes queries.
    private static readonly (ServiceRegion Region, string[] Names, string[] Hosts)[] Regions =
    [
        (ServiceRegion.US, ["United States", "US", "USA", "United States of America"],
            ["api.mixpanel.com", "mixpanel.com", "www.mixpanel.com", "api-js.mixpanel.com", "data.mixpanel.com"]),
        (ServiceRegion.EU, ["European Union", "EU", "Europe"], ["api-eu.mixpanel.com", "eu.mixpanel.com", "data-eu.mixpanel.com"]),
        (ServiceRegion.IN, ["India", "IN"], ["api-in.mixpanel.com", "in.mixpanel.com", "data-in.mixpanel.com"]),
    ];

    /// <summary>The region with a name, or with a host or address of the service; null if there is none.</summary>
    public static ServiceRegion? Find(string text)
    {
        // Environment variables and configuration files also write United_States and united-states.
        var name = text.Trim();
        var spaced = name.Replace('_', ' ').Replace('-', ' ');
        if (First(region => region.Names.Contains(spaced, StringComparer.OrdinalIgnoreCase)) is { } named)
            return named;
        var address = name.Contains("://", StringComparison.Ordinal) ? name : $"https://{name}";
        return Uri.TryCreate(address, UriKind.Absolute, out var host) ? OfHost(host) : null;
    }

    /// <summary>The region that has the host of an address; null for other hosts.</summary>
    public static ServiceRegion? OfHost(Uri address) =>
        First(region => region.Hosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase));

    public static IEnumerable<(ServiceRegion Region, string Name, string IngestionHost, string QueryHost)> All =>
        Regions.Select(r => (r.Region, r.Names[0], r.Hosts[0], r.Hosts[1]));

    private static ServiceRegion? First(Func<(ServiceRegion Region, string[] Names, string[] Hosts), bool> matches) =>
        Regions.Where(matches).Select(region => (ServiceRegion?)region.Region).FirstOrDefault();
}
