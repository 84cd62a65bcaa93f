using System.Management.Automation;
using System.Net;
using System.Security;
using ProfilesModule.Binding;
using ProfilesModule.Query;

namespace ProfilesModule;

/// <summary>What a connection is made of, from parameters first and the environment next.</summary>
/// <param name="Token">The project token.</param>
internal sealed record ConnectionSettings(string? Token)
{
    /// <summary>What a region may be called, for messages.</summary>
    public const string Regions = "Give US, EU or IN, a name such as Europe or India, or a host of the service such as eu.mixpanel.com.";

    public ServiceRegion? Region { get; init; }

    public Uri? Endpoint { get; init; }

    public ServiceAccount? Account { get; init; }

    public string? ProjectId { get; init; }

    public NetworkSettings Network { get; init; } = new();

    /// <summary>Fills what was not given from the MIXPANEL_ variables.</summary>
    public ConnectionSettings OrEnvironment()
    {
        var given = Region is not null || Endpoint is not null;
        return this with
        {
            Token = Token ?? Variable("MIXPANEL_TOKEN"),
            ProjectId = ProjectId ?? Variable("MIXPANEL_PROJECT_ID"),
            Region = given ? Region : RegionOf(Variable("MIXPANEL_REGION")),
            Endpoint = given ? Endpoint : EndpointOf(Variable("MIXPANEL_ENDPOINT")),

            // The secret of the environment is meant for the service, not for whatever endpoint is named on the command line.
            Account = Account ?? (Endpoint is null ? AccountOf(Variable("MIXPANEL_SERVICE_ACCOUNT"), Variable("MIXPANEL_SECRET")) : null),
        };
    }

    /// <summary>Makes the connection.</summary>
    /// <exception cref="ArgumentException">Something is missing or contradicts itself; the message says what to do.</exception>
    public UserProfileConnection Connect()
    {
        if (string.IsNullOrWhiteSpace(Token))
            throw new ArgumentException("A project token is needed. Give it with -Token, or set the environment variable MIXPANEL_TOKEN.");
        if (!((string?[])[Token, ProjectId, Account?.UserName, Account?.Secret]).All(ValidateUnicodeAttribute.IsUnicode))
            throw new ArgumentException("The token, the project id or the service account has half of a surrogate pair, which is not Unicode text. Copy it again.");
        var endpoint = Endpoint is null ? null : Checked(Endpoint);
        var network = Network.Checked(endpoint);

        // The service has other hosts for reading than for updates, so an address of its own stands for its region.
        var region = endpoint is null ? Region ?? ServiceRegion.US : RegionNames.OfHost(endpoint);
        if (region is null)
            return new(endpoint!, endpoint!, null, Token.Trim(), ProjectId, Account, network);
        if (endpoint is { IsDefaultPort: false } or { AbsolutePath: not "/" })
            throw new ArgumentException($"The endpoint '{endpoint}' is one of the service, with a port or a path that its other hosts do not have. Leave them out, or name the -Region.");
        var hosts = RegionNames.All.First(r => r.Region == region);
        return new(new($"https://{hosts.IngestionHost}/"), new($"https://{hosts.QueryHost}/"), region, Token.Trim(), ProjectId, Account, network);
    }

    public static string PlainText(SecureString secret) => new NetworkCredential("", secret).Password;

    private static Uri Checked(Uri endpoint)
    {
        if (endpoint.IsAbsoluteUri && endpoint.UserInfo.Length > 0)
            throw new ArgumentException("The endpoint holds a user name or password. Give them with -ServiceAccount.");
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
            throw new ArgumentException($"The endpoint '{endpoint}' is no http or https address. Give it in full, such as https://proxy.example.com.");
        if (endpoint.Scheme == "http" && !endpoint.IsLoopback)
            throw new ArgumentException($"The endpoint '{endpoint}' is not encrypted: updates carry the project token, so plain http is only for this machine. Use https.");
        if (endpoint.Query.Length + endpoint.Fragment.Length > 0)
            throw new ArgumentException($"The endpoint '{endpoint}' holds more than a path. Leave out what follows it.");
        return endpoint.AbsolutePath.EndsWith('/') ? endpoint : new UriBuilder(endpoint) { Path = endpoint.AbsolutePath + "/" }.Uri;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static ServiceRegion? RegionOf(string? text)
    {
        if (text is null)
            return null;
        return RegionNames.Find(text) ?? throw new ArgumentException($"MIXPANEL_REGION is '{text}', which is no region. {Regions}");
    }

    private static Uri? EndpointOf(string? text)
    {
        if (text is null)
            return null;
        try
        {
            return EndpointAddress.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"MIXPANEL_ENDPOINT cannot be used: {e.Message}", e);
        }
    }

    public static ServiceAccount? AccountOf(PSCredential? credential) =>
        credential is null ? null : new(credential.UserName, PlainText(credential.Password));

    private static ServiceAccount? AccountOf(string? userName, string? secret) => (userName, secret) switch
    {
        (null, null) => null,
        ({ } name, { } value) => new(name, value),
        _ => throw new ArgumentException("Only one of MIXPANEL_SERVICE_ACCOUNT and MIXPANEL_SECRET is set. Set both, or neither."),
    };
}
