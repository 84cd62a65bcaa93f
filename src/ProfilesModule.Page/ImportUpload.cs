using System.Security.Cryptography;
using ProfilesModule.Server.Http;
using ProfilesModule.Storage;

namespace ProfilesModule.Page;

/// <summary>
/// A file that is imported on the page, and what belongs to its import. It arrives in parts, and is kept in a folder that only its owner
/// can read until the server stops.
/// </summary>
internal sealed class ImportUpload : IDisposable
{
    /// <summary>The longest file that is taken: a gigabyte, which is far more than the million rows that the service imports.</summary>
    public const long MaximumLength = 1L << 30;

    private const int LongestName = 100;

    private readonly string _folder;
    private readonly object _lock = new();

    /// <param name="name">The name of the file, from a browser.</param>
    /// <param name="length">How long it is, in bytes.</param>
    /// <exception cref="BadRequestException">It is too long.</exception>
    public ImportUpload(string name, long length)
    {
        if (length is < 0 or > MaximumLength)
            throw new BadRequestException("The file is larger than a gigabyte. Use Import-UserProfileCsv, which has no limit.");
        _folder = Directory.CreateTempSubdirectory("profiles-import-").FullName;
        (Name, Length, Path) = (Safe(name), length, System.IO.Path.Combine(_folder, Safe(name)));
        using var file = PrivateFile.CreateNew(Path);
    }

    /// <summary>What names the import.</summary>
    public string Key { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The name of the file.</summary>
    public string Name { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How long it is once it is whole.</summary>
    public long Length { get; }

    /// <summary>Where rejected rows go.</summary>
    public string RejectPath => System.IO.Path.Combine(_folder, ".rejected.csv");

    /// <summary>The name of the file of rejected rows.</summary>
    public string RejectName => $"{Stem}.rejected.csv";

    /// <summary>The name of the mapping file.</summary>
    public string MappingName => $"{Stem}.mapping.json";

    /// <summary>The mapping as it was looked at last; null before, and where it cannot be used.</summary>
    public string? Mapping { get; set; }

    /// <summary>What is being done with the file, or was last; null for nothing.</summary>
    public ImportWork? Work { get; private set; }

    private string Stem => Name.Split('.')[0] is { Length: > 0 } stem ? stem : "users";

    /// <summary>Takes the next part of the file.</summary>
    /// <exception cref="BadRequestException">It is not the next part.</exception>
    public void Append(long offset, ReadOnlySpan<byte> part)
    {
        lock (_lock)
        {
            using var file = new FileStream(Path, PrivateFile.Options(FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
            if (offset != file.Length || offset + part.Length > Length)
                throw new BadRequestException("The file did not arrive as it was announced. Choose it again.");
            file.Seek(0, SeekOrigin.End);
            file.Write(part);
        }
    }

    /// <summary>Starts to do something with the file; what was done before is ended.</summary>
    /// <exception cref="BadRequestException">An import is running.</exception>
    public ImportWork Begin(Func<ImportWork> start)
    {
        lock (_lock)
        {
            if (Work is { IsImport: true, IsRunning: true })
                throw new BadRequestException("The import is running.");
            Work?.Dispose();
            return Work = start();
        }
    }

    /// <summary>A message without the folder, which means nothing to its reader.</summary>
    public string Shown(string message) => message.Replace(_folder + System.IO.Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    public void Dispose()
    {
        Work?.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A reader that has not ended yet, on Windows; the system removes old temporary files.
        }
    }

    private static string Safe(string name)
    {
        var invalid = System.IO.Path.GetInvalidFileNameChars();
        bool IsSafe(char c) => !invalid.Contains(c) && !char.IsControl(c) && !char.IsSurrogate(c);
        var safe = new string([.. name.Select(c => IsSafe(c) ? c : '_')]).Trim('.', ' ');
        return safe.Length == 0 ? "users.csv" : safe.Length > LongestName ? safe[^LongestName..] : safe;
    }
}
