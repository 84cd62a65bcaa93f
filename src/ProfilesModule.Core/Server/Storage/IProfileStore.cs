namespace ProfilesModule.Server;

/// <summary>Where an <see cref="EngageServer"/> keeps its profiles.</summary>
/// <remarks>
/// Safe for use by several threads at once. Ids are compared by their characters, letter case included.
/// Properties are one JSON object in UTF-8; an array that was handed over is not changed afterwards, by either side.
/// </remarks>
internal interface IProfileStore : IDisposable
{
    /// <summary>How many profiles the store holds, those of users and of groups together.</summary>
    long Count { get; }

    /// <summary>Runs one transaction; one runs at a time.</summary>
    /// <param name="work">
    /// Reads and writes profiles. Everything is kept when it returns, before <see cref="Write"/> does, and nothing when it
    /// throws. The transaction must not be used after it returned.
    /// </param>
    /// <exception cref="IOException">The changes could not be stored; none was.</exception>
    void Write(Action<IProfileTransaction> work);

    /// <summary>Opens a view of the profiles as they are now, which no later write changes.</summary>
    /// <exception cref="IOException">The store could not be read.</exception>
    IProfileSnapshot OpenSnapshot();
}
