using System.Diagnostics;
using System.Globalization;

namespace ProfilesModule.Tests.Shell;

public sealed class ShellInterruptTests : ShellTest
{
    [InterruptFact]
    public async Task Ctrl_C_stops_the_script_and_lets_it_clean_up()
    {
        var script = Script("""
            try {
                'ready'
                while ($true) { }
            }
            finally { [Console]::Error.WriteLine('cleaned up') }
            'went on'
            """);

        using var shell = StartShell(script);
        Assert.Equal("ready", await shell.StandardOutput.ReadLineAsync().WaitAsync(Limit));
        using (var kill = Process.Start("kill", ["-INT", shell.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        var result = Finish(shell);

        Assert.Equal(new ShellResult(130, "", "cleaned up\n"), result);
    }
}
