using System.Text;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Wire;

/// <summary>
/// Every combination of what the parts of a reply can say. Each part says how many of three updates may have been applied; they
/// agree where some number is left. Only then is a reply a verdict.
/// </summary>
public sealed class ReplyTableTests
{
    private const int Updates = 3;

    private static readonly int[] Any = [0, 1, 2, 3];
    private static readonly int[] NotAll = [0, 1, 2];
    private static readonly int[] Impossible = [];

    /// <summary>What a member can be, null for absent, and how many updates were applied where it says the truth.</summary>
    private static readonly (string? Json, int[] Applied)[] Statuses =
        [("0", NotAll), ("1", [1, 2, 3]), ("\"OK\"", [1, 2, 3]), ("\"Bad Request\"", NotAll), ("true", Impossible), ("\"1\"", Impossible), (null, Any)];

    private static readonly (string? Json, int[] Applied)[] Errors = [("null", Any), ("\"a text\"", NotAll), (null, Any)];

    private static readonly (string? Json, int[] Applied)[] Counts =
        [(null, Any), ("0", [0]), ("2", [2]), ("1", [1]), ("3", [3]), ("4", Impossible), ("-1", Impossible), ("1.5", Impossible), ("\"3\"", Impossible)];

    private static readonly (string? Json, int[] Applied)[] FailedRecords =
    [
        (null, Any),
        ("[]", Any),
        ("[{\"index\":1,\"message\":\"m\"}]", [0, 2]),
        ("[{\"index\":0,\"message\":\"m\"},{\"index\":1},{\"index\":2}]", [0]),
        ("[{\"index\":1,\"message\":\"m\"},{\"index\":1,\"message\":\"n\"}]", NotAll),
        ("[{\"index\":1,\"message\":\"m\"},{\"index\":3,\"message\":\"n\"}]", NotAll),
        ("[{\"index\":-1,\"message\":\"m\"}]", NotAll),
        ("[\"m\"]", NotAll),
        ("[{\"message\":\"m\"}]", NotAll),
    ];

    private static readonly string?[] Codes = [null, "200", "400", "500"];

    public static TheoryData<int> HttpCodes => [200, 201, 302, 400, 401, 403, 404, 413, 422, 429, 500, 503];

    [Theory]
    [MemberData(nameof(HttpCodes))]
    public void A_reply_is_a_verdict_only_where_its_parts_agree(int http)
    {
        var wrong = new List<string>();
        foreach (var cell in Cells())
        {
            var verdict = ReplyReader.Read(http, Encoding.UTF8.GetBytes(cell.Body), Updates);
            if (WhatIsWrong(http, cell, verdict) is { } fault)
                wrong.Add($"{http} {cell.Body}: {fault}, but got {verdict}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} cells are wrong, such as{Environment.NewLine}{string.Join(Environment.NewLine, wrong.Take(20))}");
    }

    private static string? WhatIsWrong(int http, Cell cell, Verdict verdict)
    {
        var ambiguous = verdict is { Kind: VerdictKind.Transient, MayHaveBeenApplied: true };
        if (verdict.Kind != VerdictKind.Accepted && verdict.Message.Length == 0 && verdict.Failed.Count == 0)
            return "no reason is given";
        if (http is not (200 or 400))
            return verdict.Kind is VerdictKind.Transient or VerdictKind.Fatal or VerdictKind.TooLarge && (verdict.MayHaveBeenApplied || !cell.ClaimsSome) ? null : "the code is neither success nor a refusal of updates";

        var applied = cell.Applied.Intersect(http == 400 ? NotAll : Any).ToArray();
        var agrees = applied.Length > 0 && (cell.Code is null || cell.Code == $"{http}" || (cell.Code == "400" && cell.Status is "0"))
            && (http, cell.Status) is not ((200, null or "\"Bad Request\"") or (400, "1" or "\"OK\""));
        // A success that also complains and does not say of what, and one that says nothing of the updates at all.
        var complains = cell is { Status: "1" or "\"OK\"", Error: "\"a text\"", ListsFailed: false } && applied.Length > 1;
        if (!agrees || complains)
            return ambiguous && (cell.Count is null || verdict.Message.Contains("num_", StringComparison.Ordinal)) ? null : "the parts do not agree";
        if (ambiguous)
            return "the parts agree";
        if (applied.Max() == Updates)
            return verdict.Kind == VerdictKind.Accepted ? null : "everything was accepted";
        if (verdict.Kind == VerdictKind.Accepted)
            return "not everything was accepted";
        return verdict.Kind switch
        {
            VerdictKind.NotApplied => applied.Contains(0) ? null : "something was applied",
            VerdictKind.Partial => applied is [0] ? "nothing was applied" : null,
            VerdictKind.PartlyRejected when !cell.IsLocated => "the positions cannot be trusted",
            VerdictKind.PartlyRejected => (verdict.Rest, cell.Count) switch
            {
                (RestOfUpdates.Accepted, _) => Updates - verdict.Failed.Count == 0 || applied is [var only] && only == Updates - verdict.Failed.Count ? null : "the count does not say that the rest was accepted",
                (RestOfUpdates.NotApplied, _) => applied is [0] ? null : "the rest may have been applied",
                (_, null) => null,
                _ => "the count says what became of the rest",
            },
            _ => "an answer of the service is a verdict",
        };
    }

    private static IEnumerable<Cell> Cells() =>
        from status in Statuses
        from error in Errors
        from count in Counts
        from name in count.Json is null ? ["num_records_imported"] : new[] { "num_records_imported", "num_good_events" }
        from failed in FailedRecords
        from code in Codes
        select new Cell(status.Json, error.Json, count.Json, failed.Json, code)
        {
            Body = "{" + string.Join(',', new[] { ("status", status.Json), ("error", error.Json), (name, count.Json), ("failed_records", failed.Json), ("code", code) }
                .Where(member => member.Item2 is not null).Select(member => $"\"{member.Item1}\":{member.Item2}")) + "}",
            Applied = [.. status.Applied.Intersect(error.Applied).Intersect(count.Applied).Intersect(failed.Applied)],
        };

    private sealed record Cell(string? Status, string? Error, string? Count, string? Failed, string? Code)
    {
        public required string Body { get; init; }

        /// <summary>How many updates may have been applied where every part says the truth.</summary>
        public required int[] Applied { get; init; }

        public bool ListsFailed => Failed is not (null or "[]");

        public bool IsLocated => Failed == FailedRecords[2].Json || Failed == FailedRecords[3].Json;

        public bool ClaimsSome => Status is "1" or "\"OK\"" || Count is not (null or "0");
    }
}
