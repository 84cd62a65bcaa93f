using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Import;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Input;
using ProfilesModule.Statistics;

namespace ProfilesModule.Page;

/// <summary>An import, or the test of one, that runs while the page shows how far it is. Thread-safe.</summary>
internal sealed class ImportWork : IDisposable
{
    private const int MaximumRowMessages = 20;

    // As long as Ctrl+C waits for replies to what is in flight.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);

    private readonly object _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ImportMessage> _messages = [];
    private readonly ImportRun _run;
    private readonly Task _running;
    private UpdateSender? _sender;
    private int _rowMessages;
    private bool _isStopped;
    private bool _hasEnded;

    /// <param name="options">What is done.</param>
    /// <param name="mapped">How the file is read.</param>
    /// <param name="path">The file.</param>
    public ImportWork(ImportOptions options, MappedSource mapped, string path)
    {
        IsImport = options.Mode == ImportMode.Send;
        (Comparison, Statistics) = (options.Transport as ImportComparison, options.Statistics);
        Action<UpdateOrigin, RowExcerpt, Failure> rejected =
            (origin, _, failure) => AddRow($"Line {Phrase.Number(origin.Line)}: {failure.Message}", failure.Remedy);
        var events = new ImportEvents
        {
            Warn = message => Add(message, ""),
            Inform = _ => { },
            Fail = failure => Add(failure.Message, failure.Remedy),
            Started = Started,
            RowRejected = IsImport ? rejected : null,
            Delivery = new() { UpdatesFailed = failed => AddRow($"{Phrase.Count(failed.Updates.Count, "update")}: {failed.Message}", "") },
        };
        _run = new(options with { Records = mapped.Records }, events, new(() => null, _stop.Token), _stop.Token)
        {
            Progress = new(InputProgress.LengthOf([path])),
        };
        _running = Task.Run(() => RunAsync(mapped, path));
    }

    /// <summary>Whether rows are sent.</summary>
    public bool IsImport { get; }

    /// <summary>What it would change; null for an import. To be read once it has ended.</summary>
    public ImportComparison? Comparison { get; }

    /// <summary>What its columns hold; null for an import. To be read once it has ended.</summary>
    public ColumnStatistics? Statistics { get; }

    /// <summary>Whether it goes on.</summary>
    public bool IsRunning => !_running.IsCompleted;

    /// <summary>Whether somebody stopped it, before everything was sent.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Whether not everything was read, or sent.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>How much of the file was read, 0 to 1.</summary>
    public double Fraction => _run.Progress?.Fraction ?? 0;

    /// <summary>What became of the rows.</summary>
    public DeliveryAccount Account => _sender?.Account ?? new();

    /// <summary>What the rules found. To be read once it has ended.</summary>
    public IReadOnlyList<Finding> Findings => IsRunning ? [] : _run.Rules.Findings;

    /// <summary>The problems and warnings, of which those of single rows are the first ones.</summary>
    public IReadOnlyList<ImportMessage> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    /// <summary>
    /// Ends it: nothing more is sent. Rows that were not sent go to the file of rejected rows, from where they can be imported.
    /// </summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_hasEnded)
                return;
            _isStopped = true;
            _sender?.End(null, Grace);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        lock (_lock)
            _sender?.End(null, TimeSpan.Zero);
        Task.WaitAny([_running], Grace);
    }

    private void Started(UpdateSender sender, UpdateWriter writer)
    {
        lock (_lock)
        {
            _sender = sender;
            if (_isStopped)
                sender.End(null, Grace);
        }
    }

    private async Task RunAsync(MappedSource mapped, string path)
    {
        try
        {
            await _run.ImportAsync(mapped.Source, path).ConfigureAwait(false);
            if (_run.Writer is { } writer)
                await writer.CompleteAsync().ConfigureAwait(false);
            _run.Finish(path);
            foreach (var warning in _run.WarningsAtEnd)
                Add(warning, "");
        }
        catch (Exception e)
        {
            // A defect, which must not look like success.
            _run.IsIncomplete = true;
            Add(e.Message, "");
        }

        IsIncomplete = _run.IsIncomplete || (_run.StoppedEarly && !_isStopped);
        try
        {
            _run.Writer?.KeepRest();
            if (_sender is not null)
                await _sender.DisposeAsync().ConfigureAwait(false);
            _run.Writer?.Dispose();
            _run.Dispose();
        }
        finally
        {
            Comparison?.Dispose();
            lock (_lock)
            {
                // Of what somebody stopped, everything may have been sent before.
                _isStopped &= Account is not { Unsent: 0, Unknown: 0 };
                _hasEnded = true;
            }
        }
    }

    private void AddRow(string message, string remedy)
    {
        if (Interlocked.Increment(ref _rowMessages) <= MaximumRowMessages)
            Add(message, remedy);
    }

    private void Add(string message, string remedy)
    {
        lock (_lock)
            _messages.Add(new(message, remedy));
    }
}

/// <summary>A problem, or a warning, of an import.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do; empty if that is said already.</param>
internal sealed record ImportMessage(string Message, string Remedy);
