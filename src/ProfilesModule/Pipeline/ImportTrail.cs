using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Storage;

namespace ProfilesModule.Pipeline;

/// <summary>Begins the journal, the reject file and the log of one import, or goes on with them.</summary>
internal sealed class ImportTrail(string? journalPath, string? rejectPath, string? logPath, bool resume, bool mayRepeat)
{
    private IReadOnlyList<KeptRow> _earlierRejects = [];

    public required IReadOnlyList<string> Columns { get; init; }

    public required RejectFormat Format { get; init; }

    /// <summary>What the rows do to their profiles.</summary>
    public required Operation Operation { get; init; }

    /// <summary>Reads the rows of a reject file that an earlier run wrote.</summary>
    public required Func<string, IEnumerable<KeptRow>> ReadRejects { get; init; }

    public required Action<string> Warn { get; init; }

    /// <summary>The files; null until they are begun.</summary>
    public DeliveryTrail? Trail { get; private set; }

    /// <summary>What the journal said when this run began.</summary>
    public DeliveryAccount Earlier { get; private set; } = new();

    /// <summary>Takes up the next file of the input. What is in the way of that, else null.</summary>
    public ErrorRecord? Begin(UserProfileConnection connection, IReadOnlyDictionary<string, string> shape, JournalInput input, IReadOnlyList<string> header)
    {
        if (rejectPath is not null && !header.SequenceEqual(Columns))
            return Errors.RejectColumnsDiffer(input.Path);
        if (Trail is null && Open(connection, shape) is { } problem)
            return problem;
        try
        {
            Trail!.BeginInput(input);
            return null;
        }
        catch (InvalidDataException e)
        {
            return Errors.JournalMismatch(e, journalPath!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Errors.FileNotWritable(e, journalPath!);
        }
    }

    private long RejectLength => rejectPath is not null && new FileInfo(rejectPath) is { Exists: true } file ? file.Length : 0;

    private ErrorRecord? Open(UserProfileConnection connection, IReadOnlyDictionary<string, string> shape)
    {
        RunJournal? journal = null;
        RejectFile? rejects = null;
        DeliveryLog? log = null;
        ErrorRecord? problem = null;
        WarnOfOthers();
        if (journalPath is not null)
            problem = Journal(connection, shape, out journal);
        if (problem is null && rejectPath is not null && journal?.WasFinished != true)
            problem = Rejects(journal, out rejects);
        if (problem is null && logPath is not null)
            problem = Attempt(logPath, () => log = DeliveryLog.Open(logPath, TimeProvider.System));
        var trail = new DeliveryTrail { Journal = journal, Rejects = rejects, Log = log, NotesLaterRows = Operation.DependsOnOrder() };
        trail.Recall(_earlierRejects);
        if (problem is not null)
        {
            trail.Dispose();
            return problem;
        }

        Trail = trail;
        return null;
    }

    private ErrorRecord? Journal(UserProfileConnection connection, IReadOnlyDictionary<string, string> shape, out RunJournal? journal)
    {
        var subject = new JournalSubject
        {
            Endpoint = connection.Endpoint.ToString(),
            TokenMark = JournalSubject.Mark(connection.SecretToken),
            Shape = shape,
            RejectPath = rejectPath,
        };
        RunJournal? opened = null;
        ErrorRecord? problem;
        try
        {
            problem = Attempt(journalPath!, () => opened = File.Exists(journalPath)
                ? RunJournal.Open(journalPath, subject, connection.SecretToken, RejectLength, mayRepeat, TimeProvider.System)
                : RunJournal.Create(journalPath!, subject, TimeProvider.System));
        }
        catch (InvalidDataException e)
        {
            problem = Errors.JournalMismatch(e, journalPath!);
        }

        journal = opened;
        if (problem is not null || journal is null)
            return problem;
        RemoveLeftBehind();
        if (journal.WasBegun && !journal.WasFinished && !resume)
            return Errors.JournalUnfinished(journalPath!, journal.Account);
        Earlier = journal.Account;
        if (journal.WasFinished)
            Warn($"The journal '{journalPath}' says that the import is finished. Nothing is sent.");
        return null;
    }

    private ErrorRecord? Rejects(RunJournal? journal, out RejectFile? rejects)
    {
        RejectFile? opened = null;
        try
        {
            var problem = Attempt(rejectPath!, () =>
            {
                if (journal is { RejectBytes: > 0 })
                {
                    // Nobody else can read it from then on.
                    _earlierRejects = Operation.DependsOnOrder() && File.Exists(rejectPath) ? [.. ReadRejects(rejectPath!)] : [];
                    var kept = KeptPath;
                    opened = RejectFile.Continue(rejectPath!, journal.RejectBytes, journal.RejectSum, _earlierRejects, Format, kept, out var isKept);
                    if (isKept)
                        Warn($"The reject file has rows that the journal does not know of. All of it is kept in '{kept}'; those rows of it that are of this import come again.");
                    return;
                }

                SetAside();
                opened = RejectFile.Create(rejectPath!, Format);
            });
            rejects = opened;
            return problem;
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            rejects = null;
            return Errors.RejectFileMismatch(e, rejectPath!);
        }
    }

    /// <summary>Keeps the rows that an earlier import left in the reject file.</summary>
    private void SetAside()
    {
        if (!Format.HoldsRows(rejectPath!))
            return;
        var kept = KeptPath;
        File.Move(rejectPath!, kept);
        Warn($"The rejected rows of an earlier import are kept in '{kept}'.");
    }

    private string KeptPath => Path.Combine(
        Path.GetDirectoryName(rejectPath)!,
        $"{Path.GetFileNameWithoutExtension(rejectPath)}.{TimeProvider.System.GetLocalNow().ToString("yyyyMMdd-HHmmssfff", CultureInfo.InvariantCulture)}{Path.GetExtension(rejectPath)}");

    private void WarnOfOthers()
    {
        foreach (var path in ((string?[])[journalPath, rejectPath, logPath]).OfType<string>().Where(OwnFile.IsOpenToOthers))
            Warn($"Other users can read the file '{path}'. It stays so: take their rights to it, or name another file.");
    }

    /// <summary>Removes what a run left that was killed while it replaced its journal, which nobody uses now.</summary>
    private void RemoveLeftBehind()
    {
        foreach (var path in OwnFile.LeftBehind(journalPath!))
        {
            try
            {
                File.Delete(path);
                Warn($"A run that was killed left the file '{path}'. It was removed.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Warn($"A run that was killed left the file '{path}', which cannot be removed: {e.Message}");
            }
        }
    }

    private static ErrorRecord? Attempt(string path, Action open)
    {
        try
        {
            open();
            return null;
        }
        catch (Exception e) when (e is not FileNotFoundException && e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return Errors.FileNotWritable(e, path);
        }
    }
}
