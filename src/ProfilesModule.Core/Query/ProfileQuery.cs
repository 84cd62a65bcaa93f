using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Query;

/// <summary>A service account of the project.</summary>
/// <param name="UserName">Its user name.</param>
/// <param name="Secret">Its secret.</param>
internal sealed record ServiceAccount(string UserName, string Secret)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => UserName;
}

/// <summary>Reads profiles from <c>/api/query/engage</c>, a page at a time and only as far as the caller goes.</summary>
internal sealed class ProfileQuery(HttpClient http, Uri endpoint, TimeProvider time)
{
    /// <summary>The most ids that one request asks for; more than a page would only be split up again.</summary>
    public const int MaximumIds = Limits.MaximumQueryIds;

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

    /// <summary>Null where the service does not ask for one.</summary>
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

    /// <summary>Counts what is sent; null where nobody asks.</summary>
    public QueryAllowance? Allowance { get; init; }

    /// <summary>A failed request will be repeated.</summary>
    public Action<Retrying>? Retrying { get; init; }

    /// <summary>Called with what pages lack, and the reading goes on; null where missing profiles end it.</summary>
    public Action<string>? Incomplete { get; init; }

    /// <summary>Reads profiles page by page, each held to what the query has (<see cref="PageSequence"/>).</summary>
    /// <exception cref="QueryException">The service refused, no attempt succeeded, or the pages are not all that the query has.</exception>
    public async IAsyncEnumerable<ProfilePage> ReadAsync(ProfileFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // One for all pages: each would be an object of the large heap, of which every few end in a full collection.
        var body = new GrowingBuffer(FirstPageBytes);
        var pages = new PageSequence(Incomplete);
        while (!pages.IsComplete)
            yield return await ReadPageAsync(filter, pages, body, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads the next page of a sequence. Without retries, that is one query.</summary>
    /// <exception cref="QueryException">The service refused, no attempt succeeded, or it is not the next page; the sequence stays as it was.</exception>
    public async Task<ProfilePage> ReadPageAsync(ProfileFilter filter, PageSequence pages, GrowingBuffer body, CancellationToken cancellation)
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
            Allowance?.Count();
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                var error = await BoundedBody.ReadStartAsync(
                    response.Content, MaximumErrorBytes, null, attempt.Token).ConfigureAwait(false);
                throw Refused(response, error, number);
            }

            await BoundedBody.ReadAsync(response.Content, MaximumPageBytes, body, attempt.Token).ConfigureAwait(false);
            if (!ReplyBody.IsObject(body.WrittenSpan))
                throw QueryException.Foreign((int)response.StatusCode, ForeignReply.Describe(response, body.WrittenSpan, Proxy, Text), isTransient: true, null);
            return ProfilePage.Parse(body.WrittenSpan, Containers, Text);
        }
        catch (JsonException e)
        {
            // The parser's own text, on bytes and lines, says nothing to who asked for profiles.
            throw QueryException.Failed(e.LineNumber is null ? e.Message : "the reply is not from the service, or was cut off", e);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellation.IsCancellationRequested)
            && NetworkFailure.Of(e, timeout.IsCancellationRequested ? AttemptTimeout : null, Proxy, Text) is { } failure)
        {
            throw QueryException.Failed(failure, e);
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

        return QueryException.Foreign(
            code, ForeignReply.Describe(response, body.Span, Proxy, Text), QueryException.IsTransientStatus(code), retryAfter);
    }

    private HttpRequestMessage Request(ProfileFilter filter, string? session, int number)
    {
        var path = ProjectId is null ? "api/query/engage" : $"api/query/engage?project_id={Uri.EscapeDataString(ProjectId)}";
        var form = filter.Form().ToList();
        if (session is not null)
        {
            form.Add(new("session_id", session));
            form.Add(new("page", number.ToString(CultureInfo.InvariantCulture)));
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

/// <summary>The query service refused a request, or could not be asked.</summary>
internal sealed class QueryException(string message, int statusCode, bool isTransient, Exception? inner) : Exception(message, inner)
{
    /// <summary>The HTTP status code; 0 when there was no reply.</summary>
    public int StatusCode => statusCode;

    /// <summary>Whether another attempt may succeed.</summary>
    public bool IsTransient => isTransient;

    /// <summary>How long the service asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Whether the service answered, and its pages were not all that the query has.</summary>
    public bool IsIncomplete { get; private init; }

    /// <summary>Whether the service answered; false when something on the way there did in its place.</summary>
    public bool IsOfService { get; private init; } = true;

    /// <summary>Whether the connection failed because the certificate was not accepted.</summary>
    public bool IsCertificateRefused { get; private init; }

    public ErrorId Id => StatusCode switch
    {
        _ when IsCertificateRefused => ErrorId.CertificateRefused,
        > 0 and < 500 and not (407 or 408 or 429) when !IsOfService => ErrorId.NotTheService,
        _ when IsIncomplete => ErrorId.QueryIncomplete,
        401 => ErrorId.QueryUnauthorized,
        402 => ErrorId.QueryNotInPlan,
        403 => ErrorId.QueryForbidden,
        404 => ErrorId.QueryNotFound,
        407 => ErrorId.ProxyUnauthorized,
        429 => ErrorId.QueryRateLimited,
        400 => ErrorId.QueryRejected,
        > 0 and < 500 and not 408 => ErrorId.QueryRefused,
        _ => ErrorId.QueryFailed,
    };

    /// <summary>The failure that a command ends with.</summary>
    /// <param name="connection">The connection, which is its target.</param>
    /// <param name="endpoint">Where the query was sent.</param>
    /// <param name="account">The outcomes of the rows of the command; null if it has none.</param>
    public Failure ToFailure(object connection, Uri endpoint, string? account = null)
    {
        var failure = Failures.Query(Id, Message, endpoint, StatusCode, RetryAfter);
        var message = account is null ? failure.Message : $"{failure.Message} {account}";
        return failure with { Message = message, Target = connection, Cause = new IOException(message, this) };
    }

    internal static bool IsTransientStatus(int statusCode) => statusCode is 408 or 429 or >= 500;

    internal static QueryException Incomplete(string message) => new(message, 0, isTransient: true, null) { IsIncomplete = true };

    /// <summary>The service knows nothing more of a query of which it has answered pages.</summary>
    internal static QueryException Lost(int page, string? error)
    {
        var message = $"the service no longer has the query: it was asked for page {Phrase.Number(page)}: {error ?? "it answered 400"}";
        return new(message, 400, isTransient: false, null) { IsIncomplete = true };
    }

    internal static QueryException Failed(string message, Exception inner) => new(message, 0, isTransient: true, inner);

    internal static QueryException Failed(NetworkFailure failure, Exception inner) =>
        new(failure.Message, failure.StatusCode, !failure.IsFinal, inner) { IsCertificateRefused = failure.IsCertificateRefused };

    internal static QueryException Foreign(int statusCode, string message, bool isTransient, TimeSpan? retryAfter) =>
        new(message, statusCode, isTransient, null) { IsOfService = false, RetryAfter = retryAfter };

    internal static QueryException Refused(int statusCode, string? error, TimeSpan? retryAfter) =>
        new(error ?? $"the service answered {statusCode}", statusCode, IsTransientStatus(statusCode), null) { RetryAfter = retryAfter };
}
