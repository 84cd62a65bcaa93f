using System.Text;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// What makes a file a reject file. It holds rows of an import that were not accepted, as they were in their file, and each
/// row has three more fields at its end. A person edits it in a spreadsheet and imports it again with the same command.
/// </summary>
internal static class RejectFields
{
    /// <summary>The line of the row in its file.</summary>
    public const string Line = "_line";

    /// <summary>What is wrong with the row.</summary>
    public const string Error = "_error";

    /// <summary>The ErrorId of that.</summary>
    public const string ErrorId = "_errorId";

    /// <summary>In JSON, what was not an object.</summary>
    public const string Text = "_text";

    // Two marks at the end of the name of a column or member say what the import did to its values. A name is the most robust
    // place: it stays with its values when a program moves columns, sorts rows or deletes some, and rows cannot contradict
    // each other. A field of its own would have to repeat the names in every row, and a comment would not be CSV.

    /// <summary>The mark of values that are hashed already.</summary>
    public const string HashedMark = "#sha256";

    /// <summary>The mark of a CSV column whose type was inferred; the name of the type follows.</summary>
    public const string InferredMark = "#inferred-";

    /// <summary>The ErrorId of a row that was not sent.</summary>
    public const string NotSent = "NotSent";

    /// <summary>What <see cref="Error"/> ends with once a later row of the profile was sent.</summary>
    public const string LaterRowSent = " (a later row of this profile was sent)";

    /// <summary>What it ends with before, so that the note can be written in place.</summary>
    public static readonly string RoomForNote = new(' ', LaterRowSent.Length);

    /// <summary>The three fields, in their order.</summary>
    public static readonly IReadOnlyList<string> Names = [Line, Error, ErrorId];
}

/// <summary>What a reject file says about one of its rows.</summary>
/// <param name="ErrorId">Why it was rejected.</param>
/// <param name="IsSuperseded">Whether a later row of its profile was sent.</param>
/// <param name="HasRoomForNote">Whether it has room for the note that says so.</param>
internal readonly record struct RejectReason(string ErrorId, bool IsSuperseded, bool HasRoomForNote)
{
    private static readonly HashSet<string> Ids =
    [
        .. RuleTable.All.Select(rule => rule.Id.ToString()),
        nameof(Rules.ErrorId.UpdateRejected),
        nameof(Rules.ErrorId.OutcomeUnknown),
        nameof(Rules.ErrorId.DeliveryFailed),
        RejectFields.NotSent,
    ];

    private static readonly byte[] LaterRowSent = Encoding.ASCII.GetBytes(RejectFields.LaterRowSent);

    private static readonly byte[] RoomForNote = Encoding.ASCII.GetBytes(RejectFields.RoomForNote);

    public bool IsUnknown => ErrorId == nameof(Rules.ErrorId.OutcomeUnknown);

    /// <summary>Whether what held the identifier was none, which its hash does not show any more.</summary>
    public bool IsPlaceholder =>
        ErrorId is nameof(Rules.ErrorId.PlaceholderIdentifier) or nameof(Rules.ErrorId.ScientificIdentifier)
            or nameof(Rules.ErrorId.DamagedIdentifier);

    public bool IsBehindQuote => ErrorId == nameof(Rules.ErrorId.RowBehindQuote);

    public bool IsDamaged => ErrorId == nameof(Rules.ErrorId.RejectRowDamaged);

    /// <summary>The reason that two fields state; null when they are not those of a reject file.</summary>
    public static RejectReason? Of(ReadOnlySpan<byte> error, ReadOnlySpan<byte> errorId) =>
        Ids.TryGetValue(Encoding.UTF8.GetString(errorId), out var id)
            ? new(id, error.EndsWith(LaterRowSent), error.EndsWith(RoomForNote))
            : null;
}

/// <summary>A row of a reject file that an earlier run of the same import wrote.</summary>
/// <param name="Profile">The <see cref="ProfileHash"/> of its identifier; null when that cannot be told.</param>
/// <param name="Length">Its length in the file in bytes, with its line break.</param>
/// <param name="Reason">What the file says about it; null when it is damaged.</param>
internal readonly record struct KeptRow(ulong? Profile, int Length, RejectReason? Reason);
