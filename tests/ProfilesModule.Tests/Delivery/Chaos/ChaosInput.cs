using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ProfilesModule.Tests.Delivery.Chaos;

/// <summary>What is to become of a row where nothing fails.</summary>
internal enum ChaosKind
{
    Good,

    /// <summary>The service refuses it.</summary>
    Poison,

    /// <summary>The client refuses it.</summary>
    Malformed,
}

/// <summary>A row of a random file. Its number is the value of its column v, so that it is known wherever it turns up. Its id is empty where nobody can tell it.</summary>
internal sealed record ChaosRow(int Number, string Id, ChaosKind Kind, string A, string B, string Raw, long Line)
{
    public override string ToString() => Raw;

    /// <summary>Whether a record of the service carries just the values of the row.</summary>
    public bool IsCarriedBy(JsonElement record, string operation)
    {
        var values = record.GetProperty(Key(operation)).EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        return record.GetProperty("$distinct_id").GetString() == Id
            && values.Keys.Order().SequenceEqual(Cells.Select(c => c.Key).Order())
            && Cells.All(cell => Matches(values[cell.Key], cell.Value, operation));
    }

    /// <summary>The cells that are not empty, by their columns.</summary>
    public IEnumerable<KeyValuePair<string, string>> Cells => ((KeyValuePair<string, string>[])
        [new("v", Number.ToString(CultureInfo.InvariantCulture)), new("a", A), new("b", B)]).Where(cell => cell.Value.Length > 0);

    /// <summary>The number of the row that a record carries.</summary>
    public static int NumberIn(JsonElement record, string operation)
    {
        var value = record.GetProperty(Key(operation)).GetProperty("v");
        return operation switch
        {
            "Add" => value.GetInt32(),
            "Union" => int.Parse(value[0].GetString()!, CultureInfo.InvariantCulture),
            _ => int.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        };
    }

    private static string Key(string operation) => "$" + operation.ToLowerInvariant();

    private static bool Matches(JsonElement value, string cell, string operation) => operation switch
    {
        "Add" => value.GetDecimal() == decimal.Parse(cell, CultureInfo.InvariantCulture),
        "Union" => value.GetArrayLength() == 1 && value[0].GetString() == cell,
        _ => value.GetString() == cell,
    };
}

/// <summary>A random file with the columns id, v, a and b.</summary>
internal sealed class ChaosInput
{
    public const string Header = "id,v,a,b";

    private static readonly string[] Texts = ["", "", "x", "=1+1", "\"q\"", "a,b", "line\nbreak", "one\r\ntwo", "ž😀", " pad ", "0", "OutcomeUnknown", new('l', 300)];
    private static readonly string[] Numbers = ["", "1", "-2.5", "1000000", "0.0001"];

    private ChaosInput(IReadOnlyList<ChaosRow> rows, string text)
    {
        Rows = rows;
        Text = text;
    }

    /// <summary>The rows, in order; row 1 first.</summary>
    public IReadOnlyList<ChaosRow> Rows { get; }

    public string Text { get; }

    public static ChaosInput Make(Random random, string operation)
    {
        var count = random.Next(2) == 0 ? random.Next(1, 3_001) : (int)Math.Exp(random.NextDouble() * Math.Log(3_000));
        int[] ids = [1, 3, 1 + (count / 10), count, 100_000];
        var profiles = ids[random.Next(ids.Length)];
        double[] shares = [0, 0.01, 0.1];
        var bad = shares[random.Next(shares.Length)];
        var lineBreak = random.Next(2) == 0 ? "\n" : "\r\n";
        var text = new StringBuilder(Header).Append(lineBreak);
        var rows = new List<ChaosRow>();
        var line = 2L;
        for (var number = 1; number <= count; number++)
        {
            var kind = random.NextDouble() >= bad ? ChaosKind.Good : random.Next(2) == 0 ? ChaosKind.Poison : ChaosKind.Malformed;
            var row = MakeRow(random, operation, number, kind, kind == ChaosKind.Poison ? $"poison{random.Next(3)}" : Id(random.Next(profiles)), line);
            rows.Add(row);
            text.Append(row.Raw);
            if (number < count || random.Next(2) == 0)
                text.Append(lineBreak);
            line += 1 + row.Raw.Count(c => c == '\n');
        }

        return new(rows, text.ToString());
    }

    private static ChaosRow MakeRow(Random random, string operation, int number, ChaosKind kind, string id, long line)
    {
        string[] values = operation == "Add" ? Numbers : Texts;
        var (a, b) = (values[random.Next(values.Length)], values[random.Next(values.Length)]);
        var (known, raw) = (id, $"{Cell(id)},{number},{Cell(a)},{Cell(b)}");
        if (kind == ChaosKind.Malformed)
        {
            (known, raw) = random.Next(operation == "Add" ? 6 : 5) switch
            {
                0 => (id, $"{Cell(id)},{number},{Cell(a)},{Cell(b)},more"),
                1 => (id, $"{Cell(id)},{number}"),
                2 => ("", $",{number},{Cell(a)},{Cell(b)}"),
                3 => ("", $"m,{number},x\"y,"),
                4 => ("", $"m,{number},x\"y\"z,"),
                _ => (id, $"{Cell(id)},{number},x1,"),
            };
        }

        return new(number, known, kind, a, b, raw, line);
    }

    // Some ids need quotes, in CSV or in JSON.
    private static string Id(int profile) => (profile % 7) switch
    {
        0 => $"u,{profile}",
        1 => $"ü\"{profile}",
        _ => $"u{profile}",
    };

    private static string Cell(string text) => text.AsSpan().ContainsAny("\",\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
