using ProfilesModule.Benchmarks.EndToEnd;
using ProfilesModule.Benchmarks.EndToEnd.Cases;

if (args is [QueryCase.ReadCommand, var connectionString])
{
    QueryCase.ReadAll(connectionString);
    return 0;
}

var options = CommandLine.Parse(args);
var cases = Case.All.Where(c => options.Cases.Count == 0 || options.Cases.Contains(c.Name)).ToArray();
if (options.Error is not null || cases.Length == 0 || options.Cases.Except(Case.All.Select(c => c.Name)).Any())
{
    Console.Error.WriteLine(options.Error ?? "There is no such case.");
    Console.Error.WriteLine(CommandLine.Usage);
    foreach (var known in Case.All)
        Console.Error.WriteLine($"  {known.Name,-16}{known.Summary}");
    return 64;
}

await using var rig = await Rig.StartAsync(options);
Console.WriteLine(ResultTable.Header);
var missed = 0;
foreach (var measured in cases)
{
    foreach (var result in await measured.RunAsync(rig))
    {
        Console.WriteLine(ResultTable.Row(measured.Name, result));
        if (result.IsMet == false)
            missed++;
    }
}

return missed == 0 ? 0 : 1;
