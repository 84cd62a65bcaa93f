namespace ProfilesModule.Delivery;

/// <summary>
/// What became of every row of a run. In every ending
/// <see cref="Read"/> = <see cref="Accepted"/> + <see cref="Rejected"/> + <see cref="Skipped"/> + <see cref="Unknown"/> + <see cref="Unsent"/>.
/// </summary>
internal sealed record DeliveryAccount
{
    /// <summary>Rows read from the input.</summary>
    public long Read { get; init; }

    /// <summary>Updates for which the service reported no failure.</summary>
    public long Accepted { get; init; }

    /// <summary>Rows that were refused, by the service or before sending.</summary>
    public long Rejected { get; init; }

    /// <summary>Rows that were left out on purpose.</summary>
    public long Skipped { get; init; }

    /// <summary>Updates that may or may not have been applied and would count twice if sent again.</summary>
    public long Unknown { get; init; }

    /// <summary>Updates whose request was broken off, which may have been applied. Those that would count twice are unknown, the others unsent.</summary>
    public long BrokenOff { get; init; }

    /// <summary>All other rows: those that were not sent, or whose request was broken off where sending again does no harm.</summary>
    public long Unsent => Read - Accepted - Rejected - Skipped - Unknown;

    /// <summary>Requests sent, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that repeated a failed one.</summary>
    public long Retries { get; init; }

    /// <summary>Bytes of request bodies sent.</summary>
    public long Bytes { get; init; }

    /// <summary>The account of two runs together.</summary>
    /// <param name="other">The other run.</param>
    public DeliveryAccount Plus(DeliveryAccount other) => new()
    {
        Read = Read + other.Read,
        Accepted = Accepted + other.Accepted,
        Rejected = Rejected + other.Rejected,
        Skipped = Skipped + other.Skipped,
        Unknown = Unknown + other.Unknown,
        BrokenOff = BrokenOff + other.BrokenOff,
        Requests = Requests + other.Requests,
        Retries = Retries + other.Retries,
        Bytes = Bytes + other.Bytes,
    };
}
