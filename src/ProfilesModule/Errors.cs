using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Query;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>Builds every error record of the module: one ErrorId a cause, the user's own record as target, a remedy.</summary>
internal static class Errors
{
    public static ErrorRecord NotConnected(bool isDisconnected) => Record(
        new InvalidOperationException(isDisconnected
            ? "The session was disconnected, by Disconnect-UserProfileService or with the embedded server that it was connected to. The MIXPANEL_ environment variables are not used until it is connected again."
            : "There is no connection to the service."),
        ErrorId.NotConnected,
        ErrorCategory.ConnectionError,
        null,
        isDisconnected ? "Run Connect-UserProfileService, which takes what is not given from the MIXPANEL_ environment variables, or pass -Connection." : "Run Connect-UserProfileService first, pass -Connection, or set the environment variable MIXPANEL_TOKEN.");

    public static ErrorRecord InvalidConnection(ArgumentException exception) => Record(
        exception, ErrorId.InvalidConnection, ErrorCategory.InvalidArgument, null, "Correct the parameters of Connect-UserProfileService or the MIXPANEL_ environment variables.");

    public static ErrorRecord QueryNotConfigured(UserProfileConnection connection) => Record(
        new InvalidOperationException("Reading profiles needs a service account and the id of the project; the connection has not both."),
        ErrorId.QueryNotConfigured,
        ErrorCategory.AuthenticationError,
        connection,
        "Connect with -ServiceAccount and -ProjectId, or set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SECRET and MIXPANEL_PROJECT_ID.");

    public static ErrorRecord NothingToSet() => Record(
        new ArgumentException("No change was given."),
        ErrorId.NothingToSet,
        ErrorCategory.InvalidArgument,
        null,
        "Give at least one of -Property, -PropertyOnce, -Increment, -Append, -Union, -RemoveValue and -Unset.");

    public static ErrorRecord IdentifierIsNull() => Record(
        new ArgumentException("The identifier is $null, as when a variable was never set."),
        ErrorId.IdentifierIsNull,
        ErrorCategory.InvalidArgument,
        null,
        "Give the identifier. What comes through the pipeline may be $null.");

    public static ErrorRecord OperationNotForGroups(Operation operation) => Record(
        new ArgumentException($"Group profiles do not know {operation.Key()}: the service has it for user profiles only."),
        ErrorId.OperationNotForGroups,
        ErrorCategory.InvalidArgument,
        operation,
        operation == Operation.Add ? "Read the value, and set the sum." : "Use -Union, which adds the elements that a list does not have yet.");

    public static ErrorRecord LocationIncomplete() => Record(
        new ArgumentException("A location has a latitude and a longitude; only one of them was given."),
        ErrorId.LocationIncomplete,
        ErrorCategory.InvalidArgument,
        null,
        "Give both -Latitude and -Longitude, or neither.");

    public static ErrorRecord RowRejected(Failure rejection, string position, object? target) => Record(
        new InvalidDataException($"{position}: {rejection.Message}"),
        rejection.Id,
        Category(rejection.Id),
        target,
        rejection.Remedy);

    public static ErrorRecord ProfileOfOtherKind(string message, string id) => Record(
        new ArgumentException($"The profile '{id}' was left alone. {message}"), ErrorId.ProfileOfOtherKind, ErrorCategory.InvalidData, id, Rows.ProfileNoun.Remedy);

    public static ErrorRecord ColumnRefused(Failure rejection, string path) => Record(
        new InvalidDataException($"The file '{path}' cannot be imported: {rejection.Message}"), rejection.Id, Category(rejection.Id), path, rejection.Remedy);

