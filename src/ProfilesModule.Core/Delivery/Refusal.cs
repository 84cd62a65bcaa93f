using System.Text.Json;

namespace ProfilesModule.Delivery;

/// <summary>What the service said of an update that it refused, with and without what the update itself holds.</summary>
/// <param name="Message">The service's text.</param>
/// <param name="Pattern">The text without the identifier and the values of the update.</param>
internal sealed record Refusal(string Message, string Pattern)
{
    /// <summary>Of texts that were cut off so many characters are compared, since what is left of them differs in length.</summary>
    private const int Compared = 100;

    /// <summary>Reads a refusal.</summary>
    /// <param name="message">The service's text.</param>
    /// <param name="records">The records of the update, as a JSON array.</param>
    public static Refusal Of(string message, ReadOnlySpan<byte> records)
    {
        var pattern = message;
        foreach (var value in ValuesIn(records).OrderByDescending(value => value.Length))
            pattern = WithoutWord(pattern, value);
        return new(message, pattern);
    }

    /// <summary>Whether two refusals differ by no more than what the updates hold.</summary>
    public bool IsLike(Refusal other) =>
        Message == other.Message || Pattern == other.Pattern
        || (Message.EndsWith('…') && other.Message.EndsWith('…') && Pattern.AsSpan(0, Math.Min(Compared, Pattern.Length)).SequenceEqual(other.Pattern.AsSpan(0, Math.Min(Compared, other.Pattern.Length))));

    private static HashSet<string> ValuesIn(ReadOnlySpan<byte> records)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(records, new JsonReaderOptions { MaxDepth = 128 });
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.String && json.GetString() is { Length: > 0 } text)
                values.Add(text);
            else if (json.TokenType == JsonTokenType.Number)
                values.Add(System.Text.Encoding.UTF8.GetString(json.ValueSpan));
        }

        return values;
    }

    /// <summary>Puts a mark in the place of each occurrence that is not a part of a longer word.</summary>
    private static string WithoutWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                text = $"{text.AsSpan(0, at)}\0{text.AsSpan(end)}";
        }

        return text;
    }
}
