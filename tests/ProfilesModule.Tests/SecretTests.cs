using System.Management.Automation;
using System.Net;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests;

/// <summary>Looks for the token and the secret in everything that commands write, in good runs and in every kind of failure.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Token = "tok3n-never-shown";
    private const string Secret = "s3cret-never-shown";

    private readonly ModuleSession _session = new();
    private readonly RecordingService _service = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _service.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, int, string> Runs => new()
    {
        { "Import-UserProfileCsv $path", 200, """{"error":null,"status":1}""" },
        { "Import-UserProfileCsv $path", 200, """{"error":"refused","status":0}""" },
        { "Import-UserProfileCsv $path", 400, """{"error":"refused","status":0}""" },
        { "Import-UserProfileCsv $path", 413, "" },
        { "Import-UserProfileCsv $path", 429, "slow down" },
        { "Import-UserProfileCsv $path", 503, "busy" },
        { "Import-UserProfileCsv $path", 302, "elsewhere" },
        { "Import-UserProfileCsv $path", 401, """{"error":"who are you","status":"error"}""" },
        { "Import-UserProfileCsv $path -RejectPath $rejects -LogPath $log", 200, $$"""{"error":"the token {{Token}} is not valid","status":0}""" },
        { "Import-UserProfileCsv $path -JournalPath $journal", 401, $$"""{"error":"{{Token.ToUpperInvariant()}} {{Base64(Token)}}","status":"error"}""" },
        { "Import-UserProfileCsv $path -RejectPath $rejects -LogPath $log", 400, $$"""{"failed_records":[{"index":0,"field":"{{Token}}","message":"{{Token}}"},{"index":1,"message":"x"}],"num_records_imported":0,"error":"{{Token}}","status":"Bad Request"}""" },
        { "Import-UserProfileCsv $path", 403, $"<title>{Token}</title>" },
        { "Import-UserProfileCsv $path", 200, $$"""{"error":"{{Token}}","status":1}""" },
        { "Get-UserProfile", 401, $$"""{"error":"bad credentials Basic {{Base64($"robot:{Secret}")}}"}""" },
        { "Get-UserProfile", 403, $$"""{"error":"user:password robot:{{Secret}} not allowed"}""" },
        { "Get-UserProfile", 200, $$"""{"results":[],"error":"{{Secret}}"}""" },
        { "Get-UserProfile", 200, $"<p>{Secret}</p>" },
        { "Test-UserProfileConnection -TimeoutSec 1 -MaximumRetryCount 0", 400, $$"""{"error":"{{Token}}","status":0}""" },
        { "Import-UserProfileCsv $path -WhatIf", 200, "1" },
        { "Import-UserProfileCsv $path -ErrorAction Stop", 400, "0" },
        { "Import-UserProfileCsv $missing", 200, "1" },
        { "Set-UserProfile -DistinctId x -Property @{ a = 1 } -PassThru", 200, "1" },
        { "Set-UserProfile -DistinctId x -Property @{ a = [double]::NaN }", 200, "1" },
        { "@{ distinct_id = 'x'; a = 1 } | Set-UserProfile", 403, "forbidden" },
        { "Remove-UserProfile x -Force -PassThru", 500, "broken" },
        { "Get-UserProfile", 401, """{"error":"who are you"}""" },
        { "Get-UserProfile", 402, """{"error":"pay"}""" },
        { "Get-UserProfile", 500, "broken" },
        { "Get-UserProfile", 200, "no json" },
        { "Test-UserProfileConnection -TimeoutSec 1 -MaximumRetryCount 0", 401, """{"error":"who are you"}""" },
        { "Test-UserProfileConnection -TimeoutSec 1 -MaximumRetryCount 0", 200, """{"error":null,"status":1}""" },
        { "@{ distinct_id = 'x' } | Join-UserProfile", 429, """{"error":"slow down"}""" },
        { "Get-UserProfileConnection; Get-UserProfileConnection | ForEach-Object { \"$_\"; $_.psobject.Properties | ForEach-Object { \"$($_.Name)=$($_.Value)\" } }", 200, "1" },
        { "Start-UserProfileServer -Token $token; Get-UserProfileServer; Get-UserProfileConnection", 200, "1" },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void No_secret_is_in_any_stream(string script, int status, string body)
    {
        var path = _folder.Write("a.csv", "distinct_id,v\n1,a\n,b\n3,c\n");
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>((status, body));
        var account = new PSCredential("robot", new NetworkCredential("", Secret).SecurePassword);
        var connected = _session.Run(
            "Connect-UserProfileService -Token $token -Endpoint $endpoint -ServiceAccount $account -ProjectId 1 -PassThru -Verbose -Debug",
            new { token = Token, endpoint = _service.Endpoint, account }).Succeeded();
        var retries = script.Contains("-UserProfile", StringComparison.Ordinal) && !script.Contains("Server", StringComparison.Ordinal) && !script.Contains("Connection", StringComparison.Ordinal) ? "-MaximumRetryCount 1 -RetryIntervalSec 0" : "";
        var result = _session.Run($"$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'; {script} {retries}", new { path, missing = _folder.File("missing.csv"), rejects = _folder.File("rejects.csv"), log = _folder.File("log"), journal = _folder.File("journal"), token = Token });

        var files = Directory.GetFiles(Path.GetDirectoryName(path)!).Select(File.ReadAllText);
        var text = connected.AllText().Concat(result.AllText()).Concat(files).ToArray();
        Assert.Contains(text, t => t.Length > 0);
        foreach (var secret in new[] { Token, Secret, Base64(Token), Base64($"robot:{Secret}") })
            Assert.DoesNotContain(text, t => t.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    [Fact]
    public void The_search_would_find_a_secret()
    {
        var result = _session.Run("\"$token\"; $token.NoSuchMethod()", new { token = Token });
        Assert.Contains(result.AllText(), t => t.Contains(Token, StringComparison.Ordinal));
    }
}