    public static ErrorRecord UpdatesFailed(UpdatesFailed failed, string position, object? target) => failed.Id switch
    {
        ErrorId.UpdateRejected => Record(
            new InvalidDataException($"{position}: {failed.Id.Explanation()}: {failed.Message}"),
            ErrorId.UpdateRejected,
            ErrorCategory.InvalidData,
            target,
            "Correct the row, which is the error's TargetObject, and send it again."),
        ErrorId.UpdateTooLarge => Record(
            new InvalidDataException($"{position}: {failed.Id.Explanation()}: {failed.Message}"),
            ErrorId.UpdateTooLarge,
            ErrorCategory.LimitsExceeded,
            target,
            "Shorten its values, or leave properties out."),
        ErrorId.OutcomeUnknown => Record(
            new IOException($"{position}: {failed.Id.Explanation()}: {failed.Message}"),
            ErrorId.OutcomeUnknown,
            ErrorCategory.InvalidResult,
            target,
            "Look at the profile, and send the row again only if the update is missing."),
        _ => Record(
            new IOException($"{position}: {failed.Id.Explanation()} ({Count(failed.Updates.Count, "update")}): {failed.Message}"),
            ErrorId.DeliveryFailed,
            ErrorCategory.ConnectionError,
            target,
            "See that the service can be reached, then send the rows again; they are the error's TargetObject."),
    };

    public static ErrorRecord MoreRows(string errorId, ErrorCategory category, long rows, string rejectPath) => Record(
        new InvalidDataException($"{Count(rows, "more row has", "more rows have")} the same error, {errorId}. The reject file '{rejectPath}' has each with its line and its error."),
        errorId,
        category,
        rejectPath,
        "Correct the rows in the reject file, and import that with the same command.");

    public static ErrorRecord Stopped(DeliveryStop stop, UserProfileConnection connection, DeliveryAccount account) => stop.Id switch
    {
        ErrorId.ServiceUnauthorized => Refused(stop, account, ErrorId.ServiceUnauthorized, ErrorCategory.AuthenticationError, connection, "Connect with the token and the region of the project."),
        ErrorId.ServiceForbidden => Refused(stop, account, ErrorId.ServiceForbidden, ErrorCategory.PermissionDenied, connection, "Connect with a token that has access to the project."),
        ErrorId.ServiceNotFound => Refused(stop, account, ErrorId.ServiceNotFound, ErrorCategory.ObjectNotFound, connection, "Connect with the address of an engage service: -Region, or -Endpoint without a path of its own."),
        ErrorId.ServiceRefused when stop.StatusCode == 407 => Refused(stop, account, ErrorId.ProxyUnauthorized, ErrorCategory.AuthenticationError, connection, "Connect with -ProxyCredential or -ProxyUseDefaultCredentials, or with -NoProxy."),
        ErrorId.NotTheService => Record(
            new InvalidOperationException($"The updates did not reach the service at {connection}: {stop.Message.TrimEnd('.')}. {Sent(account)}"),
            ErrorId.NotTheService,
            ErrorCategory.ConnectionError,
            connection,
            NotTheServiceRemedy),
        ErrorId.CertificateRefused => Record(
            new InvalidOperationException($"There is no safe connection to {connection}: {stop.Message}. {Sent(account)}"),
            ErrorId.CertificateRefused,
            ErrorCategory.SecurityError,
            connection,
            CertificateRemedy),
        ErrorId.ServiceRefused => Refused(stop, account, ErrorId.ServiceRefused, ErrorCategory.InvalidOperation, connection, "Correct what the service's text names, check that -Region or -Endpoint leads to the service, then send the remaining rows again."),
        ErrorId.RetriesExhausted => Record(
            new IOException($"The service at {connection} could not take the updates in any attempt: {stop.Message.TrimEnd('.')}. {Sent(account)}"),
            ErrorId.RetriesExhausted,
            ErrorCategory.ConnectionError,
            connection,
            "See that the service can be reached, then send the remaining rows again: an import with a journal by -Resume. -MaximumRetryCount and -RetryIntervalSec set how long the command tries."),
        ErrorId.MaxFailureReached => Record(
            new InvalidDataException($"{stop.Message}, as many as -MaxFailure allows. {Sent(account)}"),
            ErrorId.MaxFailureReached,
            ErrorCategory.LimitsExceeded,
            connection,
            "Correct the rejected rows, each of which has an error of its own, and send what is left again: an import with a journal by -Resume."),
        ErrorId.MaxParseErrorsReached => Record(
            new InvalidDataException($"{stop.Message}, as many as -MaxParseErrors allows. {Sent(account)}"),
            ErrorId.MaxParseErrorsReached,
            ErrorCategory.LimitsExceeded,
            connection,
            "Check that the file is what it is taken for, of CSV that -Delimiter, -Encoding, -SkipRows and -Header are those of the file, and look at the rows, each of which has an error of its own. An import with a journal goes on with -Resume."),
        ErrorId.TimeoutReached => Record(
            new TimeoutException($"The command ended before its input: {stop.Message}. {Sent(account)}"),
            ErrorId.TimeoutReached,
            ErrorCategory.OperationTimeout,
            connection,
            "Send what is left again, an import with a journal by -Resume, or give it more time with -TimeoutSec."),
        ErrorId.OutcomeNotWritable => Record(
            new IOException($"What became of the rows could not be written down: {stop.Message.TrimEnd('.')}. {Sent(account)}"),
            ErrorId.OutcomeNotWritable,
            ErrorCategory.WriteError,
            connection,
            "Make room, or name another place. With a journal the import goes on with -Resume."),
        _ => Record(
            new InvalidDataException($"The first updates were all refused alike, so the cause is not the rows: {stop.Message.TrimEnd('.')}. {Sent(account)}"),
            ErrorId.EveryUpdateRejected,
            ErrorCategory.InvalidData,
            connection,
            "Look for what the rows have in common: the token, the identifier column, a property."),
    };

