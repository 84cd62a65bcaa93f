namespace ProfilesModule.Delivery;

/// <summary>A row of a batch that has ended, for what a run leaves on disk.</summary>
/// <param name="Origin">The row.</param>
/// <param name="Profile">The <see cref="ProfileHash"/> of its identifier; null where that cannot be told.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="RawRow">The row as it stands in its file.</param>
/// <param name="Error">Why it was not accepted.</param>
/// <param name="ErrorId">The ErrorId of that.</param>
internal readonly record struct EndedRow(UpdateOrigin Origin, ulong? Profile, RowOutcome Outcome, ReadOnlyMemory<byte> RawRow = default, string Error = "", string ErrorId = "");

/// <summary>What became of a row.</summary>
internal enum RowOutcome : byte
{
    /// <summary>Nothing yet: it was not sent, or the run ended before its outcome.</summary>
    None,

    /// <summary>It was accepted.</summary>
    Accepted,

    /// <summary>It was refused, here or by the service, or could not be delivered.</summary>
    Rejected,

    /// <summary>It may have been applied.</summary>
    Unknown,

    /// <summary>It was left out once more, since it may have been applied.</summary>
    Skipped,
}
