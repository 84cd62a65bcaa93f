using ProfilesModule.Model;

namespace ProfilesModule.Rules;

internal static partial class Failures
{
    public static Failure DatabaseNotReachable(string problem) => new(
        ErrorId.DatabaseNotReachable,
        $"The database cannot be reached: {problem}",
        "Check the connection string, the credential and the server.");

    public static Failure DatabaseQueryFailed(string name, string problem) => new(
        ErrorId.DatabaseQueryFailed,
        $"The database ended the query '{name}': {problem}",
        "Run the query with the tool of the database, correct it, and start the import again.",
        name);

    public static Failure InvalidConnectionString(string provider, string problem) => new(
        ErrorId.InvalidConnectionString,
        $"The connection string for {provider} is not valid: {problem}",
        "Correct it, or pass an open connection with -DbConnection.");

    public static Failure UnnamedQueryColumn(string name, int column) => new(
        ErrorId.UnnamedQueryColumn,
        $"Column {column} of the query '{name}' has no name, so it cannot become a property.",
        "Name it in the query, with AS.",
        name);

    public static Failure UnsendableColumnType(string column, string type) => new(
        ErrorId.UnsendableColumnType,
        $"The column '{column}' is of type {type}, which a profile cannot hold.",
        $"Convert it to text or to a number in the query, or use -ExcludeProperty '{column}'.",
        column);

    public static readonly Failure OrderNeeded = new(
        ErrorId.DatabaseParameters,
        "An import of a query with a journal continues behind a row, so the query must have an order.",
        "Order the query by a column with unique values, such as its key, and name the column with -OrderedBy.");

    public static Failure JournalNotForOperation(Operation operation) => new(
        ErrorId.DatabaseParameters,
        $"After a kill it is not known which rows of a query were sent, and with -Operation {operation} they would count twice.",
        "Omit -JournalPath, or use -Operation Set.");

    public static Failure OrderColumnNotFound(string name, string column) => new(
        ErrorId.QueryNotOrdered,
        $"The query '{name}' has no column '{column}'.",
        "Name a column of the query with -OrderedBy.",
        name);

    public static Failure QueryNotOrdered(string name, string column, long row, string problem) => new(
        ErrorId.QueryNotOrdered,
        $"The query '{name}' cannot be continued behind one of its rows: in row {row}, the column '{column}' {problem}.",
        "Order the query by a column with unique numbers. "
            + $"For other values, begin behind @after (where {column} > @after order by {column}), "
            + "and specify its first value with -Parameter @{ after = … }.",
        name);

    public static Failure DatabaseParameters(string message, string remedy) => new(ErrorId.DatabaseParameters, message, remedy);
}
