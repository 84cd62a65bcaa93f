using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

/// <summary>A service in memory that answers as a test says and keeps what it applied.</summary>
internal sealed class ScriptedTransport(Func<ScriptedRequest, CancellationToken, Task<Verdict>> answer) : IEngageTransport
{
    private readonly List<ScriptedRequest> _requests = [];

    public static Verdict Accepted { get; } = new(VerdictKind.Accepted, 200, "");

    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    public static ScriptedTransport Answering(Func<ScriptedRequest, Verdict> answer) => new((request, _) => Task.FromResult(answer(request)));

    public async Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(body);
        ScriptedRequest request;
        lock (_requests)
        {
            request = new(_requests.Count + 1, [.. document.RootElement.EnumerateArray().Select(r => r.GetProperty("$distinct_id").GetString()!)], document.RootElement.GetRawText());
            _requests.Add(request);
        }

        Assert.Equal(updates, request.Ids.Count);
        return await answer(request, cancellation);
    }
}

/// <summary>A request as the service saw it.</summary>
internal sealed record ScriptedRequest(int Number, IReadOnlyList<string> Ids, string Body);
