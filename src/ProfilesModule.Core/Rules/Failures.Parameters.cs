using ProfilesModule.Model;

namespace ProfilesModule.Rules;

internal static partial class Failures
{
    public static readonly Failure NotConnected = new(
        ErrorId.NotConnected,
        "There is no connection to the service.",
        "Run Connect-UserProfileService first, pass -Connection, or set the environment variable MIXPANEL_TOKEN.");

    public static readonly Failure Disconnected = new(
        ErrorId.NotConnected,
        "The session was disconnected, by Disconnect-UserProfileService or when the embedded server that it was connected to stopped. "
            + "The MIXPANEL_ environment variables are not used until it is connected again.",
        "Run Connect-UserProfileService, which takes settings that you omit from the MIXPANEL_ environment variables, or pass "
            + "-Connection.");

    public static readonly Failure NothingToSet = new(
        ErrorId.NothingToSet,
        "No change was specified.",
        "Specify at least one of -Property, -PropertyOnce, -Increment, -Append, -Union, -RemoveValue and -Unset.");

    public static readonly Failure IdentifierIsNull = new(
        ErrorId.IdentifierIsNull,
        "The identifier is $null; the variable may never have been set.",
        "Specify the identifier. Only what comes through the pipeline may be $null.");

    public static readonly Failure LocationIncomplete = new(
        ErrorId.LocationIncomplete,
        "A location needs a latitude and a longitude, but only one of them was specified.",
        "Specify both -Latitude and -Longitude, or neither.");

    public static readonly Failure JournalNeeded =
        new(ErrorId.JournalNeeded, "Only an import with a journal can be resumed.", "Specify the journal with -JournalPath.");

    public static Failure InvalidConnection(Exception exception) => new(
        ErrorId.InvalidConnection,
        exception.Message,
        "Correct the parameters of Connect-UserProfileService or the MIXPANEL_ environment variables.",
        Cause: exception);

    public static Failure QueryNotConfigured(object connection) => new(
        ErrorId.QueryNotConfigured,
        "Reading profiles requires a service account and a project id, but the connection does not have both.",
        "Connect with -ServiceAccount and -ProjectId, or set MIXPANEL_SERVICE_ACCOUNT, MIXPANEL_SECRET and MIXPANEL_PROJECT_ID.",
        connection);

    public static Failure OperationNotForGroups(Operation operation) => new(
        ErrorId.OperationNotForGroups,
        $"Group profiles do not support {operation.Key()}.",
        operation == Operation.Add
            ? "Read the value, and set the sum."
            : "Use -Union, which adds the elements that a list does not have yet.",
        operation)
    {
        Parameter = new("Operation"),
    };

    public static Failure OptionNotForOperation(string option, Operation operation) => new(
        ErrorId.OptionNotForOperation,
        $"{option} has no effect with -Operation {operation}.",
        "Remove it, or use -Operation Set.",
        operation)
    {
        Parameter = OfOption(option),
    };

    public static Failure RandomIdentifierUnfit(string option) => new(
        ErrorId.RandomIdentifierUnfit,
        option == "-JournalPath"
            ? "An import with random identifiers cannot be resumed: a row that is sent again would create another profile."
            : $"-RandomIdentifier cannot be used with {option}.",
        $"Remove {option} or -RandomIdentifier.",
        option)
    {
        Parameter = OfOption(option),
    };

    public static Failure InvalidPropertyType(string name, string? type, object types) => new(
        ErrorId.InvalidPropertyType,
        $"-PropertyType specifies for '{name}' the type '{type}', which does not exist.",
        "Use Text, Number, Boolean, Date, UnixSeconds, UnixMilliseconds, List, Json, ExactNumber, ExactBoolean or ExactDate.",
        types)
    {
        Parameter = new("PropertyType", name),
    };

    public static Failure InvalidPropertyMap(string column, object map) => new(
        ErrorId.InvalidPropertyMap,
        $"-PropertyMap does not specify a name for the column '{column}'.",
        "Specify a name, or exclude the column with -ExcludeProperty.",
        map)
    {
        Parameter = new("PropertyMap", column),
    };

    public static Failure InvalidPattern(string pattern, string parameter) => new(
        ErrorId.InvalidPattern,
        $"-{parameter} has the pattern '{pattern}', whose brackets are not valid.",
        "Close the bracket around one or more characters, or put a backtick before it to match the bracket itself.",
        pattern)
    {
        Parameter = new(parameter, pattern),
    };

    public static Failure InvalidDateFormat(string format) => new(
        ErrorId.InvalidDateFormat,
        $"The date format '{format}' does not have a day, a month and a year; missing parts would be taken from today's date.",
        "Use a format with all three, such as dd.MM.yyyy.",
        format)
    {
        Parameter = new("DateFormat", format),
    };

    public static Failure InvalidDelimiter(char delimiter) => new(
        ErrorId.InvalidDelimiter,
        $"'{delimiter}' cannot separate fields.",
        "Use a single ASCII character other than a quote, a line break or the null character.",
        delimiter)
    {
        Parameter = new("Delimiter"),
    };

    public static Failure ServerNotStarted(Exception exception, object? target) => new(
        ErrorId.ServerNotStarted,
        $"The server could not be started: {exception.Message}",
        "Choose another -Port or -Path, or omit them.",
        target,
        exception);

    public static Failure InvalidServerOption(Exception exception) => new(
        ErrorId.InvalidServerOption,
        $"The options of the server cannot be used: {exception.Message}",
        "Correct -GroupType, -Cohort, -Alias or -Fault, whichever the message names.",
        Cause: exception);

    public static Failure ServerNotFound(Uri endpoint) => new(
        ErrorId.ServerNotFound,
        $"This session does not run a server at {endpoint}.",
        "Get-UserProfileServer lists the servers of the session.",
        endpoint);

    // An option can have its value behind it, as in -EmptyCell Null.
    private static ParameterValue OfOption(string option) => new(option.TrimStart('-').Split(' ')[0]);
}
