using System.Globalization;
using ProfilesModule.Tests.Hosting;
using Xunit.Abstractions;

namespace ProfilesModule.Tests.Delivery.Chaos;

/// <summary>
/// Random imports against a service that fails at random. They go through the cmdlet, so that everything between the file
/// and the wire is in play, resuming and trying again included. PROFILES_CHAOS_RUNS says how many there are; default 40.
/// The seed of a run that failed, as PROFILES_CHAOS_SEED, makes it the first.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static readonly int Runs = Setting("PROFILES_CHAOS_RUNS") ?? 40;
    private static readonly int FirstSeed = Setting("PROFILES_CHAOS_SEED") ?? Random.Shared.Next(1_000_000_000);

    [Fact]
    public async Task Whatever_fails_no_row_is_lost_doubled_or_overtaken_and_the_account_is_true()
    {
        output.WriteLine($"Seeds {FirstSeed} to {FirstSeed + Runs - 1}.");
        using var session = new ModuleSession();
        var imports = 0;
        for (var seed = FirstSeed; seed < FirstSeed + Runs; seed++)
            imports += await ChaosRun.CheckAsync(session, seed);
        output.WriteLine($"{Runs} runs, {imports} imports.");
    }

    private static int? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
