using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>A job that ends as help teaches never ends with 0 unless every row was accepted or skipped, whatever goes wrong.</summary>
public sealed class JobExitCodeTests : PwshTest
{
    private const string Serve = "$null = Start-UserProfileServer";
    private const string Import = "Import-UserProfileCsv users.csv";

    /// <summary>What goes before the import, the import, the exit code and the ErrorId; none where the summary is not reached.</summary>
    public static TheoryData<string, string, int, string?> Endings => new()
    {
        { Serve, Import, 0, "" },
        { Serve, Import + " -Unique", 0, "" },
        { Serve, Import + " -WhatIf", 0, "" },
        { Serve, "Import-UserProfileCsv partly.csv", 1, "MissingIdentifier" },
        { Fault("Kind = 'StatusZero'"), Import, 1, "UpdateRejected" },
        { Fault("Kind = 'ResetAfter'; First = 1"), "Import-UserProfileCsv users.csv -Operation Add -Property n -PropertyType @{ n = 'Number' }", 1, "OutcomeUnknown" },
        { Fault("Status = 401"), Import, 2, "ServiceUnauthorized" },
        { Fault("Status = 403"), Import, 2, "ServiceForbidden" },
        { Fault("Status = 404"), Import, 2, "ServiceNotFound" },
        { Fault("Status = 407"), Import, 2, "ProxyUnauthorized" },
        { Fault("Status = 410"), Import, 2, "ServiceRefused" },
        { Fault("Status = 503"), Import + " -MaximumRetryCount 0", 75, "RetriesExhausted" },
        { Fault("Kind = 'HtmlReply'"), Import + " -MaximumRetryCount 0", 2, "NotTheService" },
        { Fault("Kind = 'ResetBefore'"), Import + " -MaximumRetryCount 0", 75, "RetriesExhausted" },
        { Fault("Status = 429; RetryAfter = '1.00:00:00'"), Import, 75, "RetriesExhausted" },
        { Fault("Status = 503; RetryAfter = '00:10:00'"), Import + " -TimeoutSec 1", 75, "TimeoutReached" },
        { "Connect-UserProfileService -Token t -Endpoint http://127.0.0.1:9", Import + " -MaximumRetryCount 0", 75, "RetriesExhausted" },
        { "Connect-UserProfileService -Token t -Endpoint $env:TEST_UNTRUSTED", Import, 2, "CertificateRefused" },
        { Fault("Kind = 'StatusZero'"), "Import-UserProfileCsv users.csv -BatchSize 1 -MaxFailure 2", 2, "MaxFailureReached" },
        { Fault("Kind = 'StatusZero'"), "Import-UserProfileCsv many.csv -BatchSize 1", 2, "EveryUpdateRejected" },
        { Serve, "Import-UserProfileCsv broken.csv -MaxParseErrors 1", 2, "MaxParseErrorsReached" },
        { "", Import, 2, "NotConnected" },
        { Serve, "Import-UserProfileCsv missing.csv", 2, "PathNotFound" },
        { Serve, "Import-UserProfileCsv users.csv, missing.csv", 2, "PathNotFound" },
        { Serve, "Import-UserProfileCsv .", 2, "NotAFile" },
        { Serve, "Import-UserProfileCsv empty.csv", 2, "InvalidHeader" },
        { Serve, "Import-UserProfileCsv other.csv", 2, "IdentifierColumnNotFound" },
        { Serve, Import + " -Resume", 2, "JournalNeeded" },
        { Serve, Import + " -JournalPath users.csv", 2, "PathUsedTwice" },
        { Serve, Import + " -JournalPath none/j", 2, "FileNotWritable" },
        { Serve, Import + " -JournalPath damaged.journal -Resume", 2, "JournalMismatch" },
        { Serve, "Import-UserProfileCsv cut.csv.gz", 2, "FileNotReadable" },
        { Serve, "Import-UserProfileCsv \"a`0b.csv\"", 2, null },
        { Serve, "Import-UserProfileCsv -LiteralPath \"a`0b.csv\"", 2, null },
        { Serve, Import + " -JournalPath \"a`0b\"", 2, "PathNotFound" },
        { Serve, Import + " -RejectPath \"a`0b\"", 2, "PathNotFound" },
        { Serve, Import + " -LogPath \"a`0b\"", 2, "PathNotFound" },
        { ThrowingProxy, Import, 2, "ImportFailed" },
        { Serve, Import + " -NoSuchParameter", 1, null },
        { "Import-Module NoSuchModule", Import, 1, null },
        { "throw 'before'", Import, 1, null },
        { Serve, "Import-UserProfileCsv users.csv -BatchSize 0", 1, null },
    };

