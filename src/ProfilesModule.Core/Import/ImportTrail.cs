using System.Globalization;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Storage;

namespace ProfilesModule.Import;

/// <summary>Where an import leaves its journal, its reject file, its log and its state; null for none.</summary>
internal sealed record TrailPaths(string? Journal, string? Rejects, string? Log, string? State)
{
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    public IEnumerable<string> All => ((string?[])[Journal, Rejects, Log, State]).OfType<string>();

    /// <summary>All of them, and what is beside the journal and the state while they are in use.</summary>
    public IEnumerable<string> Written =>
    [
        .. All,
        .. Journal is null ? [] : (string[])[Journal + JournalLock.Extension],
        .. State is null ? [] : (string[])[State + "-lock", State + "-wal", State + "-shm"],
    ];

    public bool Contains(string file) => Written.Any(own => AreSame(own, file));

    public static bool AreSame(string path, string other) => Comparer.Equals(Target(path), Target(other));

    /// <summary>The file behind a path.</summary>
    public static string Target(string path) => PrivateFile.Target(Path.GetFullPath(path));
}

/// <summary>Begins the journal, the reject file, the log and the state of one import, or continues them.</summary>
internal sealed class ImportTrail(ImportOptions options, SourceFile first, Func<SyncState?> openState, Action<string> warn, CancellationToken stop)
{
    // Engines give a process half a minute to end before they kill it, and another start may be quicker.
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    private readonly TrailPaths _paths = options.Trail;
    private readonly IReadOnlyList<string> _columns = first.RejectColumns;
    private IReadOnlyList<KeptRow> _earlierRejects = [];

    /// <summary>The files; null until they are opened.</summary>
    public DeliveryTrail? Trail { get; private set; }

    /// <summary>What the journal said when this run began.</summary>
    public DeliveryAccount Earlier { get; private set; } = new();

    private string JournalPath => _paths.Journal!;

    private string RejectPath => _paths.Rejects!;

    private bool DependsOnOrder => options.Operation.DependsOnOrder();

