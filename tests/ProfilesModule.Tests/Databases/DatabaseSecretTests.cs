using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>Looks for a password in everything that good and failing imports of every provider write.</summary>
public sealed class DatabaseSecretTests(PostgreSqlServer postgres, MariaDbServer mariaDb) : ConnectedTests, IClassFixture<PostgreSqlServer>, IClassFixture<MariaDbServer>
{
    private const string Wrong = "wr0ng-s3cret-battery";

    public static TheoryData<string> Providers => ["PostgreSql", "MySql", "SqlServer", "Sqlite", "Odbc"];

    [SkippableTheory]
    [MemberData(nameof(Providers))]
    public void No_stream_file_or_exception_has_the_password(string provider)
    {
        Skip.If((postgres.Missing ?? mariaDb.Missing) is not null, postgres.Missing ?? mariaDb.Missing);
        var texts = new List<string>();
        foreach (var text in ConnectionStrings(provider))
        {
            foreach (var query in new[] { "select 1 as distinct_id, 1 as id, 2 as n", "selekt", "select 1 as distinct_id, 1 as id, 'NULL' as n" })
                texts.AddRange(Run(provider, query, text));
        }

        texts.AddRange(Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.NotEmpty(texts);
        Assert.DoesNotContain(texts, text => text.Contains(DatabaseServer.Password, StringComparison.Ordinal) || text.Contains(Wrong, StringComparison.Ordinal));
    }

    private IEnumerable<string> Run(string provider, string query, string text)
    {
        var number = Directory.EnumerateFiles(Folder.Path).Count();
        var result = Session.Run(
            """
            Import-UserProfileQuery $query -Provider $provider -ConnectionString $text -OrderedBy id -JournalPath "$folder/$number.journal" `
                -RejectPath "$folder/$number.ndjson" -LogPath "$folder/$number.log" -Strict -Verbose -Debug
            $Error | Format-List * -Force | Out-String
            Get-Error -ErrorAction Ignore | Out-String
            """,
            new { query, provider, text, folder = Folder.Path, number });
        return result.AllText();
    }

    private string[] ConnectionStrings(string provider) => provider switch
    {
        "PostgreSql" => Variants(postgres.ConnectionString, "Port=1;Host=127.0.0.1;Username=sync;Password=" + DatabaseServer.Password),
        "MySql" => Variants(mariaDb.ConnectionString, "Server=127.0.0.1;Port=1;User ID=sync;Password=" + DatabaseServer.Password),
        "SqlServer" => Variants($"Server=127.0.0.1,1;User ID=sa;Password={DatabaseServer.Password};Connect Timeout=1"),
        "Sqlite" => Variants($"Data Source=:memory:;Password={DatabaseServer.Password}", "Data Source=:memory:"),
        _ => Variants($"Driver={{PostgreSQL Unicode}};Server=127.0.0.1;Port={postgres.Port};Database=postgres;Uid=sync;Pwd={DatabaseServer.Password}"),
    };

    // Good, with a wrong password, with a keyword that no driver knows, and broken in the middle of the password.
    private static string[] Variants(string good, params string[] others) =>
    [
        good,
        .. others,
        good.Replace(DatabaseServer.Password, Wrong, StringComparison.Ordinal),
        good + ";Nonsense=" + DatabaseServer.Password,
        good.Replace("=" + DatabaseServer.Password, " " + DatabaseServer.Password + "=\"", StringComparison.Ordinal),
    ];
}
