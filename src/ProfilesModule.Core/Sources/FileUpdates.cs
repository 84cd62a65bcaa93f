using System.Runtime.CompilerServices;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>Turns the rows of one file into updates, and each row that cannot be one into a failure.</summary>
/// <param name="file">The file, at its first row.</param>
/// <param name="operation">What its rows do to their profiles.</param>
/// <param name="writer">Where the updates go.</param>
/// <param name="rules">What the rows are checked against.</param>
internal sealed class FileUpdates(SourceFile file, Operation operation, UpdateWriter writer, RowRules rules)
{
    private const int RowsBetweenReports = 256;

    private LastRecords? _lastRecords;
    private long _record;

    /// <summary>A row was refused before it was sent.</summary>
    public Action<UpdateOrigin, RowExcerpt, Failure>? Rejected { get; init; }

    /// <summary>More of the file was read: how many bytes of it so far.</summary>
    public Action<long>? Advanced { get; init; }

    /// <summary>Whether the run does not take more rows.</summary>
    public required Func<bool> IsStopped { get; init; }

    /// <summary>Whether rows of a reject file are left out that say that a later row of their profile was sent.</summary>
    public bool SkipsSuperseded { get; init; }

    /// <summary>Whether a row was read that is not empty.</summary>
    public bool HasRows { get; private set; }

    /// <summary>How many rows are left to other tasks.</summary>
    public long OtherPartitions { get; private set; }

    /// <summary>How many rows said so and were sent.</summary>
    public long Superseded { get; private set; }

    /// <summary>
    /// Reads the file once before, so that only the last row of each identifier is sent. Rows that cannot be read do not count.
    /// </summary>
    /// <param name="again">The same file, opened once more.</param>
    /// <param name="cancellation">Ends the reading after the current row.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public void SendOnlyLastRows(SourceFile again, CancellationToken cancellation)
    {
        _lastRecords = new();
        for (var record = 1L; !cancellation.IsCancellationRequested && again.Read(); record++)
        {
            if (!again.IsOfOtherPartition && again.Failure is null && again.Profile is { } profile)
                _lastRecords.Add(profile, record);
        }
    }

    /// <summary>Writes the updates of the whole file.</summary>
    /// <param name="cancellation">Ends the reading after the current row.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public async Task WriteAllAsync(CancellationToken cancellation)
    {
        file.Begin(writer, rules, operation);
        while (ReadNext(IsStopped, cancellation))
        {
            HasRows |= !file.IsBlank;
            if (writer.Claim is { SeesProfiles: true } claim && (file.Profile ?? file.LikelyProfile) is { } profile)
                claim.See(profile);
            if (writer.NextRow(out var row))
                WriteRow(OriginOf(row));
            if (writer.HasFullBatch)
                await writer.SendFullBatchAsync().ConfigureAwait(false);
        }

        rules.EndInput();
    }

    /// <summary>Keeps the remaining rows of the file, for a run that has ended before them.</summary>
    /// <param name="cancellation">Ends the reading after the current row.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public void KeepRest(CancellationToken cancellation)
    {
        while (ReadNext(() => false, cancellation))
        {
            if (!writer.NextRow(out var row))
                continue;
            var origin = OriginOf(row);
            if (IsLeftOut(origin))
                continue;
            var failure = file.Failure;
            if (failure is not null && !file.CanBeKept(failure))
                Reject(origin, failure);
            else if (failure is null && IsFollowed(file.Profile))
                writer.Skip(origin);
            else
                writer.KeepUnsent(origin, file.RawRow);
        }
    }

    /// <summary>Goes on to the next row of the partition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ReadNext(Func<bool> isStopped, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && !isStopped() && file.Read())
        {
            if (++_record % RowsBetweenReports == 0)
                Advanced?.Invoke(file.Position);
            if (!file.IsOfOtherPartition)
                return true;
            OtherPartitions++;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteRow(UpdateOrigin origin)
    {
        if (IsLeftOut(origin))
            return;
        rules.BeginRow(origin);
        if (file.Failure is { } failure)
        {
            rules.Refuse(failure);
            Reject(origin, failure);
            return;
        }

        var profile = file.Profile;
        if (IsFollowed(profile))
        {
            writer.Skip(origin);
            return;
        }

        if (writer.EndIfInterrupted(operation, origin, file.RawRow, profile))
            return;
        if (file.Write(profile) is { } refused)
            Reject(origin, refused);
        else if (writer.HasUpdate)
            Commit(origin);
        else
            writer.Skip(origin);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Commit(UpdateOrigin origin)
    {
        // A finding is told in each run.
        if (rules.HasFindings)
            writer.Claim?.ForgetRow();
        writer.Commit(origin, file.RawRow);
    }

    private UpdateOrigin OriginOf(long row) => new(row, file.Line, file.Input) { IsSuperseded = file.Reason is { IsSuperseded: true } };

    /// <summary>
    /// Leaves out an empty row, or one of a reject file because of its reason, and counts it; false when it is to be sent.
    /// </summary>
    private bool IsLeftOut(UpdateOrigin origin)
    {
        if (file.IsBlank)
        {
            writer.Skip(origin);
            return true;
        }

        if (file.Reason is { IsUnknown: true } && writer.SkipUnknown(origin, file.RawRow, file.LikelyProfile))
            return true;
        if (!origin.IsSuperseded)
            return false;
        if (!SkipsSuperseded)
        {
            Superseded++;
            return false;
        }

        writer.Skip(origin);
        return true;
    }

    private bool IsFollowed(ulong? profile) => profile is { } hash && _lastRecords?.IsFollowed(hash, _record) == true;

    private void Reject(UpdateOrigin origin, Failure failure)
    {
        writer.Reject(origin, failure, file.RawRow, file.LikelyProfile);
        Rejected?.Invoke(origin, RowExcerpt.Of(file.RawRow), failure);
    }

    /// <summary>
    /// Which record of a file is the last of its identifier. Two identifiers are told apart by 64 bits: of a hundred million, two are
    /// taken for one with a chance of 1 in 3,000.
    /// </summary>
    private sealed class LastRecords
    {
        private readonly HashSet<ulong> _seen = [];

        // Most identifiers occur once, and take no room here.
        private readonly Dictionary<ulong, long> _last = [];

        public void Add(ulong hash, long record)
        {
            if (!_seen.Add(hash))
                _last[hash] = record;
        }

        public bool IsFollowed(ulong hash, long record) => _last.TryGetValue(hash, out var last) && last != record;
    }
}
