using System.Text;
using BenchmarkDotNet.Attributes;
using ProfilesModule.Wire;

namespace ProfilesModule.Benchmarks;

/// <summary>What a reply says about its updates (ReplyReader). Each figure is of one reply.</summary>
public class ReplyBenchmarks
{
    private const int Updates = 2000;

    private readonly byte[] _accepted = """{"status":1,"error":null}"""u8.ToArray();
    private readonly byte[] _strict = """{"code":200,"num_records_imported":2000,"status":"OK"}"""u8.ToArray();
    private readonly byte[] _failed = Encoding.UTF8.GetBytes(
        $$"""{"code":400,"num_records_imported":1900,"status":"Bad Request","error":"some data points in the request failed validation","failed_records":[{{string.Join(',', Enumerable.Range(0, 100).Select(i => $$"""{"index":{{i * 20}},"$distinct_id":"user-{{i}}","field":"$distinct_id","message":"'$distinct_id' is invalid"}"""))}}]}""");

    [Benchmark]
    public object Accepted() => ReplyReader.Read(200, _accepted, Updates);

    [Benchmark]
    public object Accepted_strictly() => ReplyReader.Read(200, _strict, Updates);

    [Benchmark]
    public object A_hundred_refused() => ReplyReader.Read(400, _failed, Updates);
}
