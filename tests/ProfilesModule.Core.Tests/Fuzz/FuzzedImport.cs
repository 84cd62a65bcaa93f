using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using ProfilesModule.Core.Tests.Delivery;
using ProfilesModule.Csv;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Fuzz;

/// <summary>One import of a file, on the way that an import cmdlet takes.</summary>
internal sealed class FuzzedImport
{
    private static readonly CsvFormat Format = new();

    private FuzzedImport(IReadOnlyList<string> header) => Header = header;

    public IReadOnlyList<string> Header { get; }

    public DeliveryAccount Account { get; private set; } = new();

    /// <summary>The rows that were left to other tasks.</summary>
    public long OtherPartitions { get; private set; }

    /// <summary>Whether the file could not be read to its end.</summary>
    public bool BrokeOff { get; private set; }

    /// <summary>The lines of the rows that were accepted.</summary>
    public ConcurrentQueue<long> AcceptedLines { get; } = new();

    /// <summary>The records that the service took.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    /// <summary>The records that the service refused.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    /// <summary>Imports a file; null when it cannot be opened, which an import tells as an error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="csv">How it is written.</param>
    /// <param name="rejectPath">Where rows go that are not accepted.</param>
    /// <param name="refuses">Which distinct ids the service refuses.</param>
    /// <param name="endsAfter">After how many requests the service has enough of it; null for never.</param>
    /// <param name="partition">The part of the rows that is imported; null for all.</param>
    public static async Task<FuzzedImport?> RunAsync(string path, HostileCsv csv, string rejectPath, Func<string, bool> refuses, int? endsAfter = null, Partition? partition = null)
    {
        CsvRows reader;
        try
        {
            reader = DialectRows.Open(dialect => Format.Open(path, dialect), csv.Dialect);
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            return null;
        }

        using (reader)
        {
            var import = new FuzzedImport(reader.Header);

            // What an import refuses by its header.
            if (reader.Header.Count == 0 || reader.Header.Any(name => name.Contains('\uFFFD') || name.Contains('\0')))
                return null;
            reader.Partition = partition;
            await import.SendAsync(reader, csv, rejectPath, refuses, endsAfter);
            return import;
        }
    }

    /// <summary>The rows of a file, as far as it can be read.</summary>
    public static List<FuzzedRow> Rows(ICsvReader reader)
    {
        var rows = new List<FuzzedRow>();
        using (reader)
        {
            try
            {
                while (reader.Read())
                {
                    rows.Add(new(
                        reader.LineNumber,
                        Encoding.Latin1.GetString(reader.RawRecord),
                        [.. Enumerable.Range(0, Math.Max(0, reader.FieldCount)).Select(i => Encoding.Latin1.GetString(reader.Field(i)))],
                        reader.QuoteProblem is not null,
                        reader is CsvRows { IsBlank: true }));
                }
            }
            catch (Exception e) when (IsOfTheFile(e))
            {
                // The rows before count.
            }
        }

        return rows;
    }

    private static bool IsOfTheFile(Exception e) => e is IOException or InvalidDataException or DecoderFallbackException;

    private async Task SendAsync(CsvRows reader, HostileCsv csv, string rejectPath, Func<string, bool> refuses, int? endsAfter)
    {
        var trail = new DeliveryTrail { Rejects = RejectFile.Create(rejectPath, new CsvRejectFormat(reader.Header, csv.Delimiter, csv.Encoding)) };
        var transport = ScriptedTransport.Answering(request => Answer(request, refuses, endsAfter));
        var events = new DeliveryEvents { UpdateAccepted = origin => AcceptedLines.Enqueue(origin.Line) };
        await using var sender = new UpdateSender(transport, new() { BatchSize = 3, MaxConcurrency = 2, RetryInterval = TimeSpan.Zero }, events, TimeProvider.System, trail);
        using var writer = new UpdateWriter(sender, "t");

        // A name that occurs twice is refused before it comes to rows.
        reader.Plan = ColumnPlan.Create(reader.Header, 0, new() { Includes = new HashSet<string>(StringComparer.Ordinal).Add });
        var updates = new FileUpdates(new CsvSourceFile(reader, new(rejectPath, null!, new(), reader.Header), new(), null!), Operation.Set, writer, new(new())) { IsStopped = () => sender.IsEnding };
        try
        {
            await updates.WriteAllAsync(default);
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            BrokeOff = true;
        }

        await writer.CompleteAsync();
        try
        {
            if (sender.IsEnding)
                updates.KeepRest(default);
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            BrokeOff = true;
        }

        trail.Finish(sender.Account, sender.Stop, isComplete: !BrokeOff);
        (Account, OtherPartitions) = (sender.Account, updates.OtherPartitions);
        Assert.NotEqual(ErrorId.OutcomeNotWritable, sender.Stop?.Id);
    }

    private Verdict Answer(ScriptedRequest request, Func<string, bool> refuses, int? endsAfter)
    {
        if (request.Number > endsAfter)
            return new(VerdictKind.Fatal, 401, "enough");
        using var body = JsonDocument.Parse(request.Body);
        var failed = new List<FailedRecord>();
        foreach (var (record, index) in body.RootElement.EnumerateArray().Select((record, index) => (record.GetRawText(), index)))
        {
            var isRefused = refuses(request.Ids[index]);
            (isRefused ? Refused : Taken).Enqueue(record);
            if (isRefused)
                failed.Add(new(index, $"no,\r\n \"{request.Ids[index]}\" \n,"));
        }

        return failed.Count == 0 ? ScriptedTransport.Accepted : new(VerdictKind.PartlyRejected, 400, "") { Failed = failed, Rest = RestOfUpdates.Accepted };
    }
}

/// <summary>A row as it was read, a character a byte.</summary>
internal sealed record FuzzedRow(long Line, string Raw, string[] Fields, bool IsMalformed, bool IsBlank);
