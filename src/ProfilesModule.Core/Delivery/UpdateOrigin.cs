namespace ProfilesModule.Delivery;

/// <summary>Where an update came from, so that an error can name it.</summary>
/// <param name="Row">The 1-based number of the row among everything that the run read.</param>
/// <param name="Line">The 1-based line of the file where the row starts; 0 when it came from no file.</param>
/// <param name="Source">The user's own record, or the file that holds it.</param>
internal readonly record struct UpdateOrigin(long Row, long Line, object? Source)
{
    /// <summary>Whether the row is one of a reject file that says of it that a later row of its profile was sent.</summary>
    public bool IsSuperseded { get; init; }
}
