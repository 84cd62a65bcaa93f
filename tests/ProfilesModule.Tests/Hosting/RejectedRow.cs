using System.Text;

namespace ProfilesModule.Tests.Hosting;

/// <summary>A row of a reject file with commas, read by other means than the module's.</summary>
/// <param name="Fields">Its fields without the three that say what was wrong.</param>
/// <param name="Line">The line that it had in its input.</param>
/// <param name="Error">What was wrong.</param>
/// <param name="ErrorId">The ErrorId of that.</param>
internal sealed record RejectedRow(string[] Fields, long Line, string Error, string ErrorId)
{
    /// <summary>Reads a whole reject file, and fails when a row of it is torn.</summary>
    public static IReadOnlyList<RejectedRow> ReadFile(string path, string header)
    {
        var text = File.ReadAllText(path);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var records = Records(text);
        Assert.Equal($"{header},_line,_error,_errorId", string.Join(',', records[0]));
        return [.. records.Skip(1).Select(Row)];
    }

    private static RejectedRow Row(string[] fields)
    {
        Assert.True(fields.Length > 3, $"A torn row: {string.Join(',', fields)}");
        Assert.Matches("^[A-Za-z]+$", fields[^1]);
        Assert.NotEmpty(fields[^2]);
        return new(fields[..^3], long.Parse(fields[^3], System.Globalization.CultureInfo.InvariantCulture), fields[^2], fields[^1]);
    }

    private static List<string[]> Records(string text)
    {
        var records = new List<string[]>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var (isQuoted, isStart) = (false, true);
        for (var i = 0; i < text.Length; i++)
        {
            if (isQuoted)
            {
                if (text[i] != '"')
                    field.Append(text[i]);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[i++]);
                else
                    isQuoted = false;
                continue;
            }

            switch (text[i])
            {
                case '"' when isStart:
                    (isQuoted, isStart) = (true, false);
                    break;
                case ',' or '\n':
                    fields.Add(field.ToString());
                    field.Clear();
                    isStart = true;
                    if (text[i] == '\n')
                    {
                        records.Add([.. fields]);
                        fields.Clear();
                    }

                    break;
                default:
                    field.Append(text[i]);
                    isStart = false;
                    break;
            }
        }

        Assert.False(isQuoted, "The last row is torn.");
        return records;
    }
}
