using System.Text;
using ProfilesModule.Query;

namespace ProfilesModule.Export;

/// <summary>
/// Writes profiles as a CSV file that an import takes back: the column <c>$distinct_id</c>, then one for each property.
/// Null and empty text are empty cells, which an import leaves out.
/// </summary>
internal sealed class ProfileTable : IDisposable
{
    /// <summary>The column of the identifier, which no property can have for a name.</summary>
    private const string Identifier = "$distinct_id";

    private readonly ICsvWriter _csv;
    private readonly IReadOnlyList<string> _properties;
    private readonly ProfileCell _cell = new();

    /// <summary>Starts a file with its header.</summary>
    /// <param name="csv">Where to; it is closed with this.</param>
    /// <param name="properties">The names of the properties, each one that <see cref="CanHold"/>.</param>
    public ProfileTable(ICsvWriter csv, IReadOnlyList<string> properties)
    {
        _csv = csv;
        _properties = properties;
        _csv.WriteField(Encoding.UTF8.GetBytes(Identifier));
        foreach (var property in properties)
            _csv.WriteField(Encoding.UTF8.GetBytes(property));
        _csv.EndRecord();
    }

    /// <summary>Whether a property can have a column: one without a name, or with a name that is no text, an import would refuse.</summary>
    /// <param name="property">The name of the property.</param>
    public static bool CanHold(string property) =>
        !string.IsNullOrWhiteSpace(property) && !property.Contains('\uFFFD') && property != Identifier;

    /// <summary>Writes a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="EncoderFallbackException">The encoding of the file has no form for the text.</exception>
    public void Write(ProfileRecord profile)
    {
        _csv.WriteField(_cell.Of(profile.DistinctId));
        foreach (var property in _properties)
            _csv.WriteField(_cell.Of(profile.Properties[property]));
        _csv.EndRecord();
    }

    /// <summary>Hands everything to the stream.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="EncoderFallbackException">The encoding of the file has no form for the text.</exception>
    public void Flush() => _csv.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _cell.Dispose();
        _csv.Dispose();
    }
}
