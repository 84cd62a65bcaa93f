using System.Management.Automation;
using ProfilesModule.Files;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Database;

namespace ProfilesModule.Commands;

/// <summary>The parameters of imports from databases.</summary>
public sealed class QueryParameters : DatabaseParameters
{
    /// <summary>The parameter set of a query that is given as text.</summary>
    internal const string QuerySet = "Query";

    /// <summary>The parameter set of a query in a file.</summary>
    internal const string QueryPathSet = "QueryPath";

    /// <summary>The query, in the language of the database. Its first result is read once, forward, so its size does not matter.</summary>
    [Parameter(ParameterSetName = QuerySet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Query { get; set; } = "";

    /// <summary>The file that holds the query, in UTF-8.</summary>
    [Parameter(ParameterSetName = QueryPathSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string QueryPath { get; set; } = "";

    /// <summary>
    /// The column by which the query is ordered, such as its key; its values must be unique. With -JournalPath and -Resume, the import
    /// continues behind the last row that has an outcome. A query that begins behind @after (where id &gt; @after order by id, with
    /// -Parameter @{ after = 0 } for its first run) gets the value of that row, so that the database itself compares. Of any other query,
    /// the values must be numbers, and the rows before are read again and left out. With a journal, requests are sent one at a time.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OrderedBy { get; set; }

    /// <summary>What messages call the query.</summary>
    internal string Name => NameOf(QueryPath);

    /// <summary>What messages call a query.</summary>
    /// <param name="path">The path of its file; empty for a query that is given as text.</param>
    internal static string NameOf(string path) => path.Length > 0 ? Path.GetFileName(path) : "query";

    /// <summary>The rows of the query as a source of updates.</summary>
    /// <param name="command">The command.</param>
    /// <param name="identifierNames">The usual names of the column with the identifier.</param>
    /// <param name="operation">What the rows do to their profiles.</param>
    /// <param name="stop">Cancels the query.</param>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    internal DatabaseSource Source(
        ImportCommand command, IReadOnlyList<string> identifierNames, Operation operation, CancellationToken stop)
    {
        if (command.JournalPath is not null && OrderedBy is null)
            throw new FailureException(Failures.OrderNeeded);
        if (command.JournalPath is not null && !operation.IsRepeatable())
            throw new FailureException(Failures.JournalNotForOperation(operation));
        var options = JsonOptions(IdentifierProperty, null, identifierNames, operation, skipsEmpty: true);
        var text = QueryPath.Length > 0 ? TextFile.Read(command, QueryPath) : Query;
        return new(DatabaseQuery(Name, text) with { OrderedBy = OrderedBy }, TimeZone, options, stop);
    }
}
