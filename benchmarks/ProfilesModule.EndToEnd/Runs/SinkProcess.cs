using System.Diagnostics;
using System.Net.Http.Json;

namespace ProfilesModule.Benchmarks.EndToEnd.Runs;

/// <summary>The sink, as a process of its own, so that what it costs is not counted.</summary>
internal sealed class SinkProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private SinkProcess(Process process, Uri address)
    {
        _process = process;
        _http = new() { BaseAddress = address };
    }

    /// <summary>Its address.</summary>
    public Uri Address => _http.BaseAddress!;

    public static async Task<SinkProcess> StartAsync(string assembly)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [assembly]) { RedirectStandardOutput = true })!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The sink did not start.");
        return new(process, new(address));
    }

    public async Task ResetAsync() => (await _http.PostAsync("/reset", null)).EnsureSuccessStatusCode();

    public async Task<SinkCounters> CountersAsync() => (await _http.GetFromJsonAsync<SinkCounters>("/stats"))!;

    public async Task DelayAsync(int milliseconds)
    {
        using var settings = JsonContent.Create(new { delayMs = milliseconds });
        await settings.LoadIntoBufferAsync();
        (await _http.PostAsync("/config", settings)).EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
    }
}