    private static string ThrowingProxy => "class Broken : Net.IWebProxy { [Net.ICredentials] $Credentials; [Uri] GetProxy([Uri] $u) { throw [InvalidCastException]::new('broken') } [bool] IsBypassed([Uri] $u) { throw [InvalidCastException]::new('broken') } }\n"
        + "[Net.Http.HttpClient]::DefaultProxy = [Broken]::new(); Connect-UserProfileService -Token t -Endpoint https://service.invalid";

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task A_job_ends_with_a_true_exit_code(string before, string import, int exitCode, string? errorId)
    {
        using var certificate = TestCertificate.For("127.0.0.1");
        await using var untrusted = new RawServer(_ => Task.CompletedTask, certificate);
        Variables["TEST_UNTRUSTED"] = untrusted.Endpoint.ToString();
        Write("users.csv", "distinct_id,n\n1,1\n2,2\n3,3\n");
        Write("partly.csv", "distinct_id,n\n1,1\n,2\n");
        Write("many.csv", "distinct_id,n\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"{i},1\n")));
        Write("broken.csv", "distinct_id,n\n1\n2,2\n");
        Write("empty.csv", "");
        Write("other.csv", "user,n\n1,1\n");
        Write("damaged.journal", "{\"journal\":1,\"\u0001");
        File.WriteAllBytes(Path.Combine(Folder, "cut.csv.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 75, 201]);
        var result = Run("-NonInteractive", "-File", Script(Job(before, import)));
        Assert.True(exitCode == result.ExitCode, $"{result}");
        if (errorId is { Length: > 0 })
            Assert.Contains(errorId + ",", result.Output, StringComparison.Ordinal);
    }

    /// <summary>Megabytes of memory with which a job cannot do its work.</summary>
    public static TheoryData<int> TooLittle => [.. Enumerable.Range(0, 20).Select(i => 40 + (4 * i))];

    /// <summary>With too little memory it fails somewhere else each time.</summary>
    [Theory]
    [MemberData(nameof(TooLittle))]
    public void A_job_without_memory_does_not_succeed(int megabytes)
    {
        Variables["DOTNET_GCHeapHardLimit"] = (megabytes << 20).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        using var service = new RecordingService();
        Write("wide.csv", "distinct_id," + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"p{i}")) + "\n"
            + string.Concat(Enumerable.Range(0, 300).Select(i => $"u{i}," + string.Join(',', Enumerable.Repeat(new string('x', 20), 5000)) + "\n")));
        var result = Run("-NonInteractive", "-File", Script(Job($"Connect-UserProfileService -Token t -Endpoint {service.Endpoint}", "Import-UserProfileCsv wide.csv -MaxConcurrency 16 -BatchSize 2000")));
        Assert.True(result.ExitCode != 0 || service.Applied.Count == 300, $"{result}");
    }

    private static string Fault(string fault) => $"$null = Start-UserProfileServer -Fault @{{ {fault} }}";

    private static string Job(string before, string import) =>
        $"$ErrorActionPreference = 'Stop'\n{before}\n$result = {import} -ErrorAction Continue\n\"$($Error | ForEach-Object FullyQualifiedErrorId)\"\nexit ($result ? $result.ExitCode : 2)";

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);
}
