using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Storage;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that import files, and leave a journal, a reject file and a log where they are asked for.</summary>
public abstract partial class ImportCommand : DeliveryCommand
{
    private ImportTrail? _trail;
    private string? _journal;
    private string? _rejects;
    private string? _log;

    /// <summary>
    /// A file that notes, while the import goes on, which rows have their outcome, so that an import that was killed or
    /// stopped can be resumed. It holds no data of rows. An import that is finished is not begun again.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>
    /// Goes on with the import that the journal is about, without the rows that have their outcome. The files, the
    /// parameters that shape updates, the token and the endpoint must be the same. Begins the import where there is no
    /// journal yet, so that a job can always give it. Behind a kill the service may still apply a request that was on its way after
    /// what is sent then: give it a minute where the last value of a profile matters.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>
    /// A file for the rows that were not accepted, as they were, with _line, _error and _errorId. The same
    /// command imports it, and so tries just these rows again; those that are marked OutcomeUnknown are left out unless
    /// -RetryAmbiguous is given. The rows of a profile are in input order; where a later row of it was sent, _error says so, and
    /// -SkipSuperseded leaves the older ones out. Without a journal it also gets the rows that an import that ends early leaves unsent. Rows
    /// that an earlier reject file at this path still holds are kept beside it, under a name with the time. Of each ErrorId a hundred
    /// rows have errors of their own; one more error then says how many rows there are besides, and that they are in the file.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RejectPath { get; set; }

    /// <summary>A file that gets one line of JSON a request, and one at the end, without any data of rows. Lines are appended to what it holds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>What the import leaves on disk; null for nothing.</summary>
    private protected DeliveryTrail? Trail => _trail?.Trail;

    /// <summary>Whether the journal says that there is nothing left to do.</summary>
    private protected bool IsFinished => Trail?.Journal?.WasFinished == true;

    /// <summary>What earlier runs of the same journal brought about.</summary>
    private protected DeliveryAccount Earlier => _trail?.Earlier ?? new();

    /// <summary>Whether rows that are not sent go to the reject file.</summary>
    private protected bool KeepsUnsent => Trail?.KeepsUnsent == true && !StopToken.IsCancellationRequested;

    /// <summary>How rows are kept that were not accepted.</summary>
    /// <param name="header">The columns of the files.</param>
    private protected abstract RejectFormat FormatOfRejects(IReadOnlyList<string> header);

    /// <summary>The parameters that shape updates, with their values.</summary>
    private protected abstract IReadOnlyDictionary<string, string> Shape { get; }

    /// <summary>Why the journal, the reject file and the log cannot be what was asked for; null when they can.</summary>
    private protected ErrorRecord? TrailProblem
    {
        get
        {
            if (Resume && JournalPath is null)
                return Errors.JournalNeeded();
            var problem = FilePath(JournalPath, out _journal) ?? FilePath(RejectPath, out _rejects) ?? FilePath(LogPath, out _log);
            return problem ?? (AllFiles.GroupBy(Target, PathComparer).FirstOrDefault(group => group.Count() > 1) is { } twice ? Errors.PathUsedTwice(twice.First()) : null);
        }
    }

    /// <summary>Whether a file is one that the import itself writes.</summary>
    /// <param name="file">Its full path.</param>
    private protected bool IsOfTrail(string file) => AllFiles.Any(own => PathComparer.Equals(Target(own), Target(file)));

    /// <summary>Begins what the import leaves on disk, or goes on with it, before the next file is sent; what is in the way of that, else null.</summary>
    /// <param name="input">The file.</param>
    /// <param name="header">Its columns.</param>
    /// <param name="readRejects">Reads the rows of a reject file that an earlier run wrote.</param>
    private protected ErrorRecord? BeginTrail(JournalInput input, IReadOnlyList<string> header, Func<string, IEnumerable<KeptRow>> readRejects)
    {
        if (_journal is null && _rejects is null && _log is null)
            return null;
        if (Files.OfType<string>().FirstOrDefault(file => PathComparer.Equals(Target(file), Target(input.Path))) is { } used)
            return Errors.PathUsedTwice(used);
        _trail ??= new(_journal, _rejects, _log, Resume, RetryAmbiguous || Operation.IsRepeatable())
        {
            Columns = header,
            Format = FormatOfRejects(header),
            Operation = Operation,
            ReadRejects = readRejects,
            Warn = this.Warn,
        };
        return _trail.Begin(Service, Shape, input, header);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _inputs?.Dispose();

        // The run lets it go, where there was one.
        if (disposing && Run is null)
            Trail?.Dispose();
    }

    private static StringComparer PathComparer => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private string?[] Files => [_journal, _rejects, _log];

    private IEnumerable<string> AllFiles => ((string?[])[.. Files, _journal is null ? null : _journal + RunJournal.LockExtension]).OfType<string>();

    private static string Target(string path) => OwnFile.Target(System.IO.Path.GetFullPath(path));

    private ErrorRecord? FilePath(string? path, out string? file)
    {
        file = null;
        if (path is null)
            return null;
        try
        {
            file = System.IO.Path.GetFullPath(SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _));
            if (provider.Name != "FileSystem" || Directory.Exists(file))
                return Errors.NotAFile(path);
            file = OwnFile.Real(file);
            return OwnFile.IsPipe(file) ? Errors.NotAFile(path) : null;
        }
        catch (IOException e)
        {
            return Errors.FileNotWritable(e, path);
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ArgumentException)
        {
            return Errors.PathNotFound(e, path);
        }
    }
}
