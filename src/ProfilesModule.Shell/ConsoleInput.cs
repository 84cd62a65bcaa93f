using System.Management.Automation;
using System.Security;

namespace ProfilesModule.Shell;

/// <summary>Reads lines from standard input in such a way that Ctrl+C ends the waiting.</summary>
/// <param name="interrupted">Signalled by Ctrl+C.</param>
internal sealed class ConsoleInput(CancellationToken interrupted)
{
    private bool _isRead;

    /// <summary>
    /// Standard input as it is, for whoever reads data; null when there may be no such data: it is a terminal, or lines were
    /// read of it, and with them what stands behind them.
    /// </summary>
    public Stream? Open() => Console.IsInputRedirected && !_isRead ? Console.OpenStandardInput() : null;

    /// <summary>Reads a line.</summary>
    /// <returns>The line, or null at the end of the input.</returns>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public string? ReadLine() => UnlessInterrupted(Console.In.ReadLine);

    /// <summary>Reads a line that is not echoed, character by character, so that it is never held as a string unless it is redirected.</summary>
    /// <returns>The line, or null at the end of the input.</returns>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public SecureString? ReadSecureLine() => UnlessInterrupted<SecureString?>(Console.IsInputRedirected ? ReadRedirected : ReadKeys);

    private static SecureString? ReadRedirected()
    {
        if (Console.In.ReadLine() is not { } line)
            return null;

        var secure = new SecureString();
        foreach (var character in line)
            secure.AppendChar(character);

        return secure;
    }

    private static SecureString ReadKeys()
    {
        var secure = new SecureString();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && secure.Length > 0)
                secure.RemoveAt(secure.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                secure.AppendChar(key.KeyChar);
        }

        return secure;
    }

    /// <summary>A read cannot be cancelled, but it can be abandoned: after Ctrl+C the process ends.</summary>
    private T UnlessInterrupted<T>(Func<T> read)
    {
        _isRead = true;
        try
        {
            return Task.Run(read).WaitAsync(interrupted).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }
}
