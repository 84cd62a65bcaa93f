namespace ProfilesModule.Shell;

/// <summary>The exit codes the shell itself chooses; they are those of pwsh, except for <see cref="Interrupted"/>.</summary>
internal static class ExitCode
{
    /// <summary>The script ended, or the last statement of the command succeeded.</summary>
    public const int Success = 0;

    /// <summary>A terminating error ended the run, or the last statement of the command failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense or names a script that does not exist.</summary>
    public const int Usage = 64;

    /// <summary>The engine or the module could not be loaded.</summary>
    public const int StartFailed = 70;

    /// <summary>Ctrl+C stopped the run: 128 + SIGINT, as shells report it. pwsh ends with 0 after a script, which a job would take for success.</summary>
    public const int Interrupted = 130;
}