    /// <summary>A query that failed; <paramref name="account"/> says what became of the input of a command that has one.</summary>
    public static ErrorRecord QueryFailed(QueryException exception, UserProfileConnection connection, string? account = null)
    {
        var (id, category, remedy) = exception.StatusCode switch
        {
            _ when exception.IsCertificateRefused => (ErrorId.CertificateRefused, ErrorCategory.SecurityError, CertificateRemedy),
            > 0 and < 500 and not (407 or 408 or 429) when !exception.IsOfService => (ErrorId.NotTheService, ErrorCategory.ConnectionError, NotTheServiceRemedy),
            _ when exception.IsIncomplete => (ErrorId.QueryIncomplete, ErrorCategory.InvalidResult, "Read again. Where profiles are missing or their total changes meanwhile, -AllowIncomplete of Get-UserProfile, Get-GroupProfile and Export-UserProfileCsv goes on with a warning."),
            401 => (ErrorId.QueryUnauthorized, ErrorCategory.AuthenticationError, "Connect with the user name and secret of a service account of the project (not with its token or API secret), and with the region of the project."),
            402 => (ErrorId.QueryNotInPlan, ErrorCategory.PermissionDenied, "Writing and removing profiles works without the query API. To read them, move the project to a plan that includes it (mixpanel.com/pricing), or export them from its Users page."),
            403 => (ErrorId.QueryForbidden, ErrorCategory.PermissionDenied, "Give the service account a role in the project, and check -ProjectId and the region of the connection."),
            404 => (ErrorId.QueryNotFound, ErrorCategory.ObjectNotFound, "Connect with the address of an engage service: -Region, or -Endpoint without a path of its own."),
            407 => (ErrorId.ProxyUnauthorized, ErrorCategory.AuthenticationError, "Connect with -ProxyCredential or -ProxyUseDefaultCredentials, or with -NoProxy."),
            429 => (ErrorId.QueryRateLimited, ErrorCategory.LimitsExceeded, $"Try again {(exception.RetryAfter is { } asked ? $"in {Wait(asked)}" : "later, in an hour at the latest")}. A query reads up to {ProfileQuery.MaximumIds:N0} profiles: name many ids to one command, not one each to many, and see what else queries the project."),
            400 => (ErrorId.QueryRejected, ErrorCategory.InvalidOperation, "Correct what the service's text names, such as the expression of -Where or the id of a cohort."),
            > 0 and < 500 and not 408 => (ErrorId.QueryRefused, ErrorCategory.InvalidOperation, "See that the connection names the right service and project."),
            _ => (ErrorId.QueryFailed, ErrorCategory.ConnectionError, "See that the service can be reached, through a proxy if there is one, then try again. -OperationTimeoutSeconds of Connect-UserProfileService says how long an attempt may take; -Property and -Where ask for less."),
        };
        var message = Text(exception, connection);
        return Record(new IOException(account is null ? message : $"{message} {account}", exception), id, category, connection, remedy);
    }

