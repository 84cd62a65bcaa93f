using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace ProfilesModule.Shell;

/// <summary>Runs a script or a command on the PowerShell engine and knows its exit code.</summary>
internal sealed class ScriptRunner : IDisposable
{
    private readonly CancellationTokenSource _interrupted;
    private readonly ShellHost _host;
    private readonly Runspace _runspace;

    private ScriptRunner(CancellationTokenSource interrupted, ShellHost host, Runspace runspace)
    {
        _interrupted = interrupted;
        _host = host;
        _runspace = runspace;
    }

    /// <summary>Starts the engine and imports the module.</summary>
    /// <param name="manifest">The manifest of the module to import.</param>
    /// <param name="request">What was asked for; its prompting and its execution policy are used here.</param>
    /// <exception cref="RuntimeException">The module cannot be imported.</exception>
    public static ScriptRunner Open(string manifest, CommandLine request)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule([manifest]);
        if (request.ExecutionPolicy is { } policy && OperatingSystem.IsWindows())
            state.ExecutionPolicy = policy;

        var interrupted = new CancellationTokenSource();
        var host = new ShellHost(request.NonInteractive, request.ReadsStandardInput, interrupted.Token);
        var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        return new ScriptRunner(interrupted, host, runspace);
    }

    /// <summary>Runs what was asked for, shows all it writes, and stops it at Ctrl+C.</summary>
    /// <returns>The exit code that pwsh would give it, or <see cref="ExitCode.Interrupted"/>.</returns>
    public int Run(CommandLine request)
    {
        using var pipeline = request.ScriptPath is null ? CommandPipeline(request) : ScriptPipeline(request);
        var error = Invoke(pipeline);
        if (_interrupted.IsCancellationRequested)
            return ExitCode.Interrupted;

        if (error is not null)
        {
            Report(error);
            return ExitCode.Failure;
        }

        if (_host.ExitCode is { } exitCode)
            return exitCode;

        // Errors that a script went on after do not make it a failure; of a command, the last statement decides.
        return request.ScriptPath is not null || LastStatementSucceeded() ? ExitCode.Success : ExitCode.Failure;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _runspace.Dispose();
        _interrupted.Dispose();
    }

    private Pipeline ScriptPipeline(CommandLine request)
    {
        var script = new Command(Path.GetFullPath(request.ScriptPath!), isScript: false, useLocalScope: false);
        foreach (var argument in request.ScriptArguments)
            script.Parameters.Add(argument);

        var pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(script);
        EngineExit.LetExitEndTheHost(_runspace);
        return pipeline;
    }

    private Pipeline CommandPipeline(CommandLine request)
    {
        var command = request.ReadsStandardInput ? Console.In.ReadToEnd() : request.Command!;

        // Only a pipeline that goes into the history leaves its $? behind.
        return _runspace.CreatePipeline(command, addToHistory: true);
    }

    /// <summary>Runs a pipeline into Out-Default, errors among the output so that both appear in the order in which they were written.</summary>
    /// <returns>The terminating error, or null if there was none.</returns>
    private RuntimeException? Invoke(Pipeline pipeline)
    {
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add(new Command("Out-Default", isScript: false, useLocalScope: true)
        {
            MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output,
        });

        Console.CancelKeyPress += Stop;
        try
        {
            pipeline.Invoke();
            return null;
        }
        catch (RuntimeException e)
        {
            return e;
        }
        catch (InvalidPipelineStateException) when (_interrupted.IsCancellationRequested)
        {
            // Ctrl+C came before the first statement.
            return null;
        }
        finally
        {
            Console.CancelKeyPress -= Stop;
            _host.ClearProgress();
        }

        void Stop(object? sender, ConsoleCancelEventArgs e)
        {
            // A second Ctrl+C takes its usual course and kills the process.
            if (_interrupted.IsCancellationRequested)
                return;

            e.Cancel = true;
            _interrupted.Cancel();
            pipeline.StopAsync();
        }
    }

    /// <summary>Shows a terminating error in the engine's own error view.</summary>
    private void Report(RuntimeException error)
    {
        using var pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add("Out-Default");
        pipeline.Input.Write(error.ErrorRecord);

        // The engine's view shows nothing for some errors, such as a command text that ends within a string.
        if (!_host.ShowAsErrors(() => pipeline.Invoke()))
            _host.UI.WriteErrorLine(error.Message);
    }

    private bool LastStatementSucceeded()
    {
        using var pipeline = _runspace.CreatePipeline("$global:?");
        return LanguagePrimitives.IsTrue(pipeline.Invoke().FirstOrDefault());
    }
}
