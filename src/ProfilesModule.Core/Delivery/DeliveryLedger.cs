using System.Text;
using System.Text.Json;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;

namespace ProfilesModule.Delivery;

/// <summary>
/// Counts the outcomes of the rows of a run, those of its earlier runs included, and ends the run when going on is hopeless.
/// Thread-safe.
/// </summary>
internal sealed class DeliveryLedger(DeliveryAccount earlier, DeliveryOptions options, RunEnd end)
{
    // So many updates refused alike, with none accepted, show that the cause is not the rows.
    private const int RejectionsAlike = 16;

    private readonly object _lock = new();
    private readonly DeliveryAccount _account = earlier with { };
    private Refusal? _firstRefusal;
    private int _rejectedAlike;
    private int _refused;
    private int _unparsed;
    private int _lostInARow;
    private int _failedInARow;

    /// <summary>The account as it is now.</summary>
    public DeliveryAccount Account => _account with { };

    public long RowRead() => Interlocked.Increment(ref _account.Read);

    /// <summary>Counts rows that other tasks take.</summary>
    public void LeftToOthers(long rows) => Interlocked.Add(ref _account.OtherPartitions, rows);

    public void Accepted(int updates)
    {
        Interlocked.Add(ref _account.Accepted, updates);
        Volatile.Write(ref _lostInARow, 0);
        Volatile.Write(ref _failedInARow, 0);
    }

    /// <summary>Counts a row that was refused for what it is, and ends the run when there are too many.</summary>
    public void Refused()
    {
        Interlocked.Increment(ref _account.Rejected);
        if (Interlocked.Increment(ref _refused) == options.MaxFailure)
            End(new(ErrorId.MaxFailureReached, 0, $"{Phrase.Count(options.MaxFailure.Value, "row")} "
                + $"{(options.MaxFailure == 1 ? "was" : "were")} rejected"));
    }

    /// <summary>Counts a row that cannot be parsed among those that were refused.</summary>
    public void Unparsed()
    {
        if (Interlocked.Increment(ref _unparsed) == options.MaxParseErrors)
            End(new(ErrorId.MaxParseErrorsReached, 0, $"{Phrase.Count(options.MaxParseErrors.Value, "row")} could not be parsed"));
        Refused();
    }

    /// <summary>
    /// Counts the updates of a batch that failed in every attempt; returns how many such batches there were since the last accepted
    /// update.
    /// </summary>
    public int BatchFailed(int updates)
    {
        Interlocked.Add(ref _account.Rejected, updates);
        return Interlocked.Increment(ref _failedInARow);
    }

    /// <summary>Counts a row that the service has already.</summary>
    public void Unchanged() => Interlocked.Increment(ref _account.Unchanged);

    public void Skipped(int updates) => Interlocked.Add(ref _account.Skipped, updates);

    public void Unknown(int updates) => Interlocked.Add(ref _account.Unknown, updates);

    public void BrokenOff(int updates) => Interlocked.Add(ref _account.BrokenOff, updates);

    /// <summary>
    /// Notes a batch of which nothing was left to send again; returns how many there were since the last accepted update.
    /// </summary>
    public int BatchLost() => Interlocked.Increment(ref _lostInARow);

    public void RequestSent(int bytes, bool isRetry)
    {
        Interlocked.Increment(ref _account.Requests);
        Interlocked.Add(ref _account.Bytes, bytes);
        if (isRetry)
            Interlocked.Increment(ref _account.Retries);
    }

    /// <summary>
    /// Notes an update that was refused on its own, and ends the run when every one is, alike. Its records are a JSON array.
    /// </summary>
    public void RejectedAlone(int statusCode, string message, ReadOnlySpan<byte> records)
    {
        // Once they differ, or some were accepted, it is the rows.
        if (Volatile.Read(ref _rejectedAlike) < 0 || Interlocked.Read(ref _account.Accepted) != earlier.Accepted)
            return;
        var refusal = Refusal.Of(message, records);
        lock (_lock)
        {
            _firstRefusal ??= refusal;
            _rejectedAlike = _rejectedAlike >= 0 && refusal.IsLike(_firstRefusal) ? _rejectedAlike + 1 : -1;
            if (_rejectedAlike == RejectionsAlike)
                End(new(ErrorId.EveryUpdateRejected, statusCode, message));
        }
    }

    // What is in flight may still be accepted.
    private void End(DeliveryStop stop) => end.End(stop, RunEnd.UntilReplies);
}

/// <summary>The service's text for an update that it refused, as it is and without what the update holds.</summary>
/// <param name="Message">The service's text.</param>
/// <param name="Pattern">The text without the identifier and the values of the update.</param>
internal sealed record Refusal(string Message, string Pattern)
{
    // How many characters of texts that were cut off are compared: what is left of them differs in length.
    private const int Compared = 100;

    /// <summary>Reads the text for an update whose records are a JSON array.</summary>
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
        || (Message.EndsWith('…') && other.Message.EndsWith('…') && string.CompareOrdinal(Pattern, 0, other.Pattern, 0, Compared) == 0);

    private static HashSet<string> ValuesIn(ReadOnlySpan<byte> records)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(records, new JsonReaderOptions { MaxDepth = 128 });
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.String && json.GetString() is { Length: > 0 } text)
                values.Add(text);
            else if (json.TokenType == JsonTokenType.Number)
                values.Add(Encoding.UTF8.GetString(json.ValueSpan));
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
