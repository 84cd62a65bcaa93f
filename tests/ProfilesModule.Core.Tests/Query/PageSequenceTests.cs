using CsCheck;
using ProfilesModule.Query;

namespace ProfilesModule.Core.Tests.Query;

/// <summary>Whatever pages a service answers with: all profiles or an error, never a silent part, and always an end.</summary>
public sealed class PageSequenceTests
{
    private const int Retries = 2;

    private static readonly Gen<PageFault> AnyFault = Gen.Enum<PageFault>();

    // A fault passes with the first attempts, or stays for all of them.
    private static readonly Gen<FaultyPage> AnyFaultyPage = Gen.Select(Gen.Int[0, 5], AnyFault, Gen.OneOfConst(1, Retries, int.MaxValue), (page, fault, attempts) => new FaultyPage(page, fault, attempts));

    private static readonly Gen<(int Total, int PageSize, FaultyPage[] Faults, bool TellsPageSize, bool TellsTotalOnce)> AnyPages =
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 12], AnyFaultyPage.Array[0, 4], Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false))), Gen.Bool);

    // Two pages that are answered in each other's place are all profiles too, in another order.
    [Fact]
    public void Pages_give_all_profiles_or_an_error_and_always_an_end()
    {
        var (all, errors) = (0, 0);
        AnyPages.Sample(
            pages =>
            {
                var (service, read, failure, _) = Read(pages, allowIncomplete: false);
                if (failure is null)
                    Assert.Equal(service.Ids.Order(), read.Order());
                Assert.InRange(service.Requests, 1, Most(pages));
                _ = failure is null ? Interlocked.Increment(ref all) : Interlocked.Increment(ref errors);
            },
            iter: 500);

        // Else the pages that are generated would show nothing.
        Assert.True(all > 20 && errors > 20, $"{all} were read, {errors} failed.");
    }

    [Fact]
    public void What_is_missing_where_that_is_allowed_is_told_and_nothing_comes_twice()
    {
        var told = 0;
        AnyPages.Sample(
            pages =>
            {
                var (service, read, failure, missing) = Read(pages, allowIncomplete: true);
                if (failure is null && missing.Count == 0)
                    Assert.Equal(service.Ids.Order(), read.Order());
                Assert.Equal(read.Distinct(), read);
                Assert.InRange(service.Requests, 1, Most(pages));
                if (failure is null && missing.Count > 0)
                    Interlocked.Increment(ref told);
            },
            iter: 500);
        Assert.True(told > 0, $"{told} were incomplete.");
    }

    [Theory]
    [InlineData(PageFault.TooShort, @"^page 2 .*\b9 .*\b10 ", true)]
    [InlineData(PageFault.Empty, @"^page 2 .*\b0 .*\b10 ", true)]
    [InlineData(PageFault.Overlapping, @"^1 .*\b10 .*\bpage 2\b", true)]
    [InlineData(PageFault.MovedTotal, @"total.*\b25 .*\b26 .*\bpage 2\b", true)]
    [InlineData(PageFault.TooLong, @"^page 2 .*\b11 .*\b10$", false)]
    [InlineData(PageFault.OtherPage, "^page 2 .*only", false)]
    [InlineData(PageFault.OtherPageUnderItsNumber, @"\bpage 2\b.*\bpage 1\b", false)]
    [InlineData(PageFault.OtherSession, "^page 2 .*session", false)]
    [InlineData(PageFault.OtherPageSize, @"size.*\b10 .*\b11 .*\bpage 2\b", false)]
    [InlineData(PageFault.SessionLost, @"\bpage 2\b.*: session not found$", false)]
    public void A_page_that_is_not_what_it_should_be_is_an_error_after_the_last_attempt(PageFault fault, string message, bool canBeAllowed)
    {
        var failure = Read((25, 10, [new(1, fault, int.MaxValue)], true, false), allowIncomplete: false).Failure!;
        Assert.True(failure.IsIncomplete);
        Assert.Matches(message, failure.Message);

        var (_, _, allowed, missing) = Read((25, 10, [new(1, fault, int.MaxValue)], true, false), allowIncomplete: true);
        Assert.Equal(canBeAllowed ? null : failure.Message, allowed?.Message);
        Assert.Equal(canBeAllowed ? failure.Message : null, missing.FirstOrDefault());
    }

    [Theory]
    [InlineData(PageFault.ErrorInResults, ": the query timed out")]
    [InlineData(PageFault.ErrorWithoutResults, ": the query timed out")]
    [InlineData(PageFault.OtherStatus, "'partial'")]
    public void What_the_service_calls_an_error_is_one_whatever_is_allowed(PageFault fault, string message)
    {
        foreach (var allowIncomplete in new[] { false, true })
        {
            var failure = Read((25, 10, [new(1, fault, int.MaxValue)], true, false), allowIncomplete).Failure!;
            Assert.False(failure.IsIncomplete);
            Assert.EndsWith(message, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 1)]
    [InlineData(20, 2)]
    [InlineData(21, 3)]
    public void No_page_is_asked_for_beyond_the_total(int total, int requests)
    {
        var (service, read, _, _) = Read((total, 10, [], true, true), allowIncomplete: false);
        Assert.Equal((total, requests), (read.Count, service.Requests));
    }

    [Fact]
    public void Two_empty_pages_in_a_row_are_the_end_where_profiles_may_be_missing()
    {
        var faults = Enumerable.Range(0, 100).Select(page => new FaultyPage(page, PageFault.Empty, int.MaxValue)).ToArray();
        var (service, read, failure, missing) = Read((1000, 10, faults, true, true), allowIncomplete: true);
        Assert.Null(failure);
        Assert.Empty(read);
        Assert.Equal((2, 2 * (Retries + 1)), (missing.Count, service.Requests));
    }

    private static int Most((int Total, int PageSize, FaultyPage[] Faults, bool TellsPageSize, bool TellsTotalOnce) pages) =>
        ((pages.Total / pages.PageSize) + 3) * (Retries + 1);

    private static (PagedService Service, List<string> Read, QueryException? Failure, List<string> Missing) Read(
        (int Total, int PageSize, FaultyPage[] Faults, bool TellsPageSize, bool TellsTotalOnce) pages, bool allowIncomplete)
    {
        var (read, missing) = (new List<string>(), new List<string>());
        using var service = new PagedService(pages.Total, pages.PageSize, pages.Faults, pages.TellsPageSize, pages.TellsTotalOnce);
        using var http = new HttpClient(service);
        var query = new ProfileQuery(http, new("http://service/"), TimeProvider.System)
        {
            MaximumRetryCount = Retries,
            RetryInterval = TimeSpan.Zero,
            Incomplete = allowIncomplete ? missing.Add : null,
        };
        try
        {
            foreach (var page in query.ReadAsync(new(), default).ToBlockingEnumerable())
            {
                read.AddRange(page.Profiles.Select(p => p.DistinctId));
                Assert.InRange(service.Requests, 1, Most(pages));
            }

            return (service, read, null, missing);
        }
        catch (QueryException e)
        {
            return (service, read, e, missing);
        }
    }
}
