using System.Globalization;
using ProfilesModule.Canary;
using ProfilesModule.Query;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>What <c>Test-UserProfileConnection</c> found out: whether a profile that was written could be read, and else where it got lost.</summary>
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
                "The service took the canary, which proves little: it answers updates with a wrong token or for another region alike, and stores nothing. Reading the canary back needs a service account and the id of the project; the connection has not both.",
                "Connect with -ServiceAccount and -ProjectId, and test again."),
            { Query: ConnectionTestOutcome.Failed } => NotRead(canary.QueryFailure!, connection),
            _ => NeverSeen(connection, timeout),
        };
    }

    /// <summary>The base address that the canary was sent to.</summary>
    public Uri Endpoint { get; }

    /// <summary>The project that it was looked for in; null when the connection names none.</summary>
    public string? ProjectId { get; }

    /// <summary>Whether the service took the canary. It takes one with a wrong token too.</summary>
    public ConnectionTestOutcome Ingestion { get; }

    /// <summary>Whether the service answered queries.</summary>
    public ConnectionTestOutcome Query { get; }

    /// <summary>Whether a query found the canary in time. Failed when the token and the queries mean different projects or regions, or the delay was longer.</summary>
    public ConnectionTestOutcome ReadBack { get; }

    /// <summary>How long after it was taken the canary was found, at the most: looks are some seconds apart. Null when it was not found.</summary>
    public TimeSpan? ReadDelay { get; }

    /// <summary>Whether all of it works: the canary was written and read.</summary>
    public bool Succeeded => ReadBack == ConnectionTestOutcome.Succeeded;

    /// <summary>What was found out, in a sentence.</summary>
    public string Message { get; }

    /// <summary>What to do about it; null when all is well.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The distinct id of the canary.</summary>
    public string DistinctId { get; }

    /// <summary>Whether the service took the removal of the canary; null when none was stored.</summary>
    public bool? CanaryRemoved { get; }

    /// <summary>What was found out.</summary>
    public override string ToString() => Message;

    private static (string, string?) NotTaken(Verdict verdict, UserProfileConnection connection)
    {
        var answer = verdict.StatusCode == 0 || !verdict.IsOfService ? verdict.Message : $"{verdict.StatusCode}: {verdict.Message}";
        return (
            $"Ingestion failed: the service at {connection} did not take the canary ({answer}).",
            verdict switch
            {
                { Kind: VerdictKind.Fatal, StatusCode: 0 } => Errors.CertificateRemedy,
                { StatusCode: 407 } => "Connect with -ProxyCredential or -ProxyUseDefaultCredentials, or with -NoProxy.",
                { IsOfService: false, StatusCode: > 0 and < 500 } => Errors.NotTheServiceRemedy,
                { StatusCode: 401 or 403 } => "Connect with the token and the region of the project.",
                { StatusCode: 404 } => "Connect with the address of an engage service: -Region, or -Endpoint without a path of its own.",
                { StatusCode: 200 or 400 } => "Read the service's text; it refused the canary itself.",
                _ => "See that the service can be reached, through a proxy if there is one, then test again.",
            });
    }

    private static (string, string?) NotRead(QueryException failure, UserProfileConnection connection)
    {
        var details = Errors.QueryFailed(failure, connection).ErrorDetails;
        return ($"Queries failed; whether the canary was stored is unknown. {details.Message}", details.RecommendedAction);
    }

    private static (string, string?) NeverSeen(UserProfileConnection connection, TimeSpan timeout)
    {
        var where = connection.Region is { } region ? $"the region {region}" : $"{connection.QueryEndpoint}";
        var project = connection.ProjectId is { } id ? $"project {id}" : "the project";
        return (
            $"The service took the canary and answered queries, but {project} in {where} did not show it within {timeout.TotalSeconds:0} s. "
            + $"Most likely the token is not that of {project}, or the project is kept elsewhere: the service answers such updates like any other and stores nothing. A delay beyond the usual half minute is the other possibility.",
            $"Compare the token with that in the settings of {project}, and the region with the one they show. If both are right, test again with a longer -TimeoutSec.");
    }
}
