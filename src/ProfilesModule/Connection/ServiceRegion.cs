namespace ProfilesModule;

/// <summary>Where the service keeps a project's data. Data sent to another region than the project's is answered like any other and never shows up.</summary>
public enum ServiceRegion
{
    /// <summary>United States: api.mixpanel.com and mixpanel.com.</summary>
    US,

    /// <summary>European Union: api-eu.mixpanel.com and eu.mixpanel.com.</summary>
    EU,

    /// <summary>India: api-in.mixpanel.com and in.mixpanel.com.</summary>
    IN,
}
