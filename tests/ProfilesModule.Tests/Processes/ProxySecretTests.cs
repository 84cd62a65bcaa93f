using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>The password of a proxy in the environment, and what else an address holds, is shown nowhere.</summary>
public sealed class ProxySecretTests : PwshTest
{
    private const string Password = "PASSW0RD-never-shown";
    private const string Token = "TOK3N-never-shown";

    // Everything that fails here does so by one attempt.
    private static readonly string[] Commands =
    [
        "Import-UserProfileCsv users.csv -RejectPath refused.csv -LogPath log -MaximumRetryCount 0",
        "Import-UserProfileCsv users.csv -JournalPath journal -Resume -MaximumRetryCount 0",
        "Import-UserProfileCsv users.csv -Operation Add -PropertyType @{ n = 'Number' } -RejectPath refused2.csv -MaximumRetryCount 0",
        "Set-UserProfile a -Property @{ n = 1 } -MaximumRetryCount 0",
        "Remove-UserProfile a -Force -MaximumRetryCount 0",
        "Get-UserProfile a -MaximumRetryCount 0",
        "Get-UserProfile -Where 'true' -MaximumRetryCount 0",
        "Export-UserProfileCsv out.csv -MaximumRetryCount 0",
        "@{ distinct_id = 'a' } | Join-UserProfile -MaximumRetryCount 0",
        "Test-UserProfileConnection -TimeoutSec 1 -MaximumRetryCount 0 | Format-List * | Out-String",
    ];

    [Fact]
    public async Task Nothing_shows_the_password_of_a_proxy()
    {
        await using var proxy = new RawServer(async connection =>
        {
            await connection.WaitForBytesAsync();
            await connection.WriteAsync(RawServer.Reply("407 Proxy Authentication Required", "", "Proxy-Authenticate: Basic realm=\"x\""));
        });
        Variables["https_proxy"] = Variables["http_proxy"] = $"http://user:{Password}@{proxy.Endpoint.Authority}";
        var text = Text(
            "Connect-UserProfileService -Token $token -Endpoint https://engage.invalid -ProjectId 1 -ServiceAccount $account",
            Commands);
        Assert.Contains("ProxyUnauthorized", text, StringComparison.Ordinal);
        AssertHidden(text);
    }

    [Fact]
    public async Task Nothing_shows_the_user_in_an_address_that_a_service_names()
    {
        await using var service = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
                await connection.WriteAsync(RawServer.Reply("302 Found", "", $"Location: https://user:{Password}@elsewhere.example/{Token}"));
        });
        AssertHidden(Text($"Connect-UserProfileService -Token $token -Endpoint {service.Endpoint} -ProjectId 1 -ServiceAccount $account", Commands));
    }

    [Fact]
    public async Task Nothing_shows_a_secret_when_a_certificate_is_not_trusted()
    {
        using var certificate = TestCertificate.For("localhost");
        await using var service = new RawServer(connection => connection.EncryptAsync(certificate));
        AssertHidden(Text($"Connect-UserProfileService -Token $token -Endpoint https://127.0.0.1:{service.Endpoint.Port} -ProjectId 1 -ServiceAccount $account", Commands));
    }

    [Fact]
    public void Nothing_shows_a_secret_when_there_is_no_such_host()
    {
        Variables["MIXPANEL_TOKEN"] = Token;
        Variables["MIXPANEL_SERVICE_ACCOUNT"] = "robot";
        Variables["MIXPANEL_SECRET"] = Password;
        Variables["MIXPANEL_PROJECT_ID"] = "1";
        Variables["MIXPANEL_ENDPOINT"] = "https://engage.invalid";
        Variables["no_proxy"] = "*";
        AssertHidden(Text("", Commands));
    }

    [Fact]
    public void Nothing_shows_the_user_in_an_address_that_was_given()
    {
        string[] addresses = ["http://{0}@engage.invalid", "https://{0}@engage.invalid", "ftp://{0}@engage.invalid", "http://{0}@:x", "https://{0}@127.0.0.1:1/"];
        var given = addresses.Select(address => string.Format(System.Globalization.CultureInfo.InvariantCulture, address, $"user:{Password}")).ToArray();
        AssertHidden(Text(
            "",
            [
                .. given.Select(address => $"Connect-UserProfileService -Token $token -Endpoint '{address}'"),
                .. given.Select(address => $"Connect-UserProfileService -Token $token -Endpoint '{address}', '{address}'"),
                .. given.Select(address => $"Connect-UserProfileService -Token $token -Region EU -Proxy '{address}'"),
                .. given.Select(address => $"$env:MIXPANEL_TOKEN = $token; $env:MIXPANEL_ENDPOINT = '{address}'; Set-UserProfile a -Property @{{ n = 1 }}"),
                $"Connect-UserProfileService -Token ([pscustomobject]@{{ token = '{Token}' }})",
                $"Connect-UserProfileService -Token @{{ token = '{Token}' }}",
                $"Start-UserProfileServer -Token @('{Token}')",
                $"Connect-UserProfileService -Token ('{Token}' + [char]0xd800)",
            ]));
    }

    [Fact]
    public void The_search_would_find_a_password() => Assert.Contains(Password, Text("", [$"throw [System.Exception]::new('x', [System.Exception]::new('http://user:{Password}@host'))"]), StringComparison.Ordinal);

    /// <summary>Everything that commands write to their streams, to their errors and what is inside of them, and to files.</summary>
    private string Text(string connect, string[] commands)
    {
        Variables["SECRET_TOKEN"] = Token;
        File.WriteAllText(Path.Combine(Folder, "users.csv"), "distinct_id,n\n1,1\n,2\n");
        var result = Run("-NonInteractive", "-File", Script($$"""
            $token = $env:SECRET_TOKEN
            $account = [pscredential]::new('robot', (ConvertTo-SecureString '{{Password}}' -AsPlainText -Force))
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            {{connect}}
            {{string.Join('\n', commands.Select(command => $"try {{ {command} }} catch {{ }}"))}}
            $Error | ForEach-Object { $_ | Format-List * -Force | Out-String -Width 4000; $_.Exception.ToString(); $_.ErrorDetails; "$($_.TargetObject | Format-List * | Out-String -Width 4000)" }
            """));
        File.Delete(Path.Combine(Folder, "script.ps1"));
        Assert.NotEmpty(result.Output);
        return string.Join('\n', [result.Output, result.Errors, .. Directory.GetFiles(Folder).Select(File.ReadAllText)]);
    }

    private static void AssertHidden(string text)
    {
        Assert.DoesNotContain(Password, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"robot:{Password}")), text, StringComparison.Ordinal);
    }
}