    public static ErrorRecord ImportFailed(Exception exception, DeliveryAccount account) => Record(
        new InvalidOperationException($"The import ended by an error that nobody expected: {exception.Message.TrimEnd('.')}. {Sent(account)}", exception),
        ErrorId.ImportFailed,
        exception is OutOfMemoryException ? ErrorCategory.ResourceUnavailable : ErrorCategory.NotSpecified,
        null,
        exception is OutOfMemoryException
            ? "Give the process more memory, or import with a smaller -BatchSize and -MaxConcurrency. An import with a journal goes on with -Resume."
            : "Look at the exception inside the error (Get-Error shows it), and report it. An import with a journal goes on with -Resume.");

    public static ErrorRecord EventNotReadable(long number, PSObject input) => Record(
        new ArgumentException($"Object {number}: It is of type {input.BaseObject.GetType().Name}, which has no properties, and so no event."),
        ErrorId.EventNotReadable,
        ErrorCategory.InvalidData,
        input,
        "Pipe objects, dictionaries or data rows, each on its own. Lines of JSON become objects with ConvertFrom-Json.");

    public static ErrorRecord ValueNotComparable(NotSupportedException exception) => Record(
        exception, ErrorId.ValueNotComparable, ErrorCategory.InvalidArgument, null, "Write the comparison as an expression, with -Where.");

