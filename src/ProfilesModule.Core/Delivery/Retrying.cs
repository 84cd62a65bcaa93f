namespace ProfilesModule.Delivery;

/// <summary>A failed request that will be repeated.</summary>
/// <param name="Batch">The number of the batch.</param>
/// <param name="Retry">1 for the first retry.</param>
/// <param name="Delay">The wait before it.</param>
/// <param name="Reason">What went wrong.</param>
internal sealed record Retrying(int Batch, int Retry, TimeSpan Delay, string Reason)
{
    /// <summary>What went wrong, as the end of a sentence that has its own full stop.</summary>
    public string Reason { get; } = Reason.TrimEnd('.');
}
