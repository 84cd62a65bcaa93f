using System.Globalization;
using ProfilesModule.Canary;
using ProfilesModule.Query;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>
/// The result of <c>Test-UserProfileConnection</c>: whether a profile that was written could be read, and if not, which step
/// failed.
/// </summary>
public sealed class ConnectionTest
{
    internal ConnectionTest(UserProfileConnection connection, CanaryResult canary, TimeSpan timeout)
    {
        Endpoint = connection.Endpoint;
        ProjectId = connection.ProjectId;
        DistinctId = canary.DistinctId;
        ReadDelay = canary.ReadDelay;
        CanaryRemoved = canary.IsRemoved;
        Ingestion = canary.Ingestion.Kind == VerdictKind.Accepted ? ConnectionTestOutcome.Succeeded : ConnectionTestOutcome.Failed;
        Query = canary switch
        {
            { QueryFailure: not null } => ConnectionTestOutcome.Failed,
            { WasQueryAnswered: true } => ConnectionTestOutcome.Succeeded,
            _ => ConnectionTestOutcome.NotTested,
        };
        ReadBack = canary switch
        {
            { ReadDelay: not null } => ConnectionTestOutcome.Succeeded,
            { WasQueryAnswered: true, QueryFailure: null } => ConnectionTestOutcome.Failed,
            _ => ConnectionTestOutcome.NotTested,
        };
        (Message, RecommendedAction) = this switch
        {
            { Ingestion: ConnectionTestOutcome.Failed } => NotTaken(canary.Ingestion, connection),
            { ReadBack: ConnectionTestOutcome.Succeeded } => (string.Create(CultureInfo.InvariantCulture, $"A profile that was written could be read {canary.ReadDelay!.Value.TotalSeconds:0.0} s later."), null),
            { Query: ConnectionTestOutcome.NotTested } => (
                "The service accepted the canary, which proves little: "
                + "it also accepts updates with a wrong token or for another region, and discards them. "
                + "To read the canary, the connection needs a service account and a project id, but it does not have both.",
                "Connect with -ServiceAccount and -ProjectId, and test again."),
            { Query: ConnectionTestOutcome.Failed } => NotRead(canary.QueryFailure!, connection),
            _ => NeverSeen(connection, timeout),
        };
    }

    /// <summary>The base address that the canary profile was sent to.</summary>
    public Uri Endpoint { get; }

    /// <summary>The id of the project that was queried; null if the connection has none.</summary>
    public string? ProjectId { get; }

    /// <summary>Whether the service accepted the canary profile. It does so even with a wrong token.</summary>
    public ConnectionTestOutcome Ingestion { get; }

    /// <summary>Whether the service answered queries.</summary>
    public ConnectionTestOutcome Query { get; }

    /// <summary>
    /// Whether a query found the canary profile in time. If not, the token and the query belong to different projects or regions,
    /// or the delay was longer.
    /// </summary>
    public ConnectionTestOutcome ReadBack { get; }

    /// <summary>
    /// The time until the canary profile was found. It can be a few seconds too long, because of the interval between queries. Null
    /// if it was not found.
    /// </summary>
    public TimeSpan? ReadDelay { get; }

    /// <summary>Whether the canary profile was written and read.</summary>
    public bool Succeeded => ReadBack == ConnectionTestOutcome.Succeeded;

    /// <summary>The result, in a sentence.</summary>
    public string Message { get; }

    /// <summary>What to do; null if the test succeeded.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The distinct id of the canary profile.</summary>
    public string DistinctId { get; }

    /// <summary>Whether the service accepted the removal of the canary profile; null if none was stored.</summary>
    public bool? CanaryRemoved { get; }

    /// <summary>What to say of a canary that may still exist; null if there is none.</summary>
    internal string? RemovalWarning => CanaryRemoved != false ? null
        : $"The canary could not be removed, so it may still exist. To remove it, run: Remove-UserProfile '{DistinctId}'";

    /// <summary>The result, in a sentence.</summary>
    public override string ToString() => Message;

    private static (string, string?) NotTaken(Verdict verdict, UserProfileConnection connection)
    {
        var answer = verdict.StatusCode == 0 || !verdict.IsOfService ? verdict.Message : $"{verdict.StatusCode}: {verdict.Message}";
        return (
            $"Ingestion failed: the service at {connection} did not accept the canary ({answer}).",
            verdict switch
            {
                { Kind: VerdictKind.Fatal, StatusCode: 0 } => Failures.CertificateRemedy,
                { StatusCode: 407 } => Failures.ProxyAccess,
                { IsOfService: false, StatusCode: > 0 and < 500 } => Failures.NotTheServiceRemedy,
                { StatusCode: 401 or 403 } => "Connect with the token and the region of the project.",
                { StatusCode: 404 } => Failures.ServiceAddress,
                { StatusCode: 200 or 400 } => "Read the reply of the service, which rejected the canary profile itself.",
                _ => "Make sure that the service can be reached, through a proxy if there is one, and test again.",
            });
    }

    private static (string, string?) NotRead(QueryException failure, UserProfileConnection connection)
    {
        var (_, message, remedy, _, _, _) = failure.ToFailure(connection, connection.QueryEndpoint);
        return ($"Queries failed; it is unknown whether the canary was stored. {ServiceText.Fit(message)}", remedy);
    }

    private static (string, string?) NeverSeen(UserProfileConnection connection, TimeSpan timeout)
    {
        var where = connection.Region is { } region ? $"the region {region}" : $"{connection.QueryEndpoint}";
        var project = connection.ProjectId is { } id ? $"project {id}" : "the project";
        return (
            $"The service accepted the canary and answered queries, but {project} "
            + $"in {where} did not show it within {Phrase.Duration(timeout)}. "
            + $"Most likely the token is not that of {project}, or the project is in another region: "
            + "the service accepts such updates and discards them. Or the delay was longer than the usual half minute.",
            $"Compare the token with that in the settings of {project}, and the region with the one they show. If both are right, test again with a longer -TimeoutSec.");
    }
}

/// <summary>The outcome of one step of a connection test.</summary>
public enum ConnectionTestOutcome
{
    /// <summary>The step was not run, because an earlier one failed or a setting is missing.</summary>
    NotTested,

    /// <summary>The step succeeded.</summary>
    Succeeded,

    /// <summary>The step failed.</summary>
    Failed,
}
