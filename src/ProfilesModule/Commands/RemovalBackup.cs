using System.Management.Automation;
using ProfilesModule.Export;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>The file of -BackupPath, in which profiles are kept before they are removed.</summary>
internal sealed class RemovalBackup : IDisposable
{
    private readonly PSCmdlet _command;
    private readonly ProfileBackup _backup;
    private bool _isFinished;

    /// <exception cref="FailureException">The file cannot be a new backup.</exception>
    public RemovalBackup(PSCmdlet command, string path)
    {
        _command = command;
        Path = OutputPath.Resolve(command, path, isLiteral: false);
        if (System.IO.Path.GetExtension(Path).Equals(".json", StringComparison.OrdinalIgnoreCase))
            throw new FailureException(Failures.BackupFormatUnknown(path));
        _backup = new(Path, Dependencies.Csv);
        if (_backup.Exists)
            throw new FailureException(Failures.BackupExists(Path));
        if (_backup.IsLeftBehind)
            throw new FailureException(Failures.BackupLeftBehind(LinesPath));
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>The file of the lines, until the backup is finished.</summary>
    public string LinesPath => _backup.LinesPath;

    /// <summary>How many profiles it holds.</summary>
    public long Count => _backup.Count;

    /// <summary>Writes profiles to disk.</summary>
    /// <exception cref="FailureException">They cannot be written, and must not be removed.</exception>
    public void Write(IReadOnlyList<ProfileRecord> profiles)
    {
        if (profiles.Count == 0)
            return;
        if (Count == 0)
            _command.WriteDetail($"Profiles are saved to '{LinesPath}' before they are removed; '{Path}' is made from that file.");
        try
        {
            _backup.Write(profiles);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(Failures.BackupFailed(e, Path));
        }
    }

    /// <summary>Makes the file of what was written; the first time counts.</summary>
    public void Finish()
    {
        if (_isFinished)
            return;
        _isFinished = true;
        try
        {
            var lost = _backup.Complete();
            if (lost.Count > 0)
            {
                _command.Warn($"The backup '{Path}' does not include {Phrase.Names(lost)}, because an import could not restore it. "
                    + $"'{LinesPath}' contains everything.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _command.WriteError(Failures.BackupNotFinished(e, Path, LinesPath));
        }
    }

    public void Dispose() => _backup.Dispose();
}
