using System.Management.Automation;
using System.Net;
using System.Security;
using ProfilesModule.Wire;
using ProfilesModule.Query;

namespace ProfilesModule;

/// <summary>The settings of a connection, from parameters or else from environment variables.</summary>
internal sealed record ConnectionSettings(string? Token)
{
    public const string Regions = "Use US, EU or IN, a name such as Europe or India, or a host of the service such as eu.mixpanel.com.";

    public ServiceRegion? Region { get; init; }

    public Uri? Endpoint { get; init; }

    public ServiceAccount? Account { get; init; }

    public string? ProjectId { get; init; }

    public NetworkSettings Network { get; init; } = new();

    /// <summary>Connects by the MIXPANEL_ environment variables; null if they have no token.</summary>
    /// <exception cref="ArgumentException">They cannot be used together; the message says what to do.</exception>
    public static UserProfileConnection? ConnectByEnvironment()
    {
        var settings = new ConnectionSettings(Token: null).OrEnvironment();
        return settings.Token is null ? null : settings.Connect();
    }

    /// <summary>Takes settings that were not given from the MIXPANEL_ environment variables.</summary>
    public ConnectionSettings OrEnvironment()
    {
        var given = Region is not null || Endpoint is not null;
        return this with
        {
            Token = Token ?? Variable("MIXPANEL_TOKEN"),
            ProjectId = ProjectId ?? Variable("MIXPANEL_PROJECT_ID"),
            Region = given ? Region : RegionOf(Variable("MIXPANEL_REGION")),
            Endpoint = given ? Endpoint : EndpointOf(Variable("MIXPANEL_ENDPOINT")),

            // The secret of the environment is meant for the service, not for any endpoint that a command line names.
            Account = Account ?? (Endpoint is null ? AccountOf(Variable("MIXPANEL_SERVICE_ACCOUNT"), Variable("MIXPANEL_SECRET")) : null),
        };
    }

    /// <exception cref="ArgumentException">
    /// A setting is missing or invalid, or two contradict each other; the message says what to do.
    /// </exception>
    public UserProfileConnection Connect()
    {
        if (string.IsNullOrWhiteSpace(Token))
            throw new ArgumentException("A project token is needed. Use -Token, or set the environment variable MIXPANEL_TOKEN.");
        if (!((string?[])[Token, ProjectId, Account?.UserName, Account?.Secret]).All(EngageJson.IsText))
            throw new ArgumentException("The token, the project id or the service account contains half of a surrogate pair, "
                + "so it is not valid Unicode. Copy it again.");
        var endpoint = Endpoint is null ? null : Checked(Endpoint);
        var settings = this with { Token = Token.Trim() };
        Network.Check(endpoint);

        // The service has separate hosts for queries and updates, so one of its own addresses stands for the region.
        var region = endpoint is null ? Region ?? ServiceRegion.US : RegionNames.OfHost(endpoint);
        if (region is null)
            return new(settings, endpoint!, endpoint!, null);
        if (endpoint is { IsDefaultPort: false } or { AbsolutePath: not "/" })
            throw new ArgumentException($"'{endpoint}' is a host of the service, but has a port or path. Omit it, or use -Region.");
        var hosts = RegionNames.All.First(r => r.Region == region);
        return new(settings, new($"https://{hosts.IngestionHost}/"), new($"https://{hosts.QueryHost}/"), region);
    }

    public static string PlainText(SecureString secret) => new NetworkCredential("", secret).Password;

    private static Uri Checked(Uri endpoint)
    {
        if (endpoint.IsAbsoluteUri && endpoint.UserInfo.Length > 0)
            throw new ArgumentException("The endpoint contains a user name or password. Use -ServiceAccount instead.");
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
            throw new ArgumentException($"The endpoint '{endpoint}' is not an http or https address. "
                + "Write it in full, such as https://proxy.example.com.");
        if (endpoint.Scheme == "http" && !endpoint.IsLoopback)
            throw new ArgumentException($"The endpoint '{endpoint}' is not encrypted. Updates carry the project token, "
                + "so http is allowed only on this machine. Use https.");
        if (endpoint.Query.Length + endpoint.Fragment.Length > 0)
            throw new ArgumentException($"The endpoint '{endpoint}' has more than a path. Omit its query and fragment.");
        return endpoint.AbsolutePath.EndsWith('/') ? endpoint : new UriBuilder(endpoint) { Path = endpoint.AbsolutePath + "/" }.Uri;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static ServiceRegion? RegionOf(string? text) => text is null
        ? null
        : RegionNames.Find(text) ?? throw new ArgumentException($"MIXPANEL_REGION is '{text}', which is not a region. {Regions}");

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

/// <summary>Parses the address of a service from a command line or an environment variable.</summary>
internal static class EndpointAddress
{
    /// <summary>
    /// Parses an address. A host without a scheme, such as <c>127.0.0.1:5000</c> or <c>proxy.example.com</c>, gets http on this
    /// machine and https elsewhere. <see cref="ConnectionSettings.Connect"/> checks whether the address can be used.
    /// </summary>
    /// <exception cref="ArgumentException">The text is not an address.</exception>
    public static Uri Parse(string text)
    {
        var address = text.Trim();
        if (LooksLikeHost(address) && Uri.TryCreate($"https://{address}", UriKind.Absolute, out var secure))
            return secure.IsLoopback ? new($"http://{address}") : secure;
        return Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out var other)
            ? other
            : throw new ArgumentException($"'{text}' is not an address.");
    }

    // A single word could be anything, such as a region.
    private static bool LooksLikeHost(string address) =>
        !address.StartsWith('/') && !address.Contains("://", StringComparison.Ordinal)
        && (address.AsSpan().IndexOfAny('.', ':') >= 0 || address.Equals("localhost", StringComparison.OrdinalIgnoreCase));
}
