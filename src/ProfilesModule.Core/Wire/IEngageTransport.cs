namespace ProfilesModule.Wire;

/// <summary>Carries one request body to the service and says what became of it.</summary>
internal interface IEngageTransport
{
    /// <summary>Sends one request. Failures of the network are verdicts, not exceptions.</summary>
    /// <param name="body">A JSON array of records.</param>
    /// <param name="updates">How many records the body holds.</param>
    /// <param name="isRepeatable">Whether the body may be sent twice without counting twice.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation);
}
