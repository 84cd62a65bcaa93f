using System.Text;
using System.Text.Json;
using CsCheck;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

/// <summary>Rows that are two records, of which the service may refuse one.</summary>
public sealed class RowsOfTwoRecordsTests
{
    private enum Answers
    {
        ByPosition,
        ByPositionWithoutCounts,
        All,
        Partly,
    }

    private sealed record Row(bool SetsToo, bool RefusesSet, bool RefusesUnset, int Size)
    {
        public bool IsRefused => (SetsToo && RefusesSet) || RefusesUnset;
    }

    [Fact]
    public void A_row_is_accepted_when_both_of_its_records_are() =>
        Gen.Select(
            Gen.Select(Gen.Bool, Gen.Int[0, 9], Gen.Int[0, 9], Gen.Frequency((20, Gen.Int[0, 10]), (1, Gen.Int[100_000, 400_000]))).Select((sets, a, b, size) => new Row(sets, a == 0, b == 0, size)).Array[0, 60],
            Gen.Int[1, 9],
            Gen.Int[1, 3],
            Gen.Enum<Answers>()).Sample((rows, batchSize, concurrency, answers) => CheckAsync(rows, batchSize, concurrency, answers).GetAwaiter().GetResult(), iter: 200);

    private static async Task CheckAsync(Row[] rows, int batchSize, int concurrency, Answers answers)
    {
        var transport = ScriptedTransport.Answering(request => Answer(request, rows, answers));
        var delivered = new Delivered();
        await using var sender = delivered.Start(transport, new() { BatchSize = batchSize, MaxConcurrency = concurrency, RetryInterval = TimeSpan.Zero });
        using (var writer = new UpdateWriter(sender, "t"))
        {
            for (var i = 0; i < rows.Length; i++)
            {
                Assert.True(writer.NextRow(out var number));
                Write(writer, rows[i], i, number);
                if (writer.HasFullBatch)
                    await writer.SendFullBatchAsync();
            }

            await writer.CompleteAsync();
        }

        // A run that ends because the first rows are refused alike is tested elsewhere.
        if (sender.Stop is not null)
            return;
        var refused = rows.Select((row, i) => (row, number: i + 1L)).Where(r => r.row.IsRefused).Select(r => r.number);
        Assert.Equal(refused, delivered.Failures.SelectMany(f => f.Updates).Select(u => u.Origin.Row).Order());
        Assert.Equal(rows.Select((row, i) => (row, number: i + 1L)).Where(r => !r.row.IsRefused).Select(r => r.number), delivered.Accepted.Select(a => a.Row).Order());
        Assert.Equal((rows.Length, rows.Count(r => !r.IsRefused), rows.Count(r => r.IsRefused), 0), (sender.Account.Read, sender.Account.Accepted, sender.Account.Rejected, sender.Account.Unsent));

        // Records of one row are never apart, and a request has no more than it may; a row alone may have two.
        Assert.All(transport.Requests, request =>
        {
            Assert.True(request.Ids.Count <= Math.Max(2, batchSize));
            Assert.True(batchSize > 1 || request.Ids.Distinct().Count() == 1);
            Assert.True(request.Body.Length <= Limits.MaximumBatchBytes);
            Assert.All(request.Ids.CountBy(id => id), id => Assert.Equal(rows[int.Parse(id.Key, System.Globalization.CultureInfo.InvariantCulture)].SetsToo ? 2 : 1, id.Value));
        });
    }

    private static void Write(UpdateWriter writer, Row row, int index, long number)
    {
        var id = Encoding.UTF8.GetBytes($"{index}");
        if (row.SetsToo)
        {
            writer.Begin(id, Operation.Set);
            writer.Json.WriteStartObject();
            writer.Json.WriteString("text", new string('x', row.Size));
            writer.Json.WriteEndObject();
            Assert.True(writer.TryEnd());
        }

        writer.Begin(id, Operation.Unset);
        writer.Json.WriteStartArray();
        writer.Json.WriteStringValue("old");
        writer.Json.WriteEndArray();
        Assert.True(writer.TryEnd());
        writer.Commit(new(number, number + 1, null));
    }

    private static Verdict Answer(ScriptedRequest request, Row[] rows, Answers answers)
    {
        using var body = JsonDocument.Parse(request.Body);
        var bad = body.RootElement.EnumerateArray().Select((record, i) => (record, i)).Where(r =>
        {
            var row = rows[int.Parse(r.record.GetProperty("$distinct_id").GetString()!, System.Globalization.CultureInfo.InvariantCulture)];
            return r.record.TryGetProperty("$set", out _) ? row.RefusesSet : row.RefusesUnset;
        }).Select(r => r.i).ToArray();
        if (bad.Length == 0)
            return ScriptedTransport.Accepted;
        return answers switch
        {
            Answers.All => new(VerdictKind.NotApplied, 400, $"bad {request.Number}"),
            Answers.Partly when bad.Length < request.Ids.Count => new(VerdictKind.Partial, 200, $"bad {request.Number}") { MayHaveBeenApplied = true },
            Answers.Partly => new(VerdictKind.NotApplied, 400, $"bad {request.Number}"),
            _ => new(VerdictKind.PartlyRejected, 400, "bad") { Failed = [.. bad.Select(i => new FailedRecord(i, $"bad {request.Number} {i}"))], Rest = answers == Answers.ByPosition ? RestOfUpdates.Accepted : RestOfUpdates.Unknown },
        };
    }
}
