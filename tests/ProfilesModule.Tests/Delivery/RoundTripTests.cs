using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

public sealed class RoundTripTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Start-UserProfileServer | Out-Null")]
    [InlineData("Start-UserProfileServer $db | Out-Null")]
    public void A_hundred_thousand_rows_come_back_from_the_embedded_service_as_they_were(string start)
    {
        const int Rows = 100_000;
        var path = _folder.File("users.csv");
        using (var file = new StreamWriter(path))
        {
            file.WriteLine("distinct_id,name,city,tags");
            for (var i = 0; i < Rows; i++)
                file.WriteLine($"user-{i:D8},{Name(i)},\"{City(i)}\",{Tags(i)}");
        }

        _session.Run(start, new { db = _folder.File("dev.db") }).Succeeded();
        var imported = _session.Run("Import-UserProfileCsv $path -BatchSize 2000", new { path }).Succeeded();
        Assert.Equal(((long)Rows, (long)Rows), (imported.Value("Read"), imported.Value("Accepted")));

        var profiles = _session.Run("Get-UserProfile").Succeeded().Output;
        Assert.Equal(Rows, profiles.Select(p => (string)p.Properties["DistinctId"].Value).Distinct().Count());
        Assert.All(profiles, profile =>
        {
            var i = int.Parse(((string)profile.Properties["DistinctId"].Value)[5..]);
            Assert.Equal((Name(i), City(i), Tags(i)), (profile.Properties["name"].Value, profile.Properties["city"].Value, profile.Properties["tags"].Value));
            Assert.Equal(5, profile.Properties.Count());
        });
    }

    private static string Name(int i) => $"Émile Müller {i}";

    private static string City(int i) => i % 3 == 0 ? "Washington, DC" : "São Paulo";

    private static string Tags(int i) => $"beta|vip-{i % 7}";
}
