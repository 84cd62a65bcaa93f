using System.Runtime.CompilerServices;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>Turns the rows of one file into updates, and each row that cannot be one into a rejection.</summary>
internal abstract class FileUpdates
{
    private const int RowsBetweenReports = 256;

    private readonly Operation _operation;
    private readonly UpdateWriter _writer;
    private readonly object _file;
    private readonly RowRules _rules;
    private long _record;

    /// <summary>Makes updates of a file.</summary>
    /// <param name="operation">What they do to the profile.</param>
    /// <param name="writer">Where they go.</param>
    /// <param name="file">What stands for the file in the origin of an update.</param>
    /// <param name="rules">What its rows are held to.</param>
    private protected FileUpdates(Operation operation, UpdateWriter writer, object file, RowRules rules) =>
        (_operation, _writer, _file, _rules) = (operation, writer, file, rules);

    /// <summary>A row was refused before it was sent.</summary>
    public Action<UpdateOrigin, ShownRow, Failure>? Rejected { get; init; }

    /// <summary>Some more of the file was read: how many bytes of it so far.</summary>
    public Action<long>? Advanced { get; init; }

    /// <summary>Whether the run has no use for more rows.</summary>
    public required Func<bool> IsStopped { get; init; }

    /// <summary>Whether rows of a reject file are left out that say that a later row of their profile was sent.</summary>
    public bool SkipsSuperseded { get; init; }

    /// <summary>How many rows said so and were not left out.</summary>
    public long Superseded { get; private set; }

    /// <summary>Counts the rows whose identifier had come before, in this file or those before it; null when nobody asks.</summary>
    public IdentifierSet? Identifiers { get; init; }

    /// <summary>Which rows are the last of their identifier; null when all are sent.</summary>
    private protected LastRecords? LastRecords { get; set; }

    /// <summary>The 1-based line of the file where the row starts.</summary>
    private protected abstract long Line { get; }

    /// <summary>How far the file was read, in bytes.</summary>
    private protected abstract long Position { get; }

    /// <summary>The row as it stands in the file, without what must not leave it.</summary>
    private protected abstract ReadOnlySpan<byte> RawRow { get; }

    /// <summary>Whether the row is one of a reject file, of which it is unknown if it was applied.</summary>
    private protected abstract bool IsUnknown { get; }

    /// <summary>Whether the row is one of a reject file which says that a later row of its profile was sent.</summary>
    private protected abstract bool IsSuperseded { get; }

    /// <summary>Why the row is out of order; null when it is not.</summary>
    private protected abstract Failure? Failure { get; }

    /// <summary>The hash of the row's identifier; null when it gets a random one. Only for a row that is in order.</summary>
    private protected abstract ulong? Profile { get; }

    /// <summary>The hash of what seems to be the identifier of a row, which may be out of order; null when nothing does.</summary>
    private protected abstract ulong? LikelyProfile { get; }

    /// <summary>Goes on to the next row.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    private protected abstract bool Read();

    /// <summary>Writes the row, which is in order, and holds it to the rules. Why it is refused, else null; nothing of it is then written.</summary>
    /// <param name="profile">The hash of its identifier; null when it gets a random one.</param>
    private protected abstract Failure? Write(ulong? profile);

    /// <summary>Whether a row that is out of order can be kept as one that was not sent, and found out of order again.</summary>
    private protected abstract bool CanBeKept(ErrorId failure);

    /// <summary>Refuses the row for its size. What it is refused for: a failure that was found before comes first.</summary>
    private protected Failure? TooLarge()
    {
        _rules.Refuse(RowRejections.TooLarge);
        return _rules.Rejection;
    }

    /// <summary>Writes the updates of the whole file.</summary>
    /// <param name="cancellation">Ends the reading after the current record.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public async Task WriteAllAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && !IsStopped() && Read())
        {
            _record++;
            if (_writer.NextRow(out var row))
                WriteRow(OriginOf(row));
            else if (Failure is null)
                IsFollowed(Profile);
            if (_writer.HasFullBatch)
                await _writer.SendFullBatchAsync().ConfigureAwait(false);
            if (row % RowsBetweenReports == 0)
                Advanced?.Invoke(Position);
        }
    }

    /// <summary>Keeps the rows that are left of the file, for a run that has ended before them.</summary>
    /// <param name="cancellation">Ends the reading after the current record.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public void KeepRest(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && Read())
        {
            _record++;
            if (!_writer.NextRow(out var row))
                continue;
            var origin = OriginOf(row);
            if (IsLeftOut(origin))
                continue;
            var failure = Failure;
            if (failure is not null && !CanBeKept(failure.Id))
                Reject(origin, failure);
            else if (failure is null && IsFollowed(Profile))
                _writer.SkipFollowed(origin);
            else
                _writer.KeepUnsent(origin, RawRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteRow(UpdateOrigin origin)
    {
        if (IsLeftOut(origin))
            return;
        _rules.BeginRow(origin);
        if (Failure is { } failure)
        {
            _rules.Refuse(failure);
            Reject(origin, failure);
            return;
        }

        var profile = Profile;
        if (IsFollowed(profile))
        {
            _writer.SkipFollowed(origin);
            return;
        }

        if (_writer.EndIfItWasBeingSent(_operation, origin, RawRow, profile))
            return;
        if (Write(profile) is { } rejection)
            Reject(origin, rejection);
        else
            _writer.Commit(origin, RawRow);
    }

    private UpdateOrigin OriginOf(long row) => new(row, Line, _file) { IsSuperseded = IsSuperseded };

    /// <summary>Leaves out the row of a reject file for what that says of it, and counts it; false when it is to be sent.</summary>
    private bool IsLeftOut(UpdateOrigin origin)
    {
        if (IsUnknown && _writer.SkipUnknown(origin, RawRow, LikelyProfile))
            return true;
        if (!origin.IsSuperseded)
            return false;
        if (!SkipsSuperseded)
        {
            Superseded++;
            return false;
        }

        _writer.SkipFollowed(origin);
        return true;
    }

    /// <summary>Notes the identifier of the row; whether only a later row of it is to be sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsFollowed(ulong? profile)
    {
        if (profile is not { } hash)
            return false;
        Identifiers?.Note(hash);
        return LastRecords?.IsFollowed(hash, _record) == true;
    }

    private void Reject(UpdateOrigin origin, Failure rejection)
    {
        _writer.Reject(origin, rejection, RawRow, LikelyProfile);
        Rejected?.Invoke(origin, ShownRow.Of(RawRow), rejection);
    }
}
