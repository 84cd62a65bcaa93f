using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests;

public sealed class QuickstartTests : PwshTest
{
    [Fact]
    public void The_quick_start_of_the_readme_shows_its_three_users_as_a_table()
    {
        var result = Run("-File", Path.Combine(ModuleSession.RepositoryRoot, "examples", "quickstart.ps1"));
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Matches(@"(?m)^DistinctId +UpdatedAt +Name +Email +Other properties", result.Output);
        Assert.Matches(@"(?m)^123 .+ Alice +alice@linear.app ", result.Output);
        Assert.Matches(@"(?m)^456 .+ Bob +bob@notion.so ", result.Output);
        Assert.Matches(@"(?m)^789 .+ Carol +carol@figma.com ", result.Output);
        Assert.Contains("Profiles left: 602", result.Output, StringComparison.Ordinal);
    }
}
