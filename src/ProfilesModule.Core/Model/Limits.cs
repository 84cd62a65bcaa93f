namespace ProfilesModule.Model;

/// <summary>The service's limits on what one request may carry.</summary>
internal static class Limits
{
    /// <summary>The most updates in one request: 2,000. Source: official ingestion description, "Batch update profiles".</summary>
    public const int MaximumBatchSize = 2000;

    /// <summary>Updates in one request unless the user says otherwise: 200, which older parts of the documentation name as the limit.</summary>
    public const int DefaultBatchSize = 200;

    /// <summary>The most bytes in one request body, and so in one update: 1 MB (1,048,576). Source: official user profile limits.</summary>
    public const int MaximumBatchBytes = 1 << 20;

    /// <summary>The most properties that a profile holds: 2,000. Source: user profiles.</summary>
    public const int MaximumProperties = 2000;

    /// <summary>The longest name of a property, in characters: 255. Source: user profiles.</summary>
    public const int MaximumNameLength = 255;

    /// <summary>The longest text, alone or in a list, in bytes: 255. Source: property data types; other pages say characters.</summary>
    public const int MaximumTextBytes = 255;

    /// <summary>The largest list or object in bytes: 256 KB. Source: property data types.</summary>
    public const int MaximumValueBytes = 256 * 1024;

    /// <summary>The most keys of one object: 255. Source: property data types.</summary>
    public const int MaximumKeys = 255;

    /// <summary>How many objects deep a property may be: 3. Source: property data types.</summary>
    public const int MaximumDepth = 3;

    /// <summary>The most profiles that a query names: 1,000. Larger requests are refused with 413.</summary>
    public const int MaximumQueryIds = 1000;
}
