using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Wire;

namespace ProfilesModule.Query;

/// <summary>Who reads: a service account of the project.</summary>
/// <param name="UserName">Its user name.</param>
/// <param name="Secret">Its secret.</param>
internal sealed record ServiceAccount(string UserName, string Secret)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => UserName;
}

/// <summary>Reads profiles from <c>/api/query/engage</c>, a page at a time and only as far as the caller goes.</summary>
/// <param name="http">The client of the connection.</param>
/// <param name="endpoint">The base address of the query service, such as <c>https://mixpanel.com/</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class ProfileQuery(HttpClient http, Uri endpoint, TimeProvider time)
{
    /// <summary>The most ids that one request asks for; more than a page would only be split up again.</summary>
    public const int MaximumIds = 1000;

    /// <summary>How long one attempt may take unless told otherwise: the service itself gives up after about eight minutes.</summary>
    public static readonly TimeSpan DefaultAttemptTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The largest page in bytes that is taken into memory.</summary>
    private const int MaximumPageBytes = 512 << 20;

    /// <summary>The room in bytes that the first page gets before its size is known.</summary>
    private const int FirstPageBytes = 64 << 10;

    /// <summary>The largest reply in bytes that is read for the text of an error.</summary>
    private const int MaximumErrorBytes = 1 << 20;

    /// <summary>The project; null where the service knows only one.</summary>
    public string? ProjectId { get; init; }

    /// <summary>Who reads; null where the service does not ask.</summary>
    public ServiceAccount? ServiceAccount { get; init; }

    /// <summary>How often a failed request is tried again. Default 5.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>The wait before the first retry, doubled for each one after. Default 2 seconds.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one attempt may take. Default 10 minutes.</summary>
    public TimeSpan AttemptTimeout { get; init; } = DefaultAttemptTimeout;

    /// <summary>The proxy that requests go through, for messages; null for none.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>What shows the texts of replies. Default: one that knows no secrets.</summary>
    public ServiceText Text { get; init; } = ServiceText.WithoutSecrets;

    /// <summary>What makes the lists and objects of the profiles.</summary>
    public JsonContainers Containers { get; init; } = JsonContainers.Plain;

    /// <summary>A failed request will be repeated.</summary>
    public Action<Retrying>? Retrying { get; init; }

    /// <summary>Hears of what pages lack where the reading goes on all the same; null where profiles that are missing end it.</summary>
    public Action<string>? Incomplete { get; init; }

    /// <summary>Reads profiles page by page, each held to what the query has (<see cref="PageSequence"/>).</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="QueryException">The service refused, no attempt succeeded, or the pages are not all that the query has.</exception>
    public async IAsyncEnumerable<ProfilePage> ReadAsync(ProfileFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // One for all pages: each would be an object of the large heap, of which every few end in a full collection.
        var body = new GrowingBuffer(FirstPageBytes);
        var pages = new PageSequence(Incomplete);
        while (!pages.IsComplete)
            yield return await ReadPageAsync(filter, pages, body, cancellation).ConfigureAwait(false);
    }

    private async Task<ProfilePage> ReadPageAsync(ProfileFilter filter, PageSequence pages, GrowingBuffer body, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var page = await RequestAsync(filter, pages.Session, pages.Number, body, cancellation).ConfigureAwait(false);
                return pages.Take(page, isLastAttempt: attempt > MaximumRetryCount);
            }
            catch (QueryException e) when (e.IsTransient && attempt <= MaximumRetryCount && !RetryDelay.IsTooLong(e.RetryAfter))
            {
                var delay = RetryDelay.Before(attempt, RetryInterval, e.RetryAfter);
                Retrying?.Invoke(new(pages.Number + 1, attempt, delay, e.Message));
                await Task.Delay(delay, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<ProfilePage> RequestAsync(ProfileFilter filter, string? session, int number, GrowingBuffer body, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(AttemptTimeout, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var request = Request(filter, session, number);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var error = await BoundedBody.ReadStartAsync(response.Content, MaximumErrorBytes, attempt.Token).ConfigureAwait(false);
                throw Refused(response, error, number);
            }

            await BoundedBody.ReadAsync(response.Content, MaximumPageBytes, body, attempt.Token).ConfigureAwait(false);
            if (!ReplyBody.IsObject(body.WrittenSpan))
                throw QueryException.Foreign((int)response.StatusCode, ForeignReply.Describe(response, body.WrittenSpan, Proxy, Text), isTransient: true, null);
            return ProfilePage.Parse(body.WrittenSpan, Containers, Text);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested && !timeout.IsCancellationRequested)
        {
            // The one limit that the client has of its own is that on connecting, which it reports as a cancellation.
            throw QueryException.Failed($"cannot connect: {Text.Show(e.InnerException?.Message ?? e.Message)}", e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw QueryException.Failed(string.Create(CultureInfo.InvariantCulture, $"no complete reply within {AttemptTimeout.TotalSeconds:0.#} s"), null);
        }
        catch (JsonException e) when (e.LineNumber is not null)
        {
            // The parser's own text, on bytes and lines, says nothing to who asked for profiles.
            throw QueryException.Failed("the reply is not one of the service, or was cut off", e);
        }
        catch (HttpRequestException e) when (CertificateProblem.Describe(e) is { } problem)
        {
            throw QueryException.Untrusted(problem, e);
        }
        catch (HttpRequestException e) when (EngageTransport.IsProxyUnauthorized(e))
        {
            throw QueryException.Refused(407, Text.Show(e.GetBaseException().Message), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            throw QueryException.Failed(Text.Show(e.GetBaseException().Message), e);
        }
    }

    private QueryException Refused(HttpResponseMessage response, ReadOnlyMemory<byte> body, int number)
    {
        var code = (int)response.StatusCode;
        var retryAfter = RetryAfter.From(response.Headers, time);
        if (ReplyBody.IsObject(body.Span) || (body.IsEmpty && code is not (>= 300 and < 400)))
        {
            var error = ReplyBody.Parse(body, Text).Error;
            return number > 0 && code == 400 ? QueryException.Lost(number + 1, error) : QueryException.Refused(code, error, retryAfter);
        }

        return QueryException.Foreign(code, ForeignReply.Describe(response, body.Span, Proxy, Text), QueryException.MayPass(code), retryAfter);
    }

    private HttpRequestMessage Request(ProfileFilter filter, string? session, int number)
    {
        var path = ProjectId is null ? "api/query/engage" : $"api/query/engage?project_id={Uri.EscapeDataString(ProjectId)}";
        var form = filter.Form().ToList();
        if (session is not null)
        {
            form.Add(new("session_id", session));
            form.Add(new("page", number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, path)) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.Add(new("application/json"));
        if (ServiceAccount is { } account)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.UserName}:{account.Secret}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }

        return request;
    }
}
