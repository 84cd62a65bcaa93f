using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;

namespace ProfilesModule.Commands;

/// <summary>The base of every cmdlet that talks to the service: its connection, and its end when the pipeline stops.</summary>
public abstract class UserProfileCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private UserProfileConnection? _ownConnection;
    private UserProfileConnection? _connection;
    private ProfileReader? _reader;

    /// <summary>
    /// The connection to use, from Connect-UserProfileService -PassThru. Without it the session's own connection is used, and
    /// where there never was one, one made from the MIXPANEL_ environment variables.
    /// </summary>
    [Parameter]
    [ConnectionTransformation]
    [ValidateNotNull]
    public UserProfileConnection? Connection { get; set; }

    /// <summary>How often a failed request is tried again before the command ends, 0 to 100. Default 5.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>
    /// The wait in seconds before the first retry, doubled for each one after, up to a minute; up to a quarter is added at
    /// random. With the defaults all retries take more than a minute. A wait that the service asks for (Retry-After) takes precedence. Default 2.
    /// </summary>
    [Parameter]
    [ValidateRange(0, 60)]
    public int RetryIntervalSec { get; set; } = 2;

    private protected TimeSpan RetryInterval => TimeSpan.FromSeconds(RetryIntervalSec);

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <summary>The connection of this command.</summary>
    private protected UserProfileConnection Service
    {
        get
        {
            if (ServiceProblem is { } problem)
                ThrowTerminatingError(problem);
            return _connection!;
        }
    }

    /// <summary>Why there is no connection; null when there is one.</summary>
    private protected ErrorRecord? ServiceProblem => _connection is null ? Resolve() : null;

    /// <summary>Reads profiles for this command; ends it when the connection cannot.</summary>
    private protected ProfileReader Reader
    {
        get
        {
            if (!Service.CanQuery)
                ThrowTerminatingError(Errors.QueryNotConfigured(Service));
            return _reader ??= new(this, Service, MaximumRetryCount, RetryInterval, AllowsIncomplete, StopToken);
        }
    }

    /// <summary>Whether reading goes on where profiles are missing or their total changes.</summary>
    private protected virtual bool AllowsIncomplete => false;

    /// <summary>Stops the command; called from another thread.</summary>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Lets go of what the command holds; called when the pipeline ends, however it ends.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the command holds.</summary>
    /// <param name="disposing">Whether this is not a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _stop.Cancel();
        _reader?.Dispose();
        _ownConnection?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Whether the user asked what would happen.</summary>
    private protected bool IsWhatIf =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var bound)
            ? bound is SwitchParameter { IsPresent: true } or true
            : GetVariableValue("WhatIfPreference") is SwitchParameter { IsPresent: true } or true;

    /// <summary>Whether the user wants to be asked before a command of medium impact acts.</summary>
    private protected bool IsConfirming =>
        MyInvocation.BoundParameters.TryGetValue("Confirm", out var bound)
            ? bound is SwitchParameter { IsPresent: true } or true
            : GetVariableValue("ConfirmPreference") is ConfirmImpact and not ConfirmImpact.None and <= ConfirmImpact.Medium;

    /// <summary>
    /// Whether the user hears of each change before it is made: -WhatIf, -Confirm or -Verbose. If not, asking the engine about a
    /// row costs more than sending it, and its answer is known.
    /// </summary>
    private protected bool IsToldOfChanges => IsWhatIf || IsConfirming || this.IsVerbose();

    private ErrorRecord? Resolve()
    {
        _connection = Connection ?? ModuleState.Current.Connection;
        if (_connection is not null)
            return null;
        if (ModuleState.Current.IsDisconnected)
            return Errors.NotConnected(isDisconnected: true);
        try
        {
            var settings = new ConnectionSettings((string?)null).OrEnvironment();
            if (settings.Token is null)
                return Errors.NotConnected(isDisconnected: false);
            _connection = _ownConnection = settings.Connect();
        }
        catch (ArgumentException e)
        {
            return Errors.InvalidConnection(e);
        }

        this.WriteDetail($"Connected to {_connection} by the MIXPANEL_ environment variables.");
        return null;
    }
}
