using System.ComponentModel;
using System.Data.Common;
using System.Globalization;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Database;

/// <summary>A query, and the database that answers it.</summary>
internal sealed record DatabaseQuery
{
    /// <summary>The parameter of a query that begins behind a key.</summary>
    public const string After = "after";

    /// <summary>The parameter of a query that takes the rows of a partition, for the number of the partition.</summary>
    public const string PartitionNumber = "partition";

    /// <summary>The parameter for the number of partitions.</summary>
    public const string PartitionCount = "partitionCount";

    /// <summary>What users know it by: the name of its file, or "query".</summary>
    public required string Name { get; init; }

    public required string Text { get; init; }

    /// <summary>Makes a connection that this query opens and closes; null where <see cref="Connection"/> is given.</summary>
    public Func<DbConnection>? Connect { get; init; }

    /// <summary>An open connection of the user, which stays open; null where one is made.</summary>
    public DbConnection? Connection { get; init; }

    /// <summary>
    /// What prepares a session that was made here, so that its times are in UTC and its texts can be read; empty for nothing.
    /// </summary>
    public IReadOnlyList<string> SessionSettings { get; init; } = [];

    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>How many seconds the database may take for the first row; 0 for no limit.</summary>
    public int TimeoutSeconds { get; init; }

    /// <summary>The column with the keys of the rows, by which they are ordered; null where rows have no keys.</summary>
    public string? OrderedBy { get; init; }

    /// <summary>Texts that no message may show.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Whether the query itself begins behind a key.</summary>
    public bool BeginsBehindKey => NameOf(After) is not null;

    /// <summary>Whether the query itself takes the rows of a partition.</summary>
    public bool TakesPartition => NameOf(PartitionNumber) is not null;

    /// <summary>The same query behind a row of an earlier run.</summary>
    /// <param name="key">The key of the row, which becomes a value of the type that the user gave the parameter.</param>
    public DatabaseQuery Behind(string key) => NameOf(After) is not { } name ? this : this with
    {
        Parameters = new Dictionary<string, object?>(Parameters) { [name] = Value(key, Parameters[name]?.GetType() ?? typeof(string)) },
    };

    /// <summary>The same query for the rows of a partition, where it takes them itself.</summary>
    /// <param name="partition">The partition; null for all rows, with which the values of the user stay.</param>
    public DatabaseQuery For(Partition? partition)
    {
        if (partition is null || !TakesPartition)
            return this;
        var parameters = new Dictionary<string, object?>(Parameters) { [NameOf(PartitionNumber)!] = partition.Number };
        if (NameOf(PartitionCount) is { } count)
            parameters[count] = partition.Count;
        return this with { Parameters = parameters };
    }

    // As the user spells it.
    private string? NameOf(string parameter) =>
        Parameters.Keys.FirstOrDefault(name => name.TrimStart('@', ':').Equals(parameter, StringComparison.OrdinalIgnoreCase));

    private static object Value(string key, Type type) =>
        type == typeof(Guid) ? Guid.Parse(key)
        : type == typeof(DateTime) ? DateTime.Parse(key, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
        : type == typeof(DateTimeOffset) ? DateTimeOffset.Parse(key, CultureInfo.InvariantCulture)
        : Convert.ChangeType(key, IsNumber(type) ? NumberTypeOf(key) : typeof(string), CultureInfo.InvariantCulture);

    private static bool IsNumber(Type type) => type.IsPrimitive || type == typeof(decimal);

    // The user may have begun with 0, which is an Int32.
    private static Type NumberTypeOf(string key) =>
        long.TryParse(key, CultureInfo.InvariantCulture, out _) ? typeof(long) : typeof(decimal);

    /// <summary>The failure of the database, in its own words, without secrets.</summary>
    public FailureException Failed(Exception exception, bool isConnected)
    {
        var problem = Masked(exception.Message);
        var failure = isConnected ? Failures.DatabaseQueryFailed(Name, problem) : Failures.DatabaseNotReachable(problem);
        return new(failure with { IsTemporary = MayPass(exception) });
    }

    // SqlClient does not call a server that does not answer transient; what the system said is inside.
    private static bool MayPass(Exception exception) =>
        exception is DbException { IsTransient: true } or Win32Exception or TimeoutException
        || (exception.InnerException is { } inner && MayPass(inner));

    private string Masked(string message) => Secrets
        .Where(secret => secret.Length > 0)
        .OrderByDescending(secret => secret.Length)
        .Aggregate(message, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal));
}
