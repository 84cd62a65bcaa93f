namespace ProfilesModule.Server;

/// <summary>The profiles as one transaction sees and changes them. Used by one thread.</summary>
public interface IProfileTransaction
{
    /// <summary>The properties of a profile.</summary>
    /// <param name="distinctId">The profile's distinct id.</param>
    /// <returns>A JSON object in UTF-8, or null if there is no such profile.</returns>
    byte[]? Find(string distinctId);

    /// <summary>Adds a profile unless there is one.</summary>
    /// <param name="distinctId">The profile's distinct id.</param>
    /// <param name="properties">A JSON object in UTF-8.</param>
    /// <returns>False if there is a profile with that id already; then nothing changed.</returns>
    bool TryAdd(string distinctId, byte[] properties);

    /// <summary>Gives a profile other properties. Without such a profile nothing happens.</summary>
    /// <param name="distinctId">The profile's distinct id.</param>
    /// <param name="properties">A JSON object in UTF-8.</param>
    void Replace(string distinctId, byte[] properties);

    /// <summary>Removes a profile. Without such a profile nothing happens.</summary>
    /// <param name="distinctId">The profile's distinct id.</param>
    void Delete(string distinctId);
}
