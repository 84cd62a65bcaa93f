// The least that a program must do to import a CSV file: read, write JSON, post on connections that are kept alive. No
// validation, no retry, no order, no account. Usage: ProfilesModule.Limit <csv> <engage address> <connections> <batch size>
using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Threading.Channels;
using CsvHelper;
using ProfilesModule.Benchmarks.Limit;

var (path, address, connections, batchSize) = (args[0], new Uri(args[1] + "?verbose=1"), int.Parse(args[2]), int.Parse(args[3]));
using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false });
var full = Channel.CreateBounded<ArrayBufferWriter<byte>>(new BoundedChannelOptions(connections) { SingleWriter = true });
var spare = new ConcurrentBag<ArrayBufferWriter<byte>>();
var failed = 0;
var senders = Enumerable.Range(0, connections).Select(_ => Task.Run(SendAsync)).ToArray();

using (var csv = CsvReader.FromFile(path, new CsvReaderOptions { BufferSize = 128 * 1024 }, FileOptions.SequentialScan))
{
    csv.ReadHeader();
    var body = NewBody();
    using var writer = new RecordWriter(csv.Headers.ToArray(), body);
    writer.BeginBody(body);
    var records = 0;
    while (csv.Read())
    {
        writer.Write(csv);
        if (++records < batchSize)
            continue;
        writer.EndBody();
        await full.Writer.WriteAsync(body);
        body = NewBody();
        writer.BeginBody(body);
        records = 0;
    }

    if (records > 0)
    {
        writer.EndBody();
        await full.Writer.WriteAsync(body);
    }
}

full.Writer.Complete();
await Task.WhenAll(senders);
return failed == 0 ? 0 : 1;

ArrayBufferWriter<byte> NewBody() => spare.TryTake(out var used) ? used : new(batchSize * 400);

async Task SendAsync()
{
    await foreach (var body in full.Reader.ReadAllAsync())
    {
        using var content = new ReadOnlyMemoryContent(body.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var reply = await http.PostAsync(address, content);
        var text = await reply.Content.ReadAsStringAsync();
        if (!reply.IsSuccessStatusCode || !text.Contains("\"status\":1", StringComparison.Ordinal))
            Interlocked.Increment(ref failed);
        body.ResetWrittenCount();
        spare.Add(body);
    }
}
