using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;
using ProfilesModule.Sqlite;

namespace ProfilesModule.Core.Tests.Server;

public enum StoreKind
{
    Memory,
    Sqlite,
}

/// <summary>A server with a clock of its own, a client for it, and a folder that goes away with it.</summary>
internal sealed class RunningServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RunningServer(StoreKind kind = StoreKind.Memory, EngageServerOptions? options = null)
    {
        IProfileStore store = kind == StoreKind.Memory ? new MemoryProfileStore() : new SqliteProfileStore(_folder.File("profiles.db"));
        Server = EngageServer.Start(options ?? new EngageServerOptions(), store, Time);
        Client = new HttpClient { BaseAddress = Server.Endpoint };
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public EngageServer Server { get; }

    public HttpClient Client { get; }

    /// <summary>Posts JSON to /engage.</summary>
    public async Task<Answer> Engage(string json, string query = "verbose=1") =>
        await Answer.Of(await Client.PostAsync($"engage?{query}", Json(json)));

    /// <summary>Posts one record of the default token.</summary>
    public async Task<Answer> Apply(string distinctId, string operation) =>
        await Engage($$"""[{"$token":"t","$distinct_id":{{JsonSerializer.Serialize(distinctId)}},{{operation}}}]""");

    /// <summary>Posts a form to the query.</summary>
    public async Task<Answer> Query(params (string Name, string Value)[] fields) =>
        await Answer.Of(await Client.PostAsync("api/query/engage?project_id=1", Form(fields)));

    /// <summary>The properties of a profile as the query returns them, or null.</summary>
    public async Task<string?> Properties(string distinctId)
    {
        Answer answer = await Query(("distinct_id", distinctId));
        JsonElement results = answer.Json.GetProperty("results");
        return results.GetArrayLength() == 0 ? null : results[0].GetProperty("$properties").GetRawText();
    }

    public static HttpContent Json(string json) => Content(json, "application/json");

    public static HttpContent Content(string body, string mediaType) =>
        new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };

    public static HttpContent Form(params (string Name, string Value)[] fields) =>
        new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        _folder.Dispose();
    }
}

internal sealed record Answer(int Status, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public IEnumerable<string> Ids => Json.GetProperty("results").EnumerateArray().Select(profile => profile.GetProperty("$distinct_id").GetString()!);

    public override string ToString() => $"{Status} {Body}";

    public static async Task<Answer> Of(HttpResponseMessage response)
    {
        using (response)
            return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("profiles-").FullName;

    public string File(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
