using System.Net;
using System.Text.Json;
using System.Web;

namespace ProfilesModule.Core.Tests.Query;

/// <summary>What is wrong with a page.</summary>
public enum PageFault
{
    None,
    TooShort,
    Empty,
    TooLong,
    Overlapping,
    OtherPage,
    OtherPageUnderItsNumber,
    OtherSession,
    OtherPageSize,
    MovedTotal,
    ErrorInResults,
    ErrorWithoutResults,
    OtherStatus,
    CutOff,
    Unavailable,
    SessionLost,
}

/// <summary>How often a fault occurs.</summary>
/// <param name="Page">The page, from 0.</param>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="Attempts">In how many attempts.</param>
internal sealed record FaultyPage(int Page, PageFault Fault, int Attempts);

/// <summary>A query service with some profiles, of which some pages are not what they should be.</summary>
/// <param name="total">How many profiles it has.</param>
/// <param name="pageSize">How many a page holds.</param>
/// <param name="faults">The pages that are not what they should be.</param>
/// <param name="tellsPageSize">Whether it tells how many a page holds.</param>
/// <param name="tellsTotalOnce">Whether only the first page tells how many there are.</param>
internal sealed class PagedService(int total, int pageSize, IReadOnlyList<FaultyPage> faults, bool tellsPageSize = true, bool tellsTotalOnce = false) : HttpMessageHandler
{
    private readonly Dictionary<int, int> _attempts = [];

    public int Requests { get; private set; }

    public IEnumerable<string> Ids => Enumerable.Range(0, total).Select(i => $"u{i}");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        var form = HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(cancellationToken));
        var page = int.Parse(form["page"] ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        _attempts[page] = _attempts.GetValueOrDefault(page) + 1;
        var fault = faults.FirstOrDefault(f => f.Page == page && _attempts[page] <= f.Attempts)?.Fault ?? PageFault.None;
        return fault switch
        {
            PageFault.Unavailable => new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("") },
            PageFault.SessionLost when page > 0 => new(HttpStatusCode.BadRequest) { Content = new StringContent("""{"error":"session not found"}""") },
            PageFault.ErrorWithoutResults => Ok("""{"error":"the query timed out","status":"error"}"""),
            PageFault.CutOff when Body(page, fault) is var body => Ok(body[..(body.Length / 2)]),
            _ => Ok(Body(page, fault)),
        };
    }

    private static HttpResponseMessage Ok(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body) };

    private IEnumerable<string> PageOf(int page) => Ids.Skip(page * pageSize).Take(pageSize);

    private string Body(int page, PageFault fault)
    {
        var other = page == 0 ? 1 : page - 1;
        var ids = fault switch
        {
            PageFault.TooShort => PageOf(page).SkipLast(1),
            PageFault.Empty => [],

            // Nobody can know that a page is too long, unless the service says how long one is: another may have been short by as much.
            PageFault.TooLong when tellsPageSize => PageOf(page).Append("none of them"),
            PageFault.Overlapping => Ids.Skip(Math.Max(0, (page * pageSize) - 1)).Take(pageSize),
            PageFault.OtherPage or PageFault.OtherPageUnderItsNumber => PageOf(other),
            _ => PageOf(page),
        };
        var reply = new Dictionary<string, object?>
        {
            ["results"] = ids.Select(id => new Dictionary<string, object> { ["$distinct_id"] = id, ["$properties"] = new { n = id } }),
            ["page"] = fault == PageFault.OtherPageUnderItsNumber ? other : page,
            ["session_id"] = fault == PageFault.OtherSession && page > 0 ? "another" : "session",
            ["status"] = fault switch { PageFault.ErrorInResults => "error", PageFault.OtherStatus => "partial", _ => "ok" },
        };
        if (tellsPageSize)
            reply["page_size"] = fault == PageFault.OtherPageSize && page > 0 ? pageSize + 1 : pageSize;
        if (page == 0 || !tellsTotalOnce)
            reply["total"] = fault == PageFault.MovedTotal && page > 0 ? total + 1 : total;
        if (fault == PageFault.ErrorInResults)
            reply["error"] = "the query timed out";
        return JsonSerializer.Serialize(reply);
    }
}
