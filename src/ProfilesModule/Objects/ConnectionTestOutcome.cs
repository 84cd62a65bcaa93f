namespace ProfilesModule;

/// <summary>What a part of a connection test showed.</summary>
public enum ConnectionTestOutcome
{
    /// <summary>It was not tried, because something before it failed or is missing.</summary>
    NotTested,

    /// <summary>It works.</summary>
    Succeeded,

    /// <summary>It does not work.</summary>
    Failed,
}
