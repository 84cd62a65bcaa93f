using ProfilesModule.Query;
using ProfilesModule.Sources;
using ProfilesModule.Storage;

namespace ProfilesModule.Export;

/// <summary>
/// Keeps profiles that are about to be removed. They are on disk, as lines of JSON, when <see cref="Write"/> returns; the CSV
/// file is made of those lines at the end, when all columns are known. Until it is whole the lines stay, whatever happens.
/// </summary>
internal sealed class ProfileBackup : IDisposable
{
    private const string LinesExtension = ".jsonl";

    // Two names of one format.
    private static readonly string[] LinesExtensions = [LinesExtension, ".ndjson"];

    private readonly string _path;
    private readonly ICsvFormat _csv;
    private ProfileSpool? _spool;

    /// <summary>Prepares a backup; nothing is created before the first profile.</summary>
    public ProfileBackup(string path, ICsvFormat csv)
    {
        _path = AtomicFile.TargetOf(path);
        _csv = csv;
        LinesPath = PrivateFile.IsDevice(_path) ? _path : _path + ".unfinished" + LinesExtension;
    }

    /// <summary>The file of the lines.</summary>
    public string LinesPath { get; }

    /// <summary>Whether there is a file of that name, perhaps the backup of profiles that are gone, which must not be overwritten.</summary>
    public bool Exists => !PrivateFile.IsDevice(_path) && File.Exists(_path);

    /// <summary>Whether a backup to the same path was broken off, whose lines must not be overwritten.</summary>
    public bool IsLeftBehind => !PrivateFile.IsDevice(_path) && File.Exists(LinesPath);

    /// <summary>How many profiles it holds.</summary>
    public long Count => _spool?.Count ?? 0;

    /// <summary>Writes profiles to disk.</summary>
    /// <exception cref="IOException">They cannot be written. None of them may be removed.</exception>
    public void Write(IEnumerable<ProfileRecord> profiles)
    {
        _spool ??= new(LinesPath);
        try
        {
            foreach (var profile in profiles)
                _spool.Add(profile);
            _spool.Flush();
        }
        catch
        {
            _spool.CutToFlushed();
            throw;
        }
    }

    /// <summary>Gives the backup its name, and removes the lines where the CSV file holds everything that they do.</summary>
    /// <returns>The properties that the CSV file has no columns for; the lines stay when there are some.</returns>
    /// <exception cref="IOException">The file cannot be written; the lines stay.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written; the lines stay.</exception>
    public IReadOnlyList<string> Complete()
    {
        if (_spool is null || PrivateFile.IsDevice(_path))
            return [];
        var isTable = Count > 0 && !LinesExtensions.Contains(Path.GetExtension(_path), StringComparer.OrdinalIgnoreCase);
        if (isTable)
            WriteTable(_spool);
        _spool.Dispose();
        var lost = isTable ? _spool.NotColumns : [];
        if (Count > 0 && !isTable)
            File.Move(LinesPath, _path);
        else if (lost.Count == 0)
            File.Delete(LinesPath);
        return lost;
    }

    /// <summary>Closes the lines, which stay unless the backup was completed.</summary>
    public void Dispose() => _spool?.Dispose();

    private void WriteTable(ProfileSpool spool)
    {
        using var file = new AtomicFile(_path, overwrite: false);
        using (var table = new ProfileTable(_csv.Create(file.Stream, new()), spool.Columns))
        {
            foreach (var profile in spool.Read())
                table.Write(profile);
            table.Flush();
        }

        file.Commit();
    }
}
