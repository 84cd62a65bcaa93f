using System.Diagnostics;
using System.Xml.Linq;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Help;

/// <summary>The build breaks where help would be empty.</summary>
public sealed class HelpBuilderTests : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private const string Example = "<example><code>Get-UserProfileServer</code><para>Shows it.</para></example>";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Help_is_the_same_each_time_it_is_built()
    {
        var (exitCode, errors) = Build(_ => { });
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(File.ReadAllText(Path.Combine(ModuleSession.RepositoryRoot, "en-US", "ProfilesModule.dll-Help.xml")), File.ReadAllText(_folder.File("help.xml")));
    }

    [Theory]
    [InlineData("<doc/>", "GetUserProfileServerCommand has no <summary>")]
    [InlineData("<doc><summary> </summary></doc>", "GetUserProfileServerCommand has no <summary>")]
    [InlineData("<doc><summary>Shows it.</summary></doc>", "Get-UserProfileServer has no <example>")]
    [InlineData("<doc><summary>Shows it.</summary><example><code>Get-UserProfileServer</code></example></doc>", "does not say in a <para>")]
    [InlineData("<doc><summary>Shows it.</summary><example><para>Shows it.</para></example></doc>", "has no <code>")]
    [InlineData("<doc><summary>Shows <b>it</b>.</summary>" + Example + "</doc>", "Help does not know <b>")]
    public void What_cannot_become_help_is_an_error_of_the_build(string docs, string message)
    {
        var (exitCode, errors) = Build(members => members["T:ProfilesModule.Commands.GetUserProfileServerCommand"].ReplaceNodes(XElement.Parse(docs).Nodes()));
        Assert.Equal(1, exitCode);
        Assert.Contains("error HELP: ", errors, StringComparison.Ordinal);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("help.xml")));
    }

    [Fact]
    public void A_parameter_without_docs_is_an_error_of_the_build()
    {
        var (exitCode, errors) = Build(members => members["P:ProfilesModule.Commands.DeliveryCommand.BatchSize"].RemoveNodes());
        Assert.Equal(1, exitCode);
        Assert.Contains("DeliveryCommand.BatchSize has no <summary>", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void References_read_as_what_a_user_calls_the_thing()
    {
        var docs = XElement.Parse(
            """
            <doc><summary><para>Shows <see cref="P:ProfilesModule.UserProfileServer.Endpoint"/>, as
            <see cref="T:ProfilesModule.Commands.StartUserProfileServerCommand"/> <c>-Port</c> and <see cref="P:ProfilesModule.Commands.DeliveryCommand.BatchSize"/>.</para>
            <para>More.</para></summary><example><code>
                Get-UserProfileServer |
                    Stop-UserProfileServer
            </code><para>Stops it.</para></example></doc>
            """,
            LoadOptions.PreserveWhitespace);
        Assert.Equal((0, ""), Build(members => members["T:ProfilesModule.Commands.GetUserProfileServerCommand"].ReplaceNodes(docs.Nodes())));
        var help = XDocument.Load(_folder.File("help.xml")).Root!.Elements().Single(c => c.Descendants().First(e => e.Name.LocalName == "name").Value == "Get-UserProfileServer");
        Assert.Equal(
            ["Shows Endpoint, as Start-UserProfileServer -Port and -BatchSize.", "More."],
            help.Elements().Single(e => e.Name.LocalName == "description").Elements().Select(e => e.Value));
        Assert.Equal("Get-UserProfileServer |\n    Stop-UserProfileServer", help.Descendants().Single(e => e.Name.LocalName == "code").Value);
    }

    /// <summary>Builds help from changed docs.</summary>
    private (int ExitCode, string Errors) Build(Action<Dictionary<string, XElement>> change)
    {
        var root = ModuleSession.RepositoryRoot;
        var docs = XDocument.Load(Path.Combine(root, "bin", "ProfilesModule.xml"), LoadOptions.PreserveWhitespace);
        change(docs.Descendants("member").ToDictionary(m => m.Attribute("name")!.Value));
        docs.Save(_folder.File("docs.xml"), SaveOptions.DisableFormatting);
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(root, "src", "ProfilesModule.HelpBuilder", "bin", Configuration, "ProfilesModule.HelpBuilder.dll"),
                Path.Combine(root, "bin", "ProfilesModule.dll"),
                _folder.File("docs.xml"),
                _folder.File("help.xml"),
            ])
        {
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