    /// <summary>Begins the next file of the input.</summary>
    /// <exception cref="FailureException">It cannot be begun.</exception>
    public void Begin(SourceFile file, JournalInput input)
    {
        if (_paths.Rejects is not null && !file.RejectColumns.SequenceEqual(_columns))
            throw new FailureException(Failures.RejectColumnsDiffer(input.Path));
        Trail ??= Open();
        try
        {
            Trail.BeginInput(input);
        }
        catch (InvalidDataException e)
        {
            throw new FailureException(Failures.JournalMismatch(e, JournalPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(Failures.FileNotWritable(e, JournalPath));
        }
    }

    private DeliveryTrail Open()
    {
        foreach (var path in _paths.All.Where(PrivateFile.IsOpenToOthers))
            warn($"Other users can read the file '{path}'. Its permissions are not changed: remove their access, or specify another file.");
        RunJournal? journal = null;
        RejectFile? rejects = null;
        DeliveryLog? log = null;
        SyncState? state = null;
        try
        {
            if (_paths.Journal is not null)
                Attempt(JournalPath, () => OpenJournal(out journal));
            if (_paths.Rejects is not null && journal?.WasFinished != true)
                Attempt(RejectPath, () => rejects = OpenRejects(journal));
            if (_paths.Log is { } path)
                Attempt(path, () => log = DeliveryLog.Open(path, options.LogSubject with { Earlier = Earlier }, TimeProvider.System));
            state = BeginState();
        }
        catch (FailureException)
        {
            NewTrail().Dispose();
            throw;
        }

        var trail = NewTrail();
        trail.Recall(_earlierRejects);
        return trail;

        DeliveryTrail NewTrail() =>
            new()
            {
                Journal = journal,
                Rejects = rejects,
                Log = log,
                State = state,
                NotesLaterRows = DependsOnOrder,
                MayStartAgain = options.MayStartAgain,
            };
    }

    private SyncState? BeginState()
    {
        var state = openState();
        Attempt(_paths.State!, () => state?.Begin());
        if (state?.Difference is { } difference)
            warn(SyncState.DifferenceWarning(difference));
        return state;
    }

    private void OpenJournal(out RunJournal journal)
    {
        var subject = new JournalSubject
        {
            Endpoint = options.Endpoint.ToString(),
            TokenMark = JournalSubject.Mark(options.Token),
            Parameters = options.Parameters,
            RejectPath = _paths.Rejects,
        };
        try
        {
            journal = WhenFree(subject);
        }
        catch (InvalidDataException e)
        {
            throw new FailureException(Failures.JournalMismatch(e, JournalPath));
        }

        RemoveLeftBehind();
        if (journal.WasBegun && !journal.WasFinished && !options.Resume)
            throw new FailureException(Failures.JournalUnfinished(JournalPath, journal.State.Settled.Count));
        Earlier = DeliveryAccount.Of(journal);
        if (journal.WasFinished)
            warn($"The journal '{JournalPath}' says that the import is finished. Nothing is sent.");
    }

    /// <summary>
    /// Opens or begins the journal, and waits while another import is using it: one that was killed on a machine that is down may still
    /// be running, and one that was told to end may take a while.
    /// </summary>
    private RunJournal WhenFree(JournalSubject subject)
    {
        var limit = options.Delivery.Timeout is { } timeout && timeout < MostWait ? timeout : MostWait;
        var (started, isTold) = (TimeProvider.System.GetTimestamp(), false);
        while (true)
        {
            try
            {
                var rejectLength = _paths.Rejects is { } path && new FileInfo(path) is { Exists: true } file ? file.Length : 0;
                var mayRepeat = options.Delivery.RetryAmbiguous || options.Operation.IsRepeatable();
                return File.Exists(JournalPath)
                    ? RunJournal.Open(JournalPath, subject, options.Token, rejectLength, mayRepeat, TimeProvider.System)
                    : RunJournal.Create(JournalPath, subject, TimeProvider.System);
            }
            catch (FileInUseException e)
            {
                if (TimeProvider.System.GetElapsedTime(started) >= limit || stop.IsCancellationRequested)
                    throw new FailureException(Failures.JournalInUse(e, JournalPath, limit));
                if (!isTold)
                    warn($"The journal '{JournalPath}' is in use: {e.Message}. Waiting for it, for {Phrase.Duration(limit)} at most.");
                isTold = true;
                stop.WaitHandle.WaitOne(BetweenAttempts);
            }
        }
    }

    private RejectFile OpenRejects(RunJournal? journal)
    {
        if (journal is not { RejectBytes: > 0 })
        {
            SetAside();
            return RejectFile.Create(RejectPath, first.RejectFormat);
        }

        try
        {
            // Nobody else can read the file once it is open.
            _earlierRejects = DependsOnOrder && File.Exists(RejectPath) ? [.. first.KeptRows(RejectPath)] : [];
            var kept = KeptPath;
            var rejects = RejectFile.Continue(
                RejectPath, journal.RejectBytes, journal.RejectSum, _earlierRejects, first.RejectFormat, kept);
            if (rejects.HadOtherRows)
                warn($"The reject file has rows that are not in the journal. A copy of it is kept as '{kept}'; those rows that belong "
                    + "to this import are written again.");
            return rejects;
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            throw new FailureException(Failures.RejectFileMismatch(e, RejectPath));
        }
    }

    /// <summary>Keeps the rows that an earlier import left in the reject file.</summary>
    private void SetAside()
    {
        if (!first.RejectFormat.HoldsRows(RejectPath))
            return;
        var kept = KeptPath;
        File.Move(RejectPath, kept);
        warn($"The rejected rows of an earlier import are kept in '{kept}'.");
    }

    private string KeptPath
    {
        get
        {
            var time = TimeProvider.System.GetLocalNow().ToString("yyyyMMdd-HHmmssfff", CultureInfo.InvariantCulture);
            return Path.ChangeExtension(RejectPath, time + Path.GetExtension(RejectPath));
        }
    }

    /// <summary>Removes what a run left behind that was killed while it replaced its journal.</summary>
    private void RemoveLeftBehind()
    {
        foreach (var path in PrivateFile.LeftBehind(JournalPath))
        {
            try
            {
                File.Delete(path);
                warn($"The file '{path}', which an interrupted run left behind, was removed.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                warn($"The file '{path}', which an interrupted run left behind, cannot be removed: {e.Message}");
            }
        }
    }

    private static void Attempt(string path, Action open)
    {
        try
        {
            open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new FailureException(Failures.FileNotWritable(e, path));
        }
    }
}
