using System.Data.Common;
using System.Net;
using ProfilesModule.Rules;

namespace ProfilesModule.Database;

/// <summary>A connection string, with what in it must never be shown.</summary>
internal sealed class ConnectionString
{
    private static readonly string[] SecretWords = ["password", "pwd", "passfile", "token", "secret"];

    private readonly DbProviderFactory _factory;

    /// <summary>Takes a connection string.</summary>
    /// <param name="driver">The driver that it is for.</param>
    /// <param name="text">The connection string.</param>
    /// <param name="credential">The user and the password; null for those of the connection string.</param>
    /// <exception cref="FailureException">It is not valid, or the driver cannot be loaded.</exception>
    public ConnectionString(DatabaseDriver driver, string text, NetworkCredential? credential)
    {
        _factory = driver.Load();
        var builder = _factory.CreateConnectionStringBuilder() ?? new DbConnectionStringBuilder();
        try
        {
            builder.ConnectionString = text;
            if (credential is not null)
                (builder[driver.User], builder[driver.Password]) = (credential.UserName, credential.Password);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            // The message of a driver may quote the text around a mistake, and with it the password.
            throw new FailureException(Failures.InvalidConnectionString(driver.Provider.ToString(), Problem(e)));
        }

        Value = builder.ConnectionString;
        Secrets = [Value, text, .. SecretsOf(Value), .. credential is null ? [] : (string[])[credential.Password]];
    }

    public string Value { get; }

    public IReadOnlyList<string> Secrets { get; }

    public DbConnection Connect()
    {
        var connection = _factory.CreateConnection()!;
        connection.ConnectionString = Value;
        return connection;
    }

    private static string Problem(Exception e) =>
        e is ArgumentException { ParamName: { Length: > 0 } keyword } && !keyword.Contains('=', StringComparison.Ordinal)
            ? $"the keyword '{keyword}' cannot be used"
            : "it has a keyword that the driver does not know, or is not a list of keyword=value with semicolons";

    private static IEnumerable<string> SecretsOf(string text)
    {
        var pairs = new DbConnectionStringBuilder { ConnectionString = text };
        return pairs.Keys.Cast<string>()
            .Where(key => SecretWords.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .Select(key => pairs[key].ToString()!);
    }
}
