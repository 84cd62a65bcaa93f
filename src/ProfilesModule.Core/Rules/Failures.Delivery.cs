namespace ProfilesModule.Rules;

internal static partial class Failures
{
    public const string NotTheServiceRemedy =
        "Find out what answered: a proxy, a filter or a login page of the network. Allow this machine through it, or bypass it with "
            + "-Proxy or -NoProxy, then try again.";

    public const string CertificateRemedy =
        "If the certificate is for another name, connect with the host name that it was issued for. If it has expired or is not valid "
            + "yet, set the clock of this machine, or have the certificate renewed. If it is not trusted, something on the way may be "
            + "intercepting the connection; add its root certificate to those that this machine trusts.";

    public const string ServiceAddress = "Connect with the address of an engage service: -Region, or -Endpoint without a path.";
    public const string ProxyAccess = "Connect with -ProxyCredential or -ProxyUseDefaultCredentials, or with -NoProxy.";

    /// <summary>Updates that failed for one cause.</summary>
    /// <param name="id">The cause.</param>
    /// <param name="message">The service's text, or what went wrong.</param>
    /// <param name="updates">How many updates they are.</param>
    public static Failure Update(ErrorId id, string message, int updates) => id switch
    {
        ErrorId.UpdateRejected => new(id, $"{Explanation(id)}: {message}", "Correct the row, which is the error's TargetObject, and "
            + "send it again."),
        ErrorId.UpdateTooLarge => new(id, $"{Explanation(id)}: {message}", RuleTable.Of(id).Remedy),
        ErrorId.OutcomeUnknown => new(id, $"{Explanation(id)}: {message}", "Check the profile, and send the row again only if the "
            + "update is missing."),
        _ => new(
            id,
            $"{Explanation(id)} ({Phrase.Count(updates, "update")}): {message}",
            "Make sure that the service can be reached, then send the rows again; they are the error's TargetObject."),
    };

    /// <summary>What is wrong, as a reject file says it too; the service's text, or what went wrong, completes it.</summary>
    public static string Explanation(ErrorId id) => id switch
    {
        ErrorId.UpdateRejected => "the service rejected the update",
        ErrorId.UpdateTooLarge => "the service rejected the update as too large",
        ErrorId.OutcomeUnknown => "the update may have been applied, and sending it again could count it twice",
        _ => "not delivered",
    };

    public static Failure MoreRows(ErrorId id, long rows, string rejectPath) => new(
        id,
        $"{Phrase.Count(rows, "more row has", "more rows have")} the same error, {id}. The reject file '{rejectPath}' contains each of "
            + "them, with its line and its error.",
        "Correct the rows in the reject file, and import that file with the same command.",
        rejectPath);

    /// <summary>The early end of a run.</summary>
    /// <param name="id">The cause.</param>
    /// <param name="statusCode">The HTTP status code; 0 when there was no reply.</param>
    /// <param name="reason">The service's text, or what went wrong.</param>
    /// <param name="service">The connection, which is the error's target.</param>
    /// <param name="account">How many rows have which outcome, as a sentence.</param>
    public static Failure Stopped(ErrorId id, int statusCode, string reason, object service, string account)
    {
        reason = reason.TrimEnd('.');
        var (message, remedy) = id switch
        {
            ErrorId.ServiceUnauthorized => (Refusal(), "Connect with the token and the region of the project."),
            ErrorId.ServiceForbidden => (Refusal(), "Connect with a token that has access to the project."),
            ErrorId.ServiceNotFound => (Refusal(), ServiceAddress),
            ErrorId.ProxyUnauthorized => (Refusal(), ProxyAccess),
            ErrorId.ServiceRefused => (
                Refusal(),
                "Correct what the service's reply names, check that -Region or -Endpoint points to the service, then send the remaining "
                    + "rows again."),
            ErrorId.NotTheService => ($"The updates did not reach the service at {service}: {reason}", NotTheServiceRemedy),
            ErrorId.CertificateRefused => ($"A secure connection to {service} could not be established: {reason}", CertificateRemedy),
            ErrorId.RetriesExhausted => (
                $"Every attempt to send the updates to the service at {service} failed: {reason}",
                "Make sure that the service can be reached, then send the remaining rows again, with -Resume if the import has a "
                    + "journal. -MaximumRetryCount and -RetryIntervalSec set how long the command tries."),
            ErrorId.MaxFailureReached => (
                $"{reason}, as many as -MaxFailure allows",
                "Correct the rejected rows, each of which has its own error, and send the rest again, with -Resume if the import has a "
                    + "journal."),
            ErrorId.MaxParseErrorsReached => (
                $"{reason}, as many as -MaxParseErrors allows",
                "Check that the file has the expected format (for CSV, also that -Delimiter, -Encoding, -SkipRows and -Header match the "
                    + "file), and look at the rows, each of which has its own error. An import with a journal continues with -Resume."),
            ErrorId.TimeoutReached => (
                $"The command ended before the end of its input: {reason}",
                "Send the rest again, with -Resume if the import has a journal, or allow more time with -TimeoutSec."),
            ErrorId.OutcomeNotWritable => (
                $"The outcome of the rows could not be recorded: {reason}",
                "Free some disk space, or specify another path. An import with a journal continues with -Resume."),
            _ => (
                $"The first updates were all rejected for the same reason, so the rows are not the cause: {reason}",
                "Check what the rows have in common: the token, the identifier column, a property."),
        };
        return new(id, $"{message}. {account}", remedy, service);

        string Refusal() => $"The service at {service} refused the updates ({statusCode}): {reason}";
    }

    public static Failure ImportFailed(Exception exception, string account) => new(
        ErrorId.ImportFailed,
        $"The import ended with an unexpected error: {exception.Message.TrimEnd('.')}. {account}",
        exception is OutOfMemoryException
            ? "Give the process more memory, or import with a smaller -BatchSize and -MaxConcurrency. An import with a journal "
                + "continues with -Resume."
            : "Report the error, with the inner exception that Get-Error shows. An import with a journal continues with -Resume.",
        Cause: exception);

    /// <summary>How many rows of a run have which outcome, as a sentence.</summary>
    public static string Account(long read, long accepted, long rejected, long unknown, long unsent) =>
        $"{(unsent > 0 ? "Nothing more was sent. " : "")}Of {Phrase.Count(read, "row")}: {Phrase.Number(accepted)} accepted, "
            + $"{Phrase.Number(rejected)} rejected, {Phrase.Number(unknown)} unknown, {Phrase.Number(unsent)} not sent.";
}
