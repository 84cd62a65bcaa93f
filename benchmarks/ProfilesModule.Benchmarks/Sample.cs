using System.Globalization;
using System.Text;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Benchmarks;

/// <summary>Profiles to work on: twelve columns, about 150 bytes a row.</summary>
internal static class Sample
{
    public static readonly string[] Header = ["distinct_id", "name", "email", "department", "plan", "signup_date", "last_login", "age", "ltv", "active", "city", "tags"];

    /// <summary>What the columns become that are no text.</summary>
    public static readonly Dictionary<string, ColumnType> Types = new()
    {
        ["age"] = new(PropertyType.Number),
        ["ltv"] = new(PropertyType.Number),
        ["active"] = new(PropertyType.Boolean),
    };

    /// <summary>The cells of a row.</summary>
    public static string[] Row(int row) =>
    [
        Id(row), $"Jürgen Kowalski {row % 1000}", string.Create(CultureInfo.InvariantCulture, $"u{row:D8}@example-{row % 97}.com"), "Engineering", "enterprise", "2019-03-04T05:06:07Z", "2020-04-05T06:07:08Z",
        (18 + (row % 60)).ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{row % 5000}.25"), row % 3 == 0 ? "false" : "true", "Washington, DC", "beta|vip|newsletter",
    ];

    /// <summary>The identifier of a row.</summary>
    public static string Id(int row) => string.Create(CultureInfo.InvariantCulture, $"user-{row:D8}");

    /// <summary>The properties of a row as the service keeps them.</summary>
    public static byte[] Stored(int row) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"name":"Jürgen Kowalski {{row % 1000}}","email":"u{{row:D8}}@example-{{row % 97}}.com","department":"Engineering","plan":"{{(row % 4 == 0 ? "pro" : "free")}}","signup_date":"2019-03-04T05:06:07Z","last_login":"2020-04-05T06:07:08Z","age":{{18 + (row % 60)}},"ltv":{{row % 5000}}.25,"active":{{(row % 3 == 0 ? "false" : "true")}},"city":"Washington, DC","tags":["beta","vip"],"$last_seen":"2024-01-02T03:04:05"}"""));

    /// <summary>Rows as CSV, with a header.</summary>
    public static string Csv(int rows)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Header).Append('\n');
        for (var row = 0; row < rows; row++)
            text.AppendJoin(',', Row(row).Select(cell => cell.Contains(',', StringComparison.Ordinal) ? $"\"{cell}\"" : cell)).Append('\n');
        return text.ToString();
    }
}
