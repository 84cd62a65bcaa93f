using BenchmarkDotNet.Attributes;
using ProfilesModule.Server.Storage;
using ProfilesModule.Server.Where;

namespace ProfilesModule.Benchmarks;

/// <summary>Expressions of queries (WhereExpression): read once, and evaluated for a profile.</summary>
public class WhereBenchmarks
{
    private const string Equal = """properties["plan"] == "pro" """;
    private const string Several = """(properties["plan"] == "pro" or "vip" in properties["tags"]) and properties["age"] + 1 > 30 and defined(properties["email"])""";

    private readonly WhereExpression _equal = WhereExpression.Parse("where", Equal);
    private readonly WhereExpression _several = WhereExpression.Parse("where", Several);
    private readonly string _text = Several;
    private readonly StoredProfile _profile = new(1, Sample.Id(1), Sample.Stored(1));

    [Benchmark]
    public object Parse() => WhereExpression.Parse("where", _text);

    [Benchmark]
    public bool One_comparison() => _equal.Matches(_profile);

    [Benchmark]
    public bool Several_conditions() => _several.Matches(_profile);
}
