using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Sync;

/// <summary>
/// What the service has of each profile, as far as one place to send to and one run go. It is changed when a row is written, and the file
/// when the service has accepted the row. Rows are compared on one thread; the file is written by another, one at a time.
/// </summary>
internal sealed class SyncState : IDisposable
{
    // What is accepted waits in memory for so many bytes, or for the next request that makes it wrong to wait longer.
    private const int BlockLength = 64 * 1024;

    private readonly ISyncFile _file;
    private readonly SyncSubject _subject;
    private readonly SyncOptions _options;
    private readonly TimeProvider _time;
    private readonly SyncTable _table;
    private readonly GrowingBuffer _pending = new(BlockLength);
    private readonly bool _isNew;
    private readonly Dictionary<long, SyncRun> _runs;
    private SyncScope _scope;
    private SyncRun _run;
    private long _items;
    private int _pendingItems;
    private long _kept;
    private long _keptRows;

    // Rows that an older run has found unchanged are sent again.
    private readonly long _oldestRun;

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public SyncState(ISyncFile file, SyncSubject subject, SyncOptions options, TimeProvider time)
    {
        (_file, _subject, _options, _time) = (file, subject, options, time);
        Names = new(file.Names);
        var known = file.Scopes.FirstOrDefault(subject.IsIn);
        _isNew = known is null;
        _scope = known ?? new(0, subject.Endpoint, JournalSubject.Mark(subject.Token), subject.GroupKey);
        _run = new()
        {
            Number = file.LastRun + 1,
            Started = time.GetUtcNow(),
            ParametersHash = subject.ParametersHash,
            Partition = subject.Partition?.Number,
            PartitionCount = subject.Partition?.Count,
        };
        IReadOnlyList<SyncRun> runs = _isNew ? [] : [.. file.ReadRuns(_scope.Number)];
        _runs = runs.ToDictionary(run => run.Number);
        if (runs.Count > 0)
            Difference = DifferenceFrom(Parsed(_scope.Parameters), subject.Parameters);
        _oldestRun = options.Full ? _run.Number
            : options.MaxAge is { } age ? runs.FirstOrDefault(run => run.Started >= _run.Started - age)?.Number ?? _run.Number
            : 0;
        _items = _isNew ? 0 : file.CountItems(_scope.Number);
        _table = new(_items);
        foreach (var block in _isNew ? [] : file.ReadItems(_scope.Number))
            Load(block.Span);
    }

    /// <inheritdoc cref="SyncTable.Progress"/>
    public Func<double?>? Progress { set => _table.Progress = value; }

    /// <summary>Whether it was tested that updates arrive, or the user was told that this cannot be tested.</summary>
    public bool IsTested => _scope.IsTested;

    /// <summary>How the parameters that shape updates differ from those of the run before, so that most rows do too; null if not.</summary>
    public string? Difference { get; }

    /// <summary>The warning for such a difference.</summary>
    public static string DifferenceWarning(string difference) =>
        $"Rows that are the same as before may be sent again, because parameters that shape updates have changed: {difference}.";

    /// <summary>The names of properties.</summary>
    public NameSets Names { get; }

    /// <summary>Whether names that the last update of a profile had, and this one does not have, are removed.</summary>
    public bool RemovesMissing => _options.RemovesMissing;

    /// <summary>How many profiles the run has removed.</summary>
    public long Removed { get; set; }

    /// <summary>What differs from the state, for a run that only counts.</summary>
    public SyncChanges Changes { get; } = new();

    /// <summary>Whether the run is written to the file, and not only compared with it.</summary>
    public bool Writes { get; private set; }

    /// <summary>Whether profiles that the input does not have any more are to be removed.</summary>
    public bool RemovesProfiles => _options.RemovesProfiles;

    /// <summary>The number of this run.</summary>
    public int Run => (int)_run.Number;

    /// <summary>A hash of the parameters that shape updates.</summary>
    public string ParametersHash => _run.ParametersHash;

    /// <inheritdoc cref="SyncOptions.Hash"/>
    public UpdateHash Hash => _options.Hash;

    /// <summary>What is known of a profile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref SyncTable.Slot Get(ulong profile) => ref _table.Get(profile);

    /// <summary>
    /// Whether the service has an update already. What this run sends is sent whatever it is: its outcome is not known yet, and two rows of
    /// a profile may undo each other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Has(in SyncTable.Slot slot, UInt128 hash) =>
        slot.Hash == hash && IsCurrent(slot);

    /// <summary>Whether the service has the update that a row with this hash becomes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool HasRow(ulong profile, ulong row)
    {
        ref readonly var slot = ref _table.Peek(profile);
        return slot.Row == row && IsCurrent(slot);
    }

    /// <summary>Notes that a row does not have some properties that an earlier one had, and that they keep their values.</summary>
    public void Keeps(int names) => (_kept, _keptRows) = (_kept + names, _keptRows + 1);

    /// <summary>What is to be said at the end.</summary>
    public IEnumerable<string> Warnings => _kept == 0 ? [] :
    [
        $"{Phrase.Count(_kept, "property", "properties")} of {Phrase.Count(_keptRows, "row")} had a value in an earlier run and "
            + $"{(_kept == 1 ? "has" : "have")} none now. Their profiles keep the old values. -RemoveMissingProperty removes such "
            + "properties, and -EmptyCell Unset those whose cells are empty.",
    ];

