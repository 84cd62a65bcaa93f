using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ProfilesModule.Server.Storage;
using ProfilesModule.Storage;

namespace ProfilesModule.Page;

/// <summary>
/// The profiles of a removal, in a temporary file that only its owner can read: one line of JSON each, in the form of a backup.
/// </summary>
internal sealed class PendingRemoval : IPendingItem
{
    private readonly FileStream _file;

    /// <param name="profiles">The profiles. They are read once.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public PendingRemoval(IEnumerable<StoredProfile> profiles)
    {
        var path = PrivateFile.TemporaryPath(Path.Combine(Path.GetTempPath(), "profiles-removal"));
        var options = PrivateFile.Options(FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        options.Options = FileOptions.DeleteOnClose;
        options.BufferSize = 64 * 1024;
        _file = new(path, options);
        try
        {
            foreach (var profile in profiles)
                Add(profile);
            _file.Flush();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>What names the removal.</summary>
    public string Key { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>How many profiles it has.</summary>
    public long Count { get; private set; }

    /// <summary>Copies the lines.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken cancellation)
    {
        using var lines = Open();
        await lines.CopyToAsync(target, cancellation).ConfigureAwait(false);
    }

    /// <summary>The distinct ids of the profiles.</summary>
    public IEnumerable<string> Ids()
    {
        using var lines = new StreamReader(Open(), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            using var profile = JsonDocument.Parse(line);
            yield return profile.RootElement.GetProperty(ProfileSelection.DistinctId).GetString()!;
        }
    }

    public void Dispose() => _file.Dispose();

    private FileStream Open() => new(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private void Add(StoredProfile profile)
    {
        var members = profile.Properties.Span.TrimStart("{ "u8);
        _file.Write("{\"$distinct_id\":"u8);
        _file.Write(JsonSerializer.SerializeToUtf8Bytes(profile.DistinctId));
        _file.Write(members is [(byte)'}', ..] ? ""u8 : ","u8);
        _file.Write(members);
        _file.Write("\n"u8);
        Count++;
    }
}
