namespace ProfilesModule.Model;

/// <summary>The service's limits on what one request may carry.</summary>
public static class Limits
{
    /// <summary>The most updates in one request: 2,000. Source: official ingestion description, "Batch update profiles".</summary>
    public const int MaximumBatchSize = 2000;

    /// <summary>Updates in one request unless the user says otherwise: 200, which older parts of the documentation name as the limit.</summary>
    public const int DefaultBatchSize = 200;

    /// <summary>The most bytes in one request body, and so in one update: 1 MB (1,048,576). Source: official user profile limits.</summary>
    public const int MaximumBatchBytes = 1 << 20;
}
