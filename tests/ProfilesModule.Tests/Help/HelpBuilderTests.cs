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

    private const string HelpFile = "ProfilesModule.dll-Help.xml";
    private const string ErrorsFile = "about_ProfilesModule_Errors.help.txt";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Help_is_the_same_each_time_it_is_built()
    {
        var (exitCode, errors) = Build(_ => { });
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(File.ReadAllText(Path.Combine(ModuleSession.RepositoryRoot, "en-US", HelpFile)), File.ReadAllText(_folder.File(HelpFile)));
        Assert.Equal(File.ReadAllText(Path.Combine(ModuleSession.RepositoryRoot, "en-US", ErrorsFile)), File.ReadAllText(_folder.File(ErrorsFile)));
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
        Assert.False(File.Exists(_folder.File(HelpFile)));
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
        var help = XDocument.Load(_folder.File(HelpFile)).Root!.Elements().Single(c => c.Descendants().First(e => e.Name.LocalName == "name").Value == "Get-UserProfileServer");
        Assert.Equal(
            ["Shows Endpoint, as Start-UserProfileServer -Port and -BatchSize.", "More."],
            help.Elements().Single(e => e.Name.LocalName == "description").Elements().Select(e => e.Value));
        Assert.Equal("Get-UserProfileServer |\n    Stop-UserProfileServer", help.Descendants().Single(e => e.Name.LocalName == "code").Value);
    }

    [Fact]
    public void A_page_of_markdown_becomes_a_topic()
    {
        const string Page = """
            # Errors

            What `each` error means.

            Words
            and more.

            ```powershell
            a | b

            # c
            ```

            ## The files

            | ErrorId | When | What to do |
            | --- | --- | --- |
            | NotAFile | Never. | Nothing.<br>Or something that takes more than a line of the seventy-nine. |
            """;
        Assert.Equal((0, ""), Build(_ => { }, Page));
        Assert.Equal(
            """
            TOPIC
                about_ProfilesModule_Errors

            SHORT DESCRIPTION
                What each error means.

            LONG DESCRIPTION
                Words and more.

                    a | b

                    # c

            THE FILES
                NotAFile
                    When:       Never.
                    What to do: Nothing.
                                Or something that takes more than a line of the
                                seventy-nine.

            SEE ALSO
                about_ProfilesModule

            """,
            File.ReadAllText(_folder.File(ErrorsFile)));
    }

    [Theory]
    [InlineData("# Errors\n\nWhat.\n\n| a | b |\n| --- | --- |\n| x |", "The row of 'x' has 1 cells and its table 2 columns.")]
    [InlineData("# Errors\n\nWhat.\n\n- a list", "A topic does not know '- a list'.")]
    [InlineData("# Errors\n\nWhat.\n\n```\ncode", "A block of code has no end.")]
    [InlineData("What.", "A topic begins with a title and a paragraph.")]
    public void What_cannot_become_a_topic_is_an_error_of_the_build(string page, string message)
    {
        var (exitCode, errors) = Build(_ => { }, page);
        Assert.Equal(1, exitCode);
        Assert.Contains($"errors.md : error HELP: {message}", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File(ErrorsFile)));
    }

    /// <summary>Builds help from changed docs.</summary>
    private (int ExitCode, string Errors) Build(Action<Dictionary<string, XElement>> change, string? errorsPage = null)
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
                Path.GetDirectoryName(_folder.File(HelpFile))!,
                errorsPage is null ? Path.Combine(root, "docs", "errors.md") : _folder.Write("errors.md", errorsPage),
            ])
        {
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
