using System.Data.Common;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Database;

/// <summary>A query, and the database that answers it.</summary>
internal sealed record DatabaseQuery
{
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

    /// <summary>Texts that no message may show.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The failure of the database, in its own words, without secrets.</summary>
    public FailureException Failed(Exception exception, bool isConnected) => new(isConnected
        ? Failures.DatabaseQueryFailed(Name, Masked(exception.Message))
        : Failures.DatabaseNotReachable(Masked(exception.Message)));

    private string Masked(string message) => Secrets
        .Where(secret => secret.Length > 0)
        .OrderByDescending(secret => secret.Length)
        .Aggregate(message, (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal));
}
