namespace ProfilesModule.Benchmarks.EndToEnd;

/// <summary>Results as a table of Markdown.</summary>
internal static class ResultTable
{
    public const string Header = """
        | case | measured | the module | compared with | ratio | gross ratio | target | met |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        """;

    public static string Row(string name, Result result) =>
        $"| `{name}` | {result.What} | {result.Here} | {result.There} | {result.Ratio} | {result.GrossRatio} | {result.Target} | {Met(result)} |";

    private static string Met(Result result) => result.IsMet switch
    {
        true => "yes",
        false => "**no**",
        null => result.Reason is null ? "" : $"not run: {result.Reason}",
    };
}
