using ProfilesModule.Model;

namespace ProfilesModule.Rules;

internal static partial class Failures
{
    /// <summary>The warning for a state whose connection cannot be tested.</summary>
    public const string StateNotProvenWarning =
        "StateNotProven: the service also accepts updates with a wrong token or for another region, and discards them. The state then says "
        + "that they arrived, and they are not sent again. Run Test-UserProfileConnection, or connect with -ServiceAccount and -ProjectId, "
        + "so that the first run tests the connection.";

    public static Failure StateNeeded(string option) =>
        new(ErrorId.StateParameters, $"{option} has no effect without a state.", "Specify the state with -StatePath.", option);

    public static Failure StateUnfit(string option) => new(
        ErrorId.StateParameters,
        $"-StatePath cannot be used with {option}.",
        option switch
        {
            "-JournalPath" => "Omit -JournalPath: an import with a state that was stopped is continued by running it again.",
            _ => $"Omit {option}, or -StatePath.",
        },
        option);

    public static Failure StateNotForOperation(Operation operation) => new(
        ErrorId.StateParameters,
        $"-StatePath cannot be used with -Operation {operation}: its updates have an effect each time they are sent.",
        "Omit -StatePath, or use an operation whose updates can be repeated, such as Set.",
        "-Operation");

    public static readonly Failure StateAgeTooShort = new(
        ErrorId.StateParameters,
        "-MaxStateAge is less than a minute.",
        "Specify a time span, such as 7.00:00:00 for a week: a number alone is a number of ticks.",
        "-MaxStateAge");

    public static Failure StateNotUsable(Exception exception, string path) => new(
        ErrorId.StateNotUsable,
        $"The state '{path}' cannot be used: {exception.Message}",
        "Wait until no other run uses it. If it is damaged, or not a state, use another file: the first run with it sends everything.",
        path,
        exception);

    public static readonly Failure RemovalNeeded = new(
        ErrorId.StateParameters,
        "-BackupPath has no effect without -RemoveMissing.",
        "Specify -RemoveMissing, or omit -BackupPath.",
        "-BackupPath");

    public static Failure NothingInInput(string path) => new(
        ErrorId.RemovalRefused,
        "The input has no rows, so no profile is removed.",
        "Check the input. If all profiles are to be removed, use Remove-UserProfile or Remove-GroupProfile.",
        path);

    public static Failure TooManyMissing(long missing, long known, int maxPercent, string path) => new(
        ErrorId.RemovalRefused,
        $"Of {Phrase.Count(known, "profile")} in the state, the input does not have {Phrase.Number(missing)}, which is more than "
            + $"{Phrase.Number(maxPercent)} percent, so none is removed.",
        "Check the input. If they are to be removed, specify a larger -MaxRemovePercent.",
        path);

    public static Failure MissingOfOtherSource(long missing, string path) => new(
        ErrorId.RemovalRefused,
        $"The input does not have {Phrase.Count(missing, "profile")} of the state, but other input or other parameters led to them, so "
            + "none is removed.",
        "Use a state of its own for each input. After a change of parameters, remove the profiles with Remove-UserProfile or "
            + "Remove-GroupProfile.",
        path);

    public static Failure RemovalIncomplete(long removed, long missing, string reason, string path) => new(
        ErrorId.RemovalIncomplete,
        $"{Phrase.Number(removed)} of {Phrase.Count(missing, "profile")} that the input does not have were removed: {reason.TrimEnd('.')}.",
        "Run the import again: it removes the rest.",
        path);

    public static Failure ProfileNotInState(string id, string path) => new(
        ErrorId.ProfileNotInState,
        $"The state '{path}' has no profile with the identifier '{id}'.",
        "Check the identifier. A state knows the profiles that were sent with it.",
        id);

    public static Failure StateNotProven(string problem, string? remedy, object connection) => new(
        ErrorId.StateNotProven,
        $"Nothing was sent: the state would say that updates arrived, but the test of the connection failed. {problem} {remedy}".TrimEnd(),
        "Correct the connection until Test-UserProfileConnection succeeds.",
        connection);

    public static Failure LogNotUsable(Exception exception, string path) => new(
        ErrorId.LogNotUsable,
        $"The log '{path}' cannot be read: {exception.Message}",
        "Check that the file is readable. Its tasks are not in the account.",
        path,
        exception);

    /// <summary>A file that is not a log, or has lines that are not.</summary>
    /// <param name="path">The file.</param>
    /// <param name="line">The first such line.</param>
    /// <param name="lines">How many there are.</param>
    /// <param name="isForeign">Whether there are no others.</param>
    public static Failure LogNotUsable(string path, long line, long lines, bool isForeign) => isForeign
        ? new(
            ErrorId.LogNotUsable,
            $"The file '{path}' is neither a log (-LogPath) nor a state (-StatePath) of an import: see line {Phrase.Number(line)}.",
            "Specify the logs or the states that the tasks wrote.",
            path)
        : new(
            ErrorId.LogNotUsable,
            lines == 1 ? $"Line {Phrase.Number(line)} of the log '{path}' is damaged."
                : $"{Phrase.Number(lines)} lines of the log '{path}' are damaged, first line {Phrase.Number(line)}.",
            "The other lines count. A task of which the last line is damaged counts as unfinished: start it again, or correct the line.",
            path);

    public static Failure NoRunLogged(string path) => new(
        ErrorId.LogNotUsable,
        $"The file '{path}' has no run of an import.",
        "Wait until a task has begun to send, or specify the logs or the states that the tasks wrote.",
        path);
}
