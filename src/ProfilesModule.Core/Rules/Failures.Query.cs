namespace ProfilesModule.Rules;

internal static partial class Failures
{
    /// <summary>A query that failed.</summary>
    /// <param name="id">The cause.</param>
    /// <param name="said">What the service said, or what went wrong.</param>
    /// <param name="endpoint">Where the query was sent.</param>
    /// <param name="statusCode">The HTTP status code; 0 when there was no reply.</param>
    /// <param name="retryAfter">How long the service asked to wait; null when it did not say.</param>
    public static Failure Query(ErrorId id, string said, Uri endpoint, int statusCode, TimeSpan? retryAfter)
    {
        said = said.TrimEnd('.');
        return new(id, $"{QueryMessage(id, said, endpoint, statusCode, retryAfter)}.", QueryRemedy(id, retryAfter));
    }

    private static string QueryMessage(ErrorId id, string said, Uri endpoint, int statusCode, TimeSpan? retryAfter) => id switch
    {
        ErrorId.CertificateRefused => $"A secure connection to {endpoint} could not be established: {said}",
        ErrorId.QueryIncomplete => $"Not all profiles could be read from {endpoint}: {said}",
        ErrorId.ProxyUnauthorized => "The profiles could not be read: the proxy refused the query (407)",
        ErrorId.QueryNotInPlan =>
            $"The profiles could not be read: the plan of the project does not include the query API. The service answered 402: {said}",
        ErrorId.QueryRateLimited =>
            "The profiles could not be read: a project is limited to 60 queries an hour and 5 at once, across all its users and tools. "
            + $"The service answered 429: {said}. "
            + $"{(retryAfter is { } wait ? $"It asked to wait {Phrase.Wait(wait)}" : "It did not say how long to wait")}",
        ErrorId.NotTheService => $"The profiles could not be read from {endpoint}: {said}",
        _ when statusCode == 0 => $"The profiles could not be read from {endpoint}: {said}",
        _ when said.EndsWith($"answered {statusCode}", StringComparison.Ordinal) => $"The profiles could not be read: {said}",
        _ => $"The profiles could not be read: the service answered {statusCode}: {said}",
    };

    private static string QueryRemedy(ErrorId id, TimeSpan? retryAfter) => id switch
    {
        ErrorId.CertificateRefused => CertificateRemedy,
        ErrorId.NotTheService => NotTheServiceRemedy,
        ErrorId.ProxyUnauthorized => ProxyAccess,
        ErrorId.QueryIncomplete =>
            "Run the query again. If profiles are still missing or their total keeps changing, -AllowIncomplete of Get-UserProfile, "
                + "Get-GroupProfile and Export-UserProfileCsv continues with a warning.",
        ErrorId.QueryUnauthorized =>
            "Connect with the user name and secret of a service account of the project (not with its token or API secret), and with the "
                + "region of the project.",
        ErrorId.QueryNotInPlan =>
            "Writing and removing profiles works without the query API. To read them, move the project to a plan that includes it "
                + "(mixpanel.com/pricing), or export them from its Users page.",
        ErrorId.QueryForbidden => "Give the service account a role in the project, and check -ProjectId and the region of the connection.",
        ErrorId.QueryNotFound => ServiceAddress,
        ErrorId.QueryRateLimited =>
            $"Try again {(retryAfter is { } wait ? $"in {Phrase.Wait(wait)}" : "later, in an hour at most")}. A query reads up to "
                + $"{Phrase.Count(Model.Limits.MaximumQueryIds, "profile")}: pass many identifiers to one command instead of one "
                + "identifier to each of many commands, and check what else queries the project.",
        ErrorId.QueryRejected => "Correct what the service's reply names, such as the expression of -Where or the id of a cohort.",
        ErrorId.QueryRefused => "Make sure that the connection is to the right service and project.",
        _ => "Make sure that the service can be reached, through a proxy if there is one, then try again. -OperationTimeoutSeconds of "
            + "Connect-UserProfileService sets how long an attempt may take; -Property and -Where reduce what is read.",
    };

    public static Failure ProfileNotFound(string noun, string id) => new(
        ErrorId.ProfileNotFound,
        $"There is no profile with the {noun} '{id}'.",
        "Check the identifier. A new profile can take up to a minute to be found.",
        id);

    public static Failure ValueNotComparable(Exception exception) =>
        new(ErrorId.ValueNotComparable, exception.Message, "Write the comparison as an expression, with -Where.",
        Cause: exception);

    public static Failure EmptyValueToRemove(string property, string expression) => new(
        ErrorId.EmptyValueToRemove,
        $"-PropertyEquals has no value for '{property}'; the variable may never have been set. Every profile without a value would be "
            + "removed.",
        $"Specify the value. To remove those profiles, use -Where '{expression.Replace("'", "''", StringComparison.Ordinal)}'.",
        property);
}
