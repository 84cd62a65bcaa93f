using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>The base of every cmdlet that talks to the service: its connection, and its end when the pipeline stops.</summary>
public abstract class UserProfileCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private UserProfileConnection? _ownConnection;
    private UserProfileConnection? _connection;
    private ProfileReader? _reader;

    /// <summary>
    /// The connection to use, from Connect-UserProfileService -PassThru. By default, the command uses the connection of the
    /// session. If the session was never connected, the command connects by the MIXPANEL_ environment variables.
    /// </summary>
    [Parameter]
    [ConnectionTransformation]
    [ValidateNotNull]
    public UserProfileConnection? Connection { get; set; }

    /// <summary>How many times to retry a failed request before the command ends, 0 to 100. Default 5.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>
    /// The number of seconds to wait before the first retry. The wait doubles with each retry, up to one minute, and varies by up
    /// to a quarter at random. With the defaults, all retries together take more than a minute. A wait that the service asks for
    /// (Retry-After) takes precedence. Default 2.
    /// </summary>
    [Parameter]
    [ValidateRange(0, 60)]
    public int RetryIntervalSec { get; set; } = 2;

    private protected TimeSpan RetryInterval => TimeSpan.FromSeconds(RetryIntervalSec);

    /// <summary>Canceled when the pipeline stops.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <summary>The connection of this command; ends the command if there is none.</summary>
    private protected UserProfileConnection Service
    {
        get
        {
            if (ServiceProblem is { } problem)
                this.ThrowTerminatingError(problem);
            return _connection!;
        }
    }

    /// <summary>Why there is no connection; null if there is one.</summary>
    private protected Failure? ServiceProblem => _connection is null ? Connect() : null;

    /// <summary>Reads profiles for this command; ends the command if its connection cannot.</summary>
    private protected ProfileReader Reader
    {
        get
        {
            if (!Service.CanQuery)
                this.ThrowTerminatingError(Failures.QueryNotConfigured(Service));
            return _reader ??= new(this, Service, MaximumRetryCount, RetryInterval, AllowsIncomplete, StopToken);
        }
    }

    /// <summary>Whether to continue reading when profiles are missing or their total changes.</summary>
    private protected virtual bool AllowsIncomplete => false;

    /// <summary>Whether the user gave a parameter.</summary>
    private protected bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Whether the user gave -WhatIf, or set its preference.</summary>
    private protected bool IsWhatIf =>
        this.Switch("WhatIf") ?? GetVariableValue("WhatIfPreference") is SwitchParameter { IsPresent: true } or true;

    /// <summary>Whether the user wants to confirm what a command of medium impact does.</summary>
    private protected bool IsConfirming =>
        this.Switch("Confirm")
        ?? GetVariableValue("ConfirmPreference") is ConfirmImpact and not ConfirmImpact.None and <= ConfirmImpact.Medium;

    /// <summary>
    /// Whether each change is shown or confirmed before it is made: -WhatIf, -Confirm or -Verbose. Otherwise the engine is not
    /// asked, because asking it about a row costs more than sending the row.
    /// </summary>
    private protected bool ReportsEachChange => IsWhatIf || IsConfirming || this.IsVerbose();

    /// <summary>Stops the command; called from another thread.</summary>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Releases the resources of the command. The engine calls it when the pipeline ends for any reason.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the resources of the command.</summary>
    /// <param name="disposing">False when called by a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _stop.Cancel();
        _reader?.Dispose();
        _ownConnection?.Dispose();
        _stop.Dispose();
    }

    private Failure? Connect()
    {
        _connection = Connection ?? ModuleState.Current.Connection;
        if (_connection is not null)
            return null;
        if (ModuleState.Current.IsDisconnected)
            return Failures.Disconnected;
        try
        {
            _connection = _ownConnection = ConnectionSettings.ConnectByEnvironment();
            if (_connection is null)
                return Failures.NotConnected;
        }
        catch (ArgumentException e)
        {
            return Failures.InvalidConnection(e);
        }

        this.WriteDetail($"Connected to {_connection} by the MIXPANEL_ environment variables.");
        return null;
    }
}
