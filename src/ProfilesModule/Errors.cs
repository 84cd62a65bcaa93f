using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>Brings failures to the error stream. The only place that builds error records.</summary>
internal static class Errors
{
    public static void WriteError(this Cmdlet command, Failure failure) => command.WriteError(Record(failure));

    [DoesNotReturn]
    public static void ThrowTerminatingError(this Cmdlet command, Failure failure)
    {
        command.ThrowTerminatingError(Record(failure));
        throw new InvalidOperationException();
    }

    /// <summary>The record of a failure: its cause as ErrorId, what it is about as target, and a remedy.</summary>
    public static ErrorRecord Record(Failure failure)
    {
        var category = Category(failure);
        return new(Fit(failure.Cause ?? Exception(category, failure.Message)), failure.Id.ToString(), category, failure.Target)
        {
            ErrorDetails = new(ServiceText.Fit(failure.Message)) { RecommendedAction = ServiceText.Fit(failure.Remedy) },
        };
    }

    private static ErrorCategory Category(Failure failure) => failure.Id switch
    {
        ErrorId.NotConnected or ErrorId.DeliveryFailed or ErrorId.NotTheService or ErrorId.RetriesExhausted or ErrorId.QueryFailed
            or ErrorId.StateNotProven or ErrorId.DatabaseNotReachable => ErrorCategory.ConnectionError,
        ErrorId.QueryNotConfigured or ErrorId.ProxyUnauthorized or ErrorId.ServiceUnauthorized or ErrorId.QueryUnauthorized
            => ErrorCategory.AuthenticationError,
        ErrorId.ServiceForbidden or ErrorId.QueryForbidden or ErrorId.QueryNotInPlan or ErrorId.FileReadOnly
            => ErrorCategory.PermissionDenied,
        ErrorId.CertificateRefused => ErrorCategory.SecurityError,
        ErrorId.ServiceNotFound or ErrorId.QueryNotFound or ErrorId.ProfileNotFound or ErrorId.ProfileNotInState or ErrorId.PathNotFound
            or ErrorId.ServerNotFound => ErrorCategory.ObjectNotFound,
        ErrorId.ServiceRefused or ErrorId.QueryRejected or ErrorId.QueryRefused or ErrorId.RemovalRefused => ErrorCategory.InvalidOperation,
        ErrorId.OutcomeUnknown or ErrorId.QueryIncomplete or ErrorId.RemovalIncomplete => ErrorCategory.InvalidResult,
        ErrorId.TimeoutReached => ErrorCategory.OperationTimeout,
        ErrorId.OutcomeNotWritable or ErrorId.FileNotWritable or ErrorId.BackupFailed or ErrorId.BackupNotFinished
            => ErrorCategory.WriteError,
        ErrorId.FileNotReadable or ErrorId.DatabaseQueryFailed => ErrorCategory.ReadError,
        ErrorId.FileExists or ErrorId.BackupExists or ErrorId.BackupLeftBehind or ErrorId.JournalUnfinished => ErrorCategory.ResourceExists,
        ErrorId.FileChanged or ErrorId.JournalInUse => ErrorCategory.ResourceBusy,
        ErrorId.StandardInputNotAvailable => ErrorCategory.ResourceUnavailable,
        ErrorId.ServerNotStarted or ErrorId.StateNotUsable => ErrorCategory.OpenError,
        ErrorId.ImportFailed => failure.Cause is OutOfMemoryException ? ErrorCategory.ResourceUnavailable : ErrorCategory.NotSpecified,
        ErrorId.UpdateTooLarge or ErrorId.TooManyProperties or ErrorId.NameTooLong or ErrorId.IdentifierTooLong or ErrorId.TextTooLong
            or ErrorId.ListTooLarge or ErrorId.ObjectTooLarge or ErrorId.TooManyKeys or ErrorId.NestedTooDeep
            or ErrorId.QueryRateLimited or ErrorId.MaxFailureReached or ErrorId.MaxParseErrorsReached => ErrorCategory.LimitsExceeded,
        ErrorId.UpdateRejected or ErrorId.EveryUpdateRejected or ErrorId.EventNotReadable
            or ErrorId.LogNotUsable or ErrorId.JournalMismatch or ErrorId.RejectFileMismatch or ErrorId.RejectColumnsDiffer or ErrorId.InvalidHeader
            or ErrorId.RootNotFound or ErrorId.UnnamedQueryColumn or ErrorId.QueryNotOrdered or ErrorId.UnsendableColumnType
            or ErrorId.WrongFileFormat or ErrorId.ColumnsDiffer or ErrorId.DataRowColumns
            or <= ErrorId.NestedTooDeep => ErrorCategory.InvalidData,
        _ => ErrorCategory.InvalidArgument,
    };

    private static Exception Exception(ErrorCategory category, string message) => category switch
    {
        ErrorCategory.InvalidArgument => new ArgumentException(message),
        ErrorCategory.InvalidData or ErrorCategory.LimitsExceeded => new InvalidDataException(message),
        ErrorCategory.ObjectNotFound => new ItemNotFoundException(message),
        ErrorCategory.OperationTimeout => new TimeoutException(message),
        ErrorCategory.ConnectionError or ErrorCategory.InvalidResult or ErrorCategory.ReadError or ErrorCategory.WriteError
            or ErrorCategory.ResourceExists or ErrorCategory.ResourceBusy => new IOException(message),
        _ => new InvalidOperationException(message),
    };

    // Get-Error shows the exceptions inside an error, and scripts log them.
    private static Exception Fit(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            var message = ServiceText.Fit(inner.Message);
            if (message != inner.Message)
                return new InvalidOperationException(ServiceText.Fit(exception.Message), inner == exception ? null : new InvalidOperationException(message));
        }

        return exception;
    }
}
