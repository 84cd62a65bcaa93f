using ProfilesModule.Rules;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// The outcomes of the rows of a run. However it ends,
/// <see cref="Read"/> = <see cref="Accepted"/> + <see cref="Unchanged"/> + <see cref="Rejected"/> + <see cref="Skipped"/> +
/// <see cref="Unknown"/> + <see cref="Unsent"/>.
/// </summary>
internal sealed record DeliveryAccount
{
    /// <summary>Rows read from the input.</summary>
    public long Read;

    /// <summary>Updates for which the service reported no failure.</summary>
    public long Accepted;

    /// <summary>Rows that the service has already, as the state says.</summary>
    public long Unchanged;

    /// <summary>Rows that were refused, by the service or before sending.</summary>
    public long Rejected;

    /// <summary>Rows that were left out on purpose.</summary>
    public long Skipped;

    /// <summary>Updates that may or may not have been applied and would count twice if sent again.</summary>
    public long Unknown;

    /// <summary>
    /// Updates whose request was broken off, which may have been applied. Those that would count twice are unknown, the others
    /// unsent.
    /// </summary>
    public long BrokenOff;

    /// <summary>All other rows: those that were not sent, or whose request was broken off where sending again does no harm.</summary>
    public long Unsent => Read - Accepted - Unchanged - Rejected - Skipped - Unknown;

    /// <summary>Rows of other partitions, which are not among those that were read.</summary>
    public long OtherPartitions;

    /// <summary>Requests sent, retries included.</summary>
    public long Requests;

    /// <summary>Requests that repeated a failed one.</summary>
    public long Retries;

    /// <summary>Bytes of request bodies sent.</summary>
    public long Bytes;

    /// <summary>What a journal says of earlier runs.</summary>
    public static DeliveryAccount Of(RunJournal journal) => new()
    {
        Read = journal.State.Settled.Count,
        Accepted = journal.State.Line.Accepted,
        Rejected = journal.State.Line.Rejected,
        Skipped = journal.State.Line.Skipped,
        Unknown = journal.State.Line.Unknown,
    };

    /// <summary>The account as a sentence of a message.</summary>
    public override string ToString() => Failures.Account(Read, Accepted, Rejected, Unknown, Unsent);
}
