using System.Text.Json;
using CsCheck;

namespace ProfilesModule.Core.Tests.Server;

public sealed class WhereModelTests
{
    private static readonly string[] Names = ["n", "m", "s", "r", "t", "f", "l"];

    private static readonly object?[][] Values =
    [
        [5d, 2d, "ab", "a", true, false, new object?[] { 1d, "a" }],
        [0d, -2.5, "", "2", false, false, Array.Empty<object?>()],
        [1e6, 3d, "2", "true", true, true, new object?[] { 2.5, true, null }],
        [2d, 2d, "false", "b", false, true, "list"],
        [WhereModel.Undefined, 1d, "b", "a", WhereModel.Undefined, true, new object?[] { new object?[] { 1d } }],
        [-1d, "1", 2.5, WhereModel.Undefined, true, false, WhereModel.Undefined],
        [0.1, 1.5, "true", "", false, true, new object?[] { "ab", 2d, false }],
        [null, 0d, null, "ab", true, WhereModel.Undefined, null],
    ];

    [Theory]
    [InlineData(StoreKind.Memory, 250)]
    [InlineData(StoreKind.Sqlite, 50)]
    public async Task Any_expression_chooses_what_its_naive_evaluation_does(StoreKind kind, int count)
    {
        using var running = new RunningServer(kind);
        Dictionary<string, Dictionary<string, object?>> profiles = [];
        for (int i = 0; i < Values.Length; i++)
        {
            var properties = Names.Zip(Values[i]).Where(pair => pair.Second != WhereModel.Undefined).ToDictionary(pair => pair.First, pair => pair.Second);
            await running.Apply($"{i}", $""" "$set":{JsonSerializer.Serialize(properties)} """);
            profiles.Add($"{i}", new Dictionary<string, object?>(properties) { ["$distinct_id"] = $"{i}" });
        }
        int choosing = 0;

        // A failure prints the seed that repeats it.
        WhereModel.Generator.Sample(
            expression =>
            {
                Answer answer = running.Query(("where", expression.ToString())).Result;
                string[]? expected = Choose(expression, profiles);
                Assert.True(answer.Status == (expected is null ? 400 : 200), $"{answer} for {expression}");
                if (expected is not null)
                    Assert.Equal(expected, answer.Ids);
                choosing += expected is { Length: > 0 } && expected.Length < Values.Length ? 1 : 0;
            },
            iter: count,
            threads: 1,
            print: expression => expression.ToString());

        // Otherwise the comparison would compare nothing.
        Assert.InRange(choosing, count / 6, count);
    }

    private static string[]? Choose(WhereModel expression, Dictionary<string, Dictionary<string, object?>> profiles)
    {
        try
        {
            return [.. profiles.Where(profile => expression.Evaluate(profile.Value) is true).Select(profile => profile.Key)];
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