    public static ErrorRecord EmptyValueToRemove(string property, string expression) => Record(
        new ArgumentException($"-PropertyEquals has no value for '{property}', as when a variable was never set; every profile without one would be removed."),
        ErrorId.EmptyValueToRemove,
        ErrorCategory.InvalidArgument,
        property,
        $"Give the value. If those profiles are meant, say so with -Where '{expression.Replace("'", "''", StringComparison.Ordinal)}'.");

    public static ErrorRecord ProfileNotFound(string noun, string id) => Record(
        new ItemNotFoundException($"There is no profile with the {noun} '{id}'."),
        ErrorId.ProfileNotFound,
        ErrorCategory.ObjectNotFound,
        id,
        "Check the identifier. A profile that was just written may take up to a minute to be found.");

    public static ErrorRecord PathNotFound(Exception exception, string path) => Record(
        exception, ErrorId.PathNotFound, ErrorCategory.ObjectNotFound, path, "Check the path and its folder. A name that contains brackets needs -LiteralPath where a command has it.");

    public static ErrorRecord NotAFile(string path) => Record(
        new NotSupportedException($"The path '{path}' is no file."), ErrorId.NotAFile, ErrorCategory.InvalidArgument, path, "Give the path of a file.");

    public static ErrorRecord PathAmbiguous(string path, int files) => Record(
        new ArgumentException($"The path '{path}' has wildcards and stands for {(files == 0 ? "no file that exists" : Count(files, "file"))}; it has to stand for one."), ErrorId.PathAmbiguous, ErrorCategory.InvalidArgument, path, "Give the path of one file. If the name itself contains brackets, use -LiteralPath where the command has it, or write a backtick before each bracket.");

    public static ErrorRecord FileExists(string path) => Record(
        new IOException($"The file '{path}' exists already."), ErrorId.FileExists, ErrorCategory.ResourceExists, path, "Give another path, or leave out -NoClobber.");

    public static ErrorRecord FileReadOnly(string path) => Record(
        new UnauthorizedAccessException($"The file '{path}' is read-only."), ErrorId.FileReadOnly, ErrorCategory.PermissionDenied, path, "Give another path, or overwrite the file with -Force.");

    public static ErrorRecord FileNotWritable(Exception exception, string path) => Record(
        exception, ErrorId.FileNotWritable, ErrorCategory.WriteError, path, exception is System.Text.EncoderFallbackException ? "Use -Encoding utf8, which has a form for every text." : "Check that the disk has room and that the folder may be written to.", $"The file '{path}' cannot be written: {exception.Message}");

    public static ErrorRecord BackupFailed(Exception exception, string path) => Record(
        exception, ErrorId.BackupFailed, ErrorCategory.WriteError, path, "Check that the disk has room and that the folder may be written to, then remove the profiles that are left.", $"The backup '{path}' cannot be written, so nothing more is removed: {exception.Message}");

    public static ErrorRecord BackupNotFinished(Exception exception, string path, string lines) => Record(
        exception, ErrorId.BackupNotFinished, ErrorCategory.WriteError, lines, $"Keep '{lines}': it has every profile, a line of JSON each, which Import-UserProfileJson takes back.", $"The backup '{path}' could not be finished: {exception.Message.TrimEnd('.')}. The profiles that were removed are in '{lines}'.");

    public static ErrorRecord BackupExists(string path) => Record(
        new IOException($"The file '{path}' exists already; it may be all that is left of profiles that were removed before, so it is not overwritten."), ErrorId.BackupExists, ErrorCategory.ResourceExists, path, "Give another -BackupPath, or move the file away. -Force answers the question whether to remove, no more.");

    public static ErrorRecord BackupFormatUnknown(string path) => Record(
        new ArgumentException($"A backup is a CSV file or lines of JSON; '{path}' is named like a JSON document, which it would not be."), ErrorId.BackupFormatUnknown, ErrorCategory.InvalidArgument, path, "End the path in .jsonl or .ndjson for lines of JSON, or in .csv.");

    public static ErrorRecord BackupLeftBehind(string lines) => Record(
        new IOException($"A backup to this path was broken off; '{lines}' may be all that is left of the profiles that were removed then."), ErrorId.BackupLeftBehind, ErrorCategory.ResourceExists, lines, "Move the file away, or give another -BackupPath.");

    public static ErrorRecord FileNotReadable(Exception exception, string path) => Record(
        exception, ErrorId.FileNotReadable, ErrorCategory.ReadError, path, "Check that the file is complete, that every quote in it is closed, that it may be read, and that -Delimiter and -Encoding are those of the file.", $"The file '{path}' cannot be read: {exception.Message}");

    public static ErrorRecord JsonNotReadable(Exception exception, string path) => Record(
        exception, ErrorId.FileNotReadable, ErrorCategory.ReadError, path, "Check that the file is complete, that it may be read, and that it is JSON in UTF-8: a list of objects, or an object a line.", $"The file '{path}' cannot be read: {exception.Message.TrimEnd('.')}.");

    public static ErrorRecord FileChanged(string path) => Record(
        new IOException($"The file '{path}' was changed while it was imported, so rows of it may be missing."),
        ErrorId.FileChanged,
        ErrorCategory.ResourceBusy,
        path,
        "Import the file again, once nothing writes to it any more.");

    public static ErrorRecord StandardInputNotAvailable() => Record(
        new InvalidOperationException("There is no standard input to read here: it is a terminal, or PowerShell reads it for itself (commands, $input, a job)."),
        ErrorId.StandardInputNotAvailable,
        ErrorCategory.ResourceUnavailable,
        "-",
        "Run pwsh -File or pwsh -Command with the rows as its standard input, and without $input in the script, or name a file.");

    public static ErrorRecord ReadOnlyOnce(string path, string option) => Record(
        new ArgumentException($"The input '{path}' can be read only once, so it does not go with {option}: {(option == "-JournalPath" ? "an import is resumed from its start" : "it has to be read before it is imported")}."),
        ErrorId.ReadOnlyOnce,
        ErrorCategory.InvalidArgument,
        path,
        $"Write the input to a file and import that, or leave out {option}.");

    public static ErrorRecord JournalNeeded() => Record(
        new ArgumentException("Only an import with a journal can be resumed."), ErrorId.JournalNeeded, ErrorCategory.InvalidArgument, null, "Give the journal with -JournalPath.");

    public static ErrorRecord JournalUnfinished(string path, DeliveryAccount account) => Record(
        new InvalidOperationException($"The journal '{path}' is that of an import that was not finished: {Count(account.Read, "row")} of it had their outcome."),
        ErrorId.JournalUnfinished,
        ErrorCategory.ResourceExists,
        path,
        "Go on with it with -Resume, or remove the journal to import everything again.");

    public static ErrorRecord JournalMismatch(Exception exception, string path) => Record(
        exception, ErrorId.JournalMismatch, ErrorCategory.InvalidData, path, "Repeat the import as it was begun, or give this one a journal of its own.", $"The journal '{path}' does not serve: {exception.Message}.");

    public static ErrorRecord RejectFileMismatch(Exception exception, string path) => Record(
        exception, ErrorId.RejectFileMismatch, ErrorCategory.InvalidData, path, "Put the reject file back, or remove it and the journal to import everything again.", $"The reject file '{path}' is not the one that the journal tells of: {exception.Message}.");

    public static ErrorRecord PathUsedTwice(string path) => Record(
        new ArgumentException($"The file '{path}' is to be two things at once: the journal, the reject file, the log and the files to import are files of their own."),
        ErrorId.PathUsedTwice,
        ErrorCategory.InvalidArgument,
        path,
        "Name another file with -JournalPath, -RejectPath or -LogPath.");

    public static ErrorRecord RejectColumnsDiffer(string path) => Record(
        new InvalidDataException($"The file '{path}' has other columns than the file before it, or other types were inferred of them, so their rejected rows cannot share a reject file."),
        ErrorId.RejectColumnsDiffer,
        ErrorCategory.InvalidData,
        path,
        "Import the file on its own, with its own -RejectPath. If its types differ, name them with -PropertyType.");

    public static ErrorRecord IdentifierColumnNotFound(string path, string? column, IReadOnlyList<string> header)
    {
        var columns = string.Join(", ", header.Take(20).Select(name => $"'{name}'"));
        var message = column is not null
            ? $"The file '{path}' has no column '{column}'. Its columns are {columns}."
            : $"The file '{path}' has no column that is known to hold the distinct id. Its columns are {columns}.";
        var otherDelimiter = header is [var only] ? ";\t|,".FirstOrDefault(only.Contains) : default;
        var remedy = otherDelimiter != default
            ? $"The header is one column only; the file may be written with another delimiter: try -Delimiter {(otherDelimiter == '\t' ? "\"`t\"" : $"'{otherDelimiter}'")}."
            : "Name the column that holds the distinct id with -IdentifierColumn, by its name or its position.";
        return Record(new ArgumentException(message), ErrorId.IdentifierColumnNotFound, ErrorCategory.InvalidArgument, path, remedy);
    }

    public static ErrorRecord IdentifierColumnAmbiguous(string path, IReadOnlyList<string> columns) => Record(
        new ArgumentException($"Several columns of the file '{path}' may hold the distinct id: {string.Join(", ", columns.Select(name => $"'{name}'"))}."),
        ErrorId.IdentifierColumnAmbiguous,
        ErrorCategory.InvalidArgument,
        path,
        "Name the one that does with -IdentifierColumn.");

    public static ErrorRecord RandomIdentifierUnfit(string option) => Record(
        new ArgumentException(option == "-JournalPath"
            ? "Rows with random identifiers cannot be resumed: a row that is sent again would make another profile."
            : $"Random identifiers do not go with {option}."),
        ErrorId.RandomIdentifierUnfit,
        ErrorCategory.InvalidArgument,
        option,
        $"Leave out {option}, or -RandomIdentifier.");

    public static ErrorRecord ColumnsUnfit(ColumnException exception, string path) => Record(
        exception,
        exception.IsMissing ? ErrorId.ColumnNotFound : ErrorId.PropertyAmbiguous,
        ErrorCategory.InvalidArgument,
        path,
        exception.IsMissing ? "Correct the name, or leave it out." : "Leave one of them out with -ExcludeProperty, or name its property with -PropertyMap.",
        $"The file '{path}' cannot be imported: {exception.Message}");

    public static ErrorRecord InvalidPropertyType(ArgumentException exception, object types) => Record(
        exception, ErrorId.InvalidPropertyType, ErrorCategory.InvalidArgument, types, "Use Text, Number, Boolean, Date, List or Json.");

    public static ErrorRecord InvalidPropertyMap(FormatException exception, object map) => Record(
        exception, ErrorId.InvalidPropertyMap, ErrorCategory.InvalidArgument, map, "Name the property, or leave the column out with -ExcludeProperty.");

    public static ErrorRecord OptionNotForOperation(string option, Operation operation) => Record(
        new ArgumentException($"{option} has no meaning with -Operation {operation}."),
        ErrorId.OptionNotForOperation,
        ErrorCategory.InvalidArgument,
        operation,
        "Leave it out, or use -Operation Set.");

    public static ErrorRecord InvalidDelimiter(char delimiter) => Record(
        new ArgumentException($"'{delimiter}' cannot separate fields."),
        ErrorId.InvalidDelimiter,
        ErrorCategory.InvalidArgument,
        delimiter,
        "Use a single ASCII character other than a quote, a line break or the zero character.");

    public static ErrorRecord InvalidHeader(string path, string problem) => Record(
        new InvalidDataException($"The header of the file '{path}' cannot be used: {problem}."),
        ErrorId.InvalidHeader,
        ErrorCategory.InvalidData,
        path,
        "Correct the first row of the file; if it is no header, name the columns with -Header. -DuplicateHeaderAction Rename takes names that occur twice.");

    public static ErrorRecord ServerNotStarted(Exception exception, object? target) => Record(
        exception, ErrorId.ServerNotStarted, ErrorCategory.OpenError, target, "Choose another -Port or -Path, or leave them out.", $"The server could not be started: {exception.Message}");

    public static ErrorRecord InvalidServerOption(Exception exception) => Record(
        exception, ErrorId.InvalidServerOption, ErrorCategory.InvalidArgument, null, "Correct -GroupType, -Cohort, -Alias or -Fault, whichever the message is about.", $"The options of the server cannot be used: {exception.Message}");

    public static ErrorRecord ServerNotFound(Uri endpoint) => Record(
        new ItemNotFoundException($"This session runs no server at {endpoint}."), ErrorId.ServerNotFound, ErrorCategory.ObjectNotFound, endpoint, "Get-UserProfileServer lists those that it runs.");

    internal static string Count(long number, string noun, string? plural = null) =>
        number == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{number:N0} {plural ?? noun + "s"}");

    /// <summary>Names in a message, no more than can be read.</summary>
    internal static string Names(IReadOnlyList<string> names, int most = 20) =>
        string.Join(", ", names.Take(most).Select(name => $"'{name}'")) + (names.Count > most ? $" and {Count(names.Count - most, "more", "more")}" : "");

    /// <summary>What was found in several places, no more of it than can be read.</summary>
    internal static string Several(IReadOnlyList<string> findings, int most = 3) =>
        string.Join("; ", findings.Take(most)) + (findings.Count > most ? $"; and {Count(findings.Count - most, "more", "more")}" : "");

    private static ErrorCategory Category(ErrorId fault) => fault switch
    {
        ErrorId.UpdateTooLarge or ErrorId.TooManyProperties or ErrorId.NameTooLong or ErrorId.IdentifierTooLong or ErrorId.TextTooLong
            or ErrorId.ListTooLarge or ErrorId.ObjectTooLarge or ErrorId.TooManyKeys or ErrorId.NestedTooDeep => ErrorCategory.LimitsExceeded,
        _ => ErrorCategory.InvalidData,
    };

    internal const string NotTheServiceRemedy =
        "Find out what answered: a proxy, a filter or a login page of the network. Let this machine through there, or connect around it with -Proxy or -NoProxy, then try again.";

    internal const string CertificateRemedy =
        "For another name: connect with the host name that the certificate is for. Expired or not valid yet: set the clock of this machine, or have the certificate renewed. Not trusted: something on the way may open the connection; add its root certificate to those that this machine trusts.";

    private static string Sent(DeliveryAccount account) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(account.Unsent > 0 ? "Nothing more was sent: of" : "Of")} {Count(account.Read, "row")} {account.Accepted:N0} were accepted, {account.Rejected:N0} rejected, {account.Unknown:N0} are unknown and {account.Unsent:N0} unsent.");

    private static ErrorRecord Refused(DeliveryStop stop, DeliveryAccount account, ErrorId id, ErrorCategory category, UserProfileConnection connection, string remedy) => Record(
        new InvalidOperationException($"The service at {connection} refused ({stop.StatusCode}): {stop.Message.TrimEnd('.')}. {Sent(account)}"), id, category, connection, remedy);

    /// <summary>How long a wait is, and until when, in the time of this machine.</summary>
    internal static string Wait(TimeSpan wait)
    {
        var end = TimeProvider.System.GetLocalNow() + wait;
        return string.Create(CultureInfo.InvariantCulture, $"{RetryDelay.Describe(wait)} (at {end:HH:mm:ss})");
    }

    private static string Text(QueryException exception, UserProfileConnection connection)
    {
        var said = exception.Message.TrimEnd('.');
        return exception.StatusCode switch
        {
            _ when exception.IsCertificateRefused => $"There is no safe connection to {connection.QueryEndpoint}: {said}.",
            _ when !exception.IsOfService => $"The profiles could not be read from {connection.QueryEndpoint}: {said}.",
            _ when exception.IsIncomplete => $"Not all profiles could be read from {connection.QueryEndpoint}: {said}.",
            0 => $"The profiles could not be read from {connection.QueryEndpoint}: {said}.",
            402 => $"The profiles could not be read: the plan of the project does not include the query API. The service answered 402: {said}.",
            407 => $"The profiles could not be read: the proxy did not let the query through (407).",
            429 => $"The profiles could not be read: a project takes 60 queries an hour and 5 at once, of all its users and tools together. The service answered 429: {said}. {(exception.RetryAfter is { } wait ? $"It asks to wait {Wait(wait)}." : "It did not say how long to wait.")}",
            var status => said.EndsWith($"answered {status}", StringComparison.Ordinal)
                ? $"The profiles could not be read: {said}."
                : $"The profiles could not be read: the service answered {status}: {said}.",
        };
    }

    /// <summary>The id is an <see cref="ErrorId"/>, or the <see cref="ErrorId"/> of a row.</summary>
    private static ErrorRecord Record(Exception exception, Enum id, ErrorCategory category, object? target, string remedy, string? message = null) =>
        Record(exception, id.ToString(), category, target, remedy, message);

    private static ErrorRecord Record(Exception exception, string id, ErrorCategory category, object? target, string remedy, string? message = null) =>
        new(Fit(exception), id, category, target) { ErrorDetails = new(ServiceText.Fit(message ?? exception.Message)) { RecommendedAction = ServiceText.Fit(remedy) } };

    // What is inside of an exception is shown by Get-Error, and written by whoever logs it.
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
