using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ProfilesModule.Delivery.Trail;

/// <summary>What a journal is about. A run may be resumed only where all of this is as it was.</summary>
internal sealed record JournalSubject
{
    /// <summary>Where the updates go.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Tells the project's token apart from another without giving it away.</summary>
    public required string TokenMark { get; init; }

    /// <summary>Everything that shapes an update, by the name of its parameter.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; }

    /// <summary>The reject file; null when there is none.</summary>
    public string? RejectPath { get; init; }

    /// <summary>The files that were begun, in order.</summary>
    public IReadOnlyList<JournalInput> Inputs { get; init; } = [];

    /// <summary>Makes the mark of a token: a salted hash.</summary>
    public static string Mark(string token) => Mark(token, Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));

    /// <summary>What differs between the run that the journal is about and the one that wants to go on; null when nothing does.</summary>
    public string? DifferenceFrom(JournalSubject now, string token)
    {
        if (Endpoint != now.Endpoint)
            return $"the endpoint was {Endpoint} and is now {now.Endpoint}";
        if (!IsMarkOf(TokenMark, token))
            return "the project token is different";
        if (Difference(Parameters, now.Parameters) is { } changed)
            return changed;
        return RejectPath != now.RejectPath ? $"-RejectPath was '{RejectPath}' and is '{now.RejectPath}'" : null;
    }

    /// <summary>Whether a mark is that of a token.</summary>
    public static bool IsMarkOf(string mark, string token) => mark == Mark(token, mark.Split(':')[0]);

    /// <summary>How parameters differ; null when they do not.</summary>
    public static string? Difference(IReadOnlyDictionary<string, JsonNode?> then, IReadOnlyDictionary<string, JsonNode?> now)
    {
        var changed = then.Keys.Union(now.Keys)
            .Select(name => (Name: name, Then: then.GetValueOrDefault(name), Now: now.GetValueOrDefault(name)))
            .Where(parameter => !JsonNode.DeepEquals(parameter.Then, parameter.Now))
            .Select(parameter => $"-{parameter.Name} was {Text(parameter.Then)} and is {Text(parameter.Now)}");
        var text = string.Join(", ", changed);
        return text.Length == 0 ? null : text;
    }

    private static string Text(JsonNode? value) =>
        value is JsonValue single && single.TryGetValue<string>(out var text) ? $"'{text}'" : value?.ToJsonString() ?? "not specified";

    private static string Mark(string token, string salt) => $"{salt}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(salt + token)))}";
}

/// <summary>A file as it was when its import began.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Modified">When it was last written, in UTC.</param>
internal sealed record JournalInput(string Path, long Length, DateTime Modified)
{
    /// <summary>What was inferred from it about its columns; empty for nothing.</summary>
    public string Types { get; init; } = "";

    /// <summary>Looks at a file that was opened: a path may be a link, which is as old as it is itself.</summary>
    public static JournalInput Of(string path, FileStream file) => new(path, file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));

    /// <summary>What differs between the file as it was and as it is; null when nothing does.</summary>
    public string? DifferenceFrom(JournalInput now)
    {
        if (Path != now.Path)
            return $"the file was '{Path}' and is now '{now.Path}'";
        if (Length != now.Length)
            return string.Create(CultureInfo.InvariantCulture, $"the file '{Path}' had {Length:N0} bytes and now has {now.Length:N0}");
        if (Types != now.Types)
            return $"the column types of the file '{Path}' were inferred as {(Types.Length == 0 ? "text" : Types)} and are now "
                + $"{(now.Types.Length == 0 ? "text" : now.Types)}";
        return Modified != now.Modified
            ? string.Create(CultureInfo.InvariantCulture, $"the file '{Path}' was last written {Modified:yyyy-MM-dd HH:mm:ss} UTC, and "
                + $"again {now.Modified:yyyy-MM-dd HH:mm:ss} UTC")
            : null;
    }
}
