using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProfilesModule.Benchmarks.EndToEnd;

/// <summary>
/// Writes profiles as they are in life: about 150 bytes a row, twelve columns, ISO 8601 dates, names with accents, a city that
/// needs quotes, a list. The same rows each time. Files are kept, since the largest takes a while.
/// </summary>
internal sealed class ProfileGenerator(string folder)
{
    // Goes into the names of files, so that rows of an earlier version of this class are not taken for those of this one.
    private const string Version = "1";
    private const int Seed = 20240501;

    private static readonly string[] FirstNames = "Anna Boris Chen Dolores Émile Fatima Giorgio Hanna Ivan Jürgen Kaito Leila Marta Nils Olga Pedro Quinn Rosa Søren Tomáš Uma Viktor Wei Ximena Yusuf Zoë".Split();
    private static readonly string[] LastNames = "Smith Müller García Novák Johnson Ivanov O'Brien Nguyen Kowalski Rossi Silva Tanaka Hansen Dubois Andersson Papadopoulos Kumar Ali Weber Cohen".Split();
    private static readonly string[] Departments = ["Sales", "Marketing", "Engineering", "Finance", "Human Resources", "Operations", "Support", "Legal"];
    private static readonly string[] Plans = ["free", "starter", "pro", "enterprise"];
    private static readonly string[] Cities = ["New York", "São Paulo", "Berlin", "Prague", "London", "Washington, DC", "Tokyo", "Bengaluru", "Paris", "Kraków"];
    private static readonly string[] Tags = ["beta", "vip", "churn-risk", "newsletter", "trial", "partner", "edu", "nps-promoter"];
    private static readonly DateTime Start = new(2016, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A file of comma-separated values with ids that ascend.</summary>
    public ProfileFile Sequential(int rows) => File(rows, "sequential", ',', SequentialId);

    /// <summary>The same with ids in no order, of 32 hexadecimal digits each.</summary>
    public ProfileFile Random(int rows) => File(rows, "random", ',', RandomId);

    /// <summary>The rows of <see cref="Sequential"/> separated by tabs, which no value has: nothing is quoted.</summary>
    public ProfileFile Tabs(int rows) => File(rows, "tabs", '\t', SequentialId);

    private static string SequentialId(int row) => string.Create(CultureInfo.InvariantCulture, $"user-{row:D8}");

    private static string RandomId(int row) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(row)).AsSpan(0, 16));

    private ProfileFile File(int rows, string kind, char delimiter, Func<int, string> id)
    {
        var sum = 0UL;
        for (var row = 0; row < rows; row++)
            sum += IdChecksum.Of(Encoding.UTF8.GetBytes(id(row)));
        var path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"profiles-{Version}-{kind}-{rows}.csv"));
        if (!System.IO.File.Exists(path))
        {
            // Under another name until it is whole: a run that is broken off leaves nothing that looks like one.
            using (var writer = new StreamWriter(path + ".part"))
                Write(writer, rows, delimiter, id);
            System.IO.File.Move(path + ".part", path);
        }

        return new(path, rows, sum);
    }

    private static void Write(StreamWriter file, int rows, char delimiter, Func<int, string> id)
    {
        var random = new Random(Seed);
        file.Write(string.Join(delimiter, "distinct_id", "name", "email", "department", "plan", "signup_date", "last_login", "age", "ltv", "active", "city", "tags") + "\n");
        for (var row = 0; row < rows; row++)
        {
            var name = $"{Any(FirstNames)} {Any(LastNames)}";
            var city = Any(Cities);
            var signup = Start.AddSeconds(random.Next(270_000_000));
            var login = signup.AddSeconds(random.Next(30_000_000));
            var tags = string.Join('|', Tags.OrderBy(_ => random.Next()).Take(1 + random.Next(3)));
            file.Write(string.Join(
                delimiter,
                id(row),
                name,
                string.Create(CultureInfo.InvariantCulture, $"u{row:D8}@example-{row % 97}.com"),
                Any(Departments),
                Any(Plans),
                signup.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                login.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                (18 + random.Next(60)).ToString(CultureInfo.InvariantCulture),
                (random.NextDouble() * 5000).ToString("0.00", CultureInfo.InvariantCulture),
                random.NextDouble() < 0.7 ? "true" : "false",
                city.Contains(delimiter, StringComparison.Ordinal) ? $"\"{city}\"" : city,
                tags) + "\n");
        }

        string Any(string[] values) => values[random.Next(values.Length)];
    }
}
