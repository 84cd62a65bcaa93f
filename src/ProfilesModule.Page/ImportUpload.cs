using System.Security.Cryptography;
using ProfilesModule.Server.Http;
using ProfilesModule.Storage;

namespace ProfilesModule.Page;

/// <summary>
/// A file that is imported on the page, and what belongs to its import. It arrives in parts, and is kept in a folder that only its owner
/// can read until the server stops.
/// </summary>
internal sealed class ImportUpload : IPendingItem
{
    /// <summary>The longest file that is taken: a gigabyte, which is far more than the million rows that the service imports.</summary>
    public const long MaximumLength = 1L << 30;

    /// <summary>Why a file is refused that is not as it was announced.</summary>
    public const string NotAnnounced = "The file did not arrive as it was announced. Choose it again.";

    private readonly string _folder;
    private readonly object _lock = new();
    private long _received;

    /// <param name="name">The name of the file, from a browser.</param>
    /// <param name="length">How long it is, in bytes.</param>
    /// <exception cref="BadRequestException">It is too long, or its length is unknown.</exception>
    public ImportUpload(string name, long length)
    {
        if (length < 0)
            throw new BadRequestException("length must be a whole number");
        if (length > MaximumLength)
            throw new BadRequestException("The file is larger than a gigabyte. Use Import-UserProfileCsv, which has no limit.");
        _folder = Directory.CreateTempSubdirectory("profiles-import-").FullName;
        (Name, Length, Path) = (Safe(name), length, System.IO.Path.Combine(_folder, $"{Key}.csv"));
        try
        {
            using var file = PrivateFile.CreateNew(Path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What names the import.</summary>
    public string Key { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The name that the file has for its user.</summary>
    public string Name { get; }

    /// <summary>The file, under a name that every file system takes.</summary>
    public string Path { get; }

    /// <summary>How long it is once it is whole.</summary>
    public long Length { get; }

    /// <summary>Whether all of it has arrived.</summary>
    public bool IsWhole
    {
        get
        {
            lock (_lock)
                return _received == Length;
        }
    }

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

    /// <inheritdoc/>
    public bool MayEnd => Work is not { IsImport: true, IsRunning: true };

    private string Stem => System.IO.Path.GetFileNameWithoutExtension(Name) is { Length: > 0 } stem ? stem : "users";

    /// <summary>Takes the next part of the file.</summary>
    /// <exception cref="BadRequestException">It is not the next part.</exception>
    public void Append(long offset, ReadOnlySpan<byte> part)
    {
        lock (_lock)
        {
            using var file = new FileStream(Path, PrivateFile.Options(FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
            if (offset != file.Length || offset + part.Length > Length)
                throw new BadRequestException(NotAnnounced);
            file.Seek(0, SeekOrigin.End);
            file.Write(part);
            _received = file.Length;
        }
    }

    /// <summary>Starts to do something with the file; what was done before is ended.</summary>
    /// <exception cref="BadRequestException">An import is running.</exception>
    public ImportWork Begin(Func<ImportWork> start)
    {
        lock (_lock)
        {
            if (!MayEnd)
                throw new BadRequestException("The import is running.");
            Work?.Dispose();
            return Work = start();
        }
    }

    /// <summary>A text with the name that its reader knows in place of the path.</summary>
    public string Shown(string text) => text
        .Replace(_folder + System.IO.Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace($"{Key}.csv", Name, StringComparison.Ordinal);

    /// <inheritdoc cref="Shown(string)"/>
    public ImportMessage Shown(ImportMessage message) => new(Shown(message.Message), Shown(message.Remedy));

    /// <inheritdoc cref="Shown(string)"/>
    public ProposedMapping Shown(ProposedMapping mapping) =>
        mapping with { Text = Shown(mapping.Text), Warnings = [.. mapping.Warnings.Select(Shown)] };

    public void Dispose()
    {
        Work?.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A reader that has not ended yet, on Windows; the system removes old temporary files.
        }
    }

    // A mapping has the name in a comment of one line.
    private static string Safe(string name) =>
        name.Length == 0 ? "users.csv" : new([.. name.Select(c => char.IsControl(c) || c is '/' or '\u2028' or '\u2029' ? '_' : c)]);
}