    /// <summary>Begins to write. What the file says of other runs stays as it is.</summary>
    public void Begin() => _file.Write(() =>
    {
        Writes = true;
        _scope = _scope with { Parameters = _subject.ParametersJson };
        if (_isNew)
            _scope = _scope with { Number = _file.AddScope(_scope) };
        else
            _file.UpdateScope(_scope);
        _file.AddRun(_scope.Number, _run);
    });

    /// <summary>Notes what the run reads.</summary>
    public void AddSource(string source)
    {
        _run = _run with { Source = _run.Source.Length == 0 ? source : $"{_run.Source}\n{source}" };
        if (Writes)
            _file.Write(() => _file.UpdateRun(_run));
    }

    /// <summary>Notes that the input has a profile.</summary>
    public void See(ulong profile) => _table.See(profile);

    /// <summary>What the state knows and the input does not have, once all of it was read.</summary>
    public SyncMissing FindMissing()
    {
        Flush(toDisk: false);
        var (ids, others) = (new List<string>(), 0L);
        foreach (var block in _isNew ? [] : _file.ReadItems(_scope.Number))
        {
            for (var items = block.Span; !items.IsEmpty;)
            {
                var item = SyncItem.Read(ref items);
                ref var slot = ref _table.Get(ProfileHash.Of(item.Id));
                if (slot.IsSeen || slot.Run == Run || slot.Run != item.Run || slot.Knowledge.IsRemoved)
                    continue;

                // Not a second time.
                slot.IsSeen = true;
                if (IsOfSameSource(slot.Run))
                    ids.Add(Encoding.UTF8.GetString(item.Id));
                else
                    others++;
            }
        }

        return new(ids, others, _table.CountProfiles());
    }

    /// <summary>Notes that this was tested, or the user told.</summary>
    public void Tested() => _file.Write(() => _file.UpdateScope(_scope = _scope with { IsTested = true }));

    /// <summary>Notes something, in the order in which it became so.</summary>
    /// <param name="items">What is known of profiles.</param>
    /// <param name="count">How many items that is.</param>
    public void Add(ReadOnlySpan<byte> items, int count)
    {
        if (!Writes)
            return;
        if (_pending.Length + items.Length > BlockLength)
            Flush(toDisk: false);
        _pending.Write(items);
        _pendingItems += count;
    }

    /// <summary>Writes what was noted.</summary>
    public void Flush(bool toDisk)
    {
        if (_pendingItems == 0)
            return;
        _file.Write(WritePending, toDisk);
        _items += _pendingItems;
        _pendingItems = 0;
        _pending.Truncate(0);
    }

    /// <summary>Ends the run.</summary>
    /// <param name="account">What became of its rows.</param>
    /// <param name="stop">Why it ended early; null if it did not.</param>
    /// <param name="exitCode">The exit code of an import; null for other commands, and if it was stopped.</param>
    public void Finish(DeliveryAccount account, string? stop, int? exitCode)
    {
        if (!Writes)
            return;
        Writes = false;
        _run = _run with { Account = account, Removed = Removed, Stop = stop, ExitCode = exitCode, Ended = _time.GetUtcNow() };
        _items += _pendingItems;
        _file.Write(
            () =>
            {
                WritePending();
                _file.UpdateRun(_run);
            },
            toDisk: true);
        SyncCompaction.RunIfDue(_file, _scope.Number, _items, _table.Count);
    }

    public void Dispose() => _file.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsCurrent(in SyncTable.Slot slot) =>
        slot.Knowledge.HasUpdate && slot.Run < _run.Number && slot.Run >= _oldestRun && !(RemovesMissing && slot.Knowledge.HasMoreNames);

    private void WritePending()
    {
        if (_pendingItems == 0)
            return;
        foreach (var (number, json) in Names.TakeNew())
            _file.AddNames(number, json);
        _file.AddItems(_scope.Number, _pendingItems, _pending.WrittenSpan.ToArray());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Load(ReadOnlySpan<byte> items)
    {
        while (!items.IsEmpty)
        {
            var item = SyncItem.Read(ref items);
            ref var slot = ref _table.Get(ProfileHash.Of(item.Id));
            (slot.Hash, slot.Row, slot.Knowledge, slot.Run) = (item.Hash, item.Row, item.Knowledge, item.Run);
        }
    }

    // A run whose sources are all read now, with the same parameters, would have what it sent among what is read.
    private bool IsOfSameSource(int number) =>
        _runs.TryGetValue(number, out var run) && run.ParametersHash == _run.ParametersHash
            && run.Source.Split('\n').All(_run.Source.Split('\n').Contains);

    // What only one of them has says no more than that another command sent the updates.
    private static string? DifferenceFrom(Dictionary<string, JsonNode?> then, IReadOnlyDictionary<string, JsonNode?> now) =>
        JournalSubject.Difference(
            then.Where(p => now.ContainsKey(p.Key)).ToDictionary(), now.Where(p => then.ContainsKey(p.Key)).ToDictionary());

    private static Dictionary<string, JsonNode?> Parsed(string parameters) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonNode?>>(parameters)!;
}
