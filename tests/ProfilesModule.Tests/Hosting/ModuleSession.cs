using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace ProfilesModule.Tests.Hosting;

/// <summary>A PowerShell session that has imported the built module, as a user's has.</summary>
internal sealed class ModuleSession : IDisposable
{
    private readonly Runspace _runspace;

    public ModuleSession()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Path.Combine(RepositoryRoot, "ProfilesModule.psd1")]);
        state.ThrowOnRunspaceOpenError = true;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Runs a script; <c>$name</c> in it is the value given here, so that no secret is part of the line.</summary>
    public ScriptResult Run(string script, object? variables = null, IEnumerable? input = null)
    {
        // Inside try, an error that ends a statement ends the script too, and so can be told from one that does not.
        using var shell = Start($"try {{ {script} }} catch {{ throw }}", variables);
        Exception? terminating = null;
        var output = new PSDataCollection<PSObject>();
        try
        {
            shell.Invoke(input, output);
        }
        catch (RuntimeException e)
        {
            terminating = e;
        }

        return new(output, terminating, shell.Streams);
    }

    /// <summary>Prepares a script that the test itself invokes and stops.</summary>
    public PowerShell Start(string script, object? variables = null)
    {
        foreach (var property in variables?.GetType().GetProperties() ?? [])
            _runspace.SessionStateProxy.SetVariable(property.Name, property.GetValue(variables));
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    public void Dispose() => _runspace.Dispose();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ProfilesModule.psd1")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

/// <summary>Everything that a script wrote.</summary>
internal sealed class ScriptResult(IEnumerable<PSObject> output, Exception? terminating, PSDataStreams streams)
{
    public IReadOnlyList<PSObject> Output { get; } = [.. output];

    public Exception? Terminating { get; } = terminating;

    public IReadOnlyList<ErrorRecord> Errors { get; } = [.. streams.Error];

    public IReadOnlyList<string> Warnings { get; } = [.. streams.Warning.Select(w => w.Message)];

    public IReadOnlyList<string> Information { get; } = [.. streams.Information.Select(i => i.ToString())];

    public IReadOnlyList<string> Verbose { get; } = [.. streams.Verbose.Select(v => v.Message)];

    public IReadOnlyList<ProgressRecord> Progress { get; } = [.. streams.Progress];

    /// <summary>The record of the error that ended the script.</summary>
    public ErrorRecord TerminatingError => ((RuntimeException)Terminating!).ErrorRecord;

    /// <summary>All text of all streams, exceptions with their inner ones and stack traces included.</summary>
    public IEnumerable<string> AllText()
    {
        foreach (var item in Output)
        {
            yield return item?.ToString() ?? "";
            foreach (var property in item?.Properties.Where(p => p.IsGettable) ?? [])
                yield return $"{property.Name}={property.Value}";
        }

        foreach (var error in Errors.Concat(Terminating is null ? [] : [TerminatingError]))
        {
            yield return error.ToString();
            yield return error.Exception.ToString();
            yield return $"{error.CategoryInfo} {error.FullyQualifiedErrorId} {error.ErrorDetails} {error.ErrorDetails?.RecommendedAction} {error.TargetObject} {error.ScriptStackTrace} {error.InvocationInfo?.PositionMessage}";
        }

        yield return Terminating?.ToString() ?? "";
        foreach (var message in Warnings.Concat(Verbose).Concat(streams.Debug.Select(d => d.Message)).Concat(streams.Information.Select(i => i.ToString())))
            yield return message;
        foreach (var progress in Progress)
            yield return $"{progress.Activity} {progress.StatusDescription} {progress.CurrentOperation}";
    }

    /// <summary>Fails unless nothing went wrong.</summary>
    public ScriptResult Succeeded()
    {
        Assert.Null(Terminating);
        Assert.Empty(Errors);
        return this;
    }

    /// <summary>The only object that was written, as what it is.</summary>
    public dynamic Single() => Assert.Single(Output);

    /// <summary>The value of a property of the only object that was written.</summary>
    public object? Value(string property) => Assert.Single(Output).Properties[property]?.Value;
}
