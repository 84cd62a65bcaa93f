using System.Runtime.Versioning;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Files of imports are known by what they are: behind links, with other names, damaged, or another run's.</summary>
public sealed class TrailFileTests : ConnectedTests
{
    private const string Add = "-Operation Add -PropertyType @{ n = 'Number' }";

    [Fact]
    public void An_input_behind_a_link_is_the_file_and_not_the_link()
    {
        Write("monday.csv", 10);
        Link("users.csv", "monday.csv");
        Assert.Equal(10L, Import("users.csv", "-JournalPath $journal -Resume").Succeeded().Value("Accepted"));

        // The file is written anew, and then the link leads elsewhere.
        Write("monday.csv", 20);
        AssertFails("JournalMismatch", Import("users.csv", "-JournalPath $journal -Resume"), "users.csv'");
        File.Delete(Folder.File("users.csv"));
        Write("tuesday.csv", 30);
        Link("users.csv", "tuesday.csv");
        AssertFails("JournalMismatch", Import("users.csv", "-JournalPath $journal -Resume"), "users.csv'");
        Assert.Equal(10, Service.Applied.Count);
    }

    [Fact]
    public void An_input_whose_link_leads_elsewhere_meanwhile_has_changed()
    {
        Write("a.csv", 3000);
        Write("b.csv", 10);
        Link("users.csv", "a.csv");
        Service.Answer = (number, _) =>
        {
            if (number == 1)
            {
                File.Delete(Folder.File("users.csv"));
                Link("users.csv", "b.csv");
            }

            return Task.FromResult<(int, string)?>(null);
        };
        AssertFails("FileChanged", Import("users.csv", "-BatchSize 100"), "users.csv");
    }

    [Fact]
    public void A_journal_behind_a_link_is_one_journal()
    {
        Write("users.csv", 3000);
        EndAfter(5);
        Assert.Equal(2, Import("users.csv", $"{Add} -JournalPath $journal").Value("ExitCode"));
        EndAfter(null);
        Link("link", "journal");
        var resumed = Import("users.csv", $"{Add} -JournalPath $link -Resume").Succeeded();
        Assert.Equal(3000L, resumed.Value("Accepted"));
        Assert.NotNull(new FileInfo(Folder.File("link")).LinkTarget);
        Assert.Equal(0L, Import("users.csv", $"{Add} -JournalPath $journal -Resume").Value("Requests"));
        Assert.All(Service.Applied, a => Assert.Equal(1, a.Value));
    }

    [Theory]
    [InlineData("$journal", "$link")]
    [InlineData("$link", "$journal")]
    public void Two_names_of_a_journal_have_one_lock(string first, string second)
    {
        Write("users.csv", 3000);
        EndAfter(5);
        Import("users.csv", $"{Add} -JournalPath $journal");
        Link("link", "journal");
        ScriptResult? other = null;
        Service.Answer = (_, _) =>
        {
            // The file beside it is gone, as a cleaner of temporary files may have it.
            File.Delete(Folder.File("journal.lock"));
            using var session = new ModuleSession();
            session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint", new { endpoint = Service.Endpoint }).Succeeded();
            other ??= session.Run($"Import-UserProfileCsv $path -IdentifierColumn id {Add} -JournalPath {second} -Resume -TimeoutSec 1", Names("users.csv"));
            return Task.FromResult<(int, string)?>(null);
        };
        Assert.Equal(3000L, Import("users.csv", $"{Add} -JournalPath {first} -Resume -MaxConcurrency 1").Succeeded().Value("Accepted"));
        AssertFails("JournalInUse", other!, "another import");
        Assert.All(Service.Applied, a => Assert.Equal(1, a.Value));
    }

    [UnixFact]
    public void A_journal_with_a_hard_link_is_refused()
    {
        Write("users.csv", 3000);
        EndAfter(5);
        Import("users.csv", $"{Add} -JournalPath $journal");
        Session.Run("ln $journal $link", Names("users.csv")).Succeeded();
        AssertFails("JournalMismatch", Import("users.csv", $"{Add} -JournalPath $link -Resume"), "hard link");
    }

    [Theory]
    [InlineData("-JournalPath $link")]
    [InlineData("-RejectPath $link")]
    [InlineData("-LogPath $link")]
    [InlineData("-JournalPath $journal", "journal.lock")]
    public void Nothing_is_written_through_a_link_to_another_folder(string parameters, string link = "link")
    {
        Write("users.csv", 10);
        using var other = new TemporaryFolder();
        var victim = other.Write("victim", "mine\n");
        File.CreateSymbolicLink(Folder.File(link), victim);
        AssertFails("FileNotWritable", Import("users.csv", parameters), "link");
        Assert.Equal("mine\n", File.ReadAllText(victim));
        Assert.Equal(0, Service.Requests);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void What_an_import_makes_is_for_its_owner_only()
    {
        Write("users.csv", 10);
        var result = Import("users.csv", "-JournalPath $journal -RejectPath $rejects -LogPath $log").Succeeded();
        Assert.Empty(result.Warnings);
        foreach (var name in new[] { "journal", "journal.lock", "rejects.csv", "log" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Folder.File(name)));
        var shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        foreach (var name in new[] { "rejects.csv", "log" })
            File.SetUnixFileMode(Folder.File(name), shared);
        var again = Import("users.csv", "-RejectPath $rejects -LogPath $log").Succeeded();
        Assert.Equal(2, again.Warnings.Count(w => w.Contains("ther users", StringComparison.Ordinal)));
        Assert.Equal(shared, File.GetUnixFileMode(Folder.File("log")));
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_and_named()
    {
        Write("users.csv", 10);
        EndAfter(0);
        Import("users.csv", "-JournalPath $journal");
        EndAfter(null);
        var left = Folder.Write("journal.abcdefgh.xyz.tmp", "");
        Assert.Contains(left, Assert.Single(Import("users.csv", "-JournalPath $journal -Resume").Succeeded().Warnings), StringComparison.Ordinal);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void A_reject_file_of_another_import_is_not_cut()
    {
        Write("a.csv", 40, row => (row % 4) switch { 0 => $"bad{row}", 2 => $"a{row}", _ => "" });
        Write("b.csv", 60, row => row % 3 == 0 ? $"other{row}" : "");
        RefuseAndEndAfter(3);
        Assert.Equal(2, Import("a.csv", "-BatchSize 5 -MaxConcurrency 1 -JournalPath $journal -RejectPath $rejects").Value("ExitCode"));
        RefuseAndEndAfter(null);
        Import("b.csv", "-RejectPath $rejects");
        var others = File.ReadAllText(Folder.File("rejects.csv"));
        var resumed = Import("a.csv", "-BatchSize 5 -MaxConcurrency 1 -JournalPath $journal -Resume -RejectPath $rejects");
        AssertFails("RejectFileMismatch", resumed, "rejects.csv'");
        Assert.Equal(others, File.ReadAllText(Folder.File("rejects.csv")));

        // Once it is back the import goes on.
        File.Delete(Folder.File("rejects.csv"));
        File.Move(Directory.GetFiles(Folder.File(""), "rejects.2*.csv").Single(), Folder.File("rejects.csv"));
        Import("a.csv", "-BatchSize 5 -MaxConcurrency 1 -JournalPath $journal -Resume -RejectPath $rejects");
        Assert.Equal(31, File.ReadAllLines(Folder.File("rejects.csv")).Length);
    }

    [Fact]
    public void Rows_that_another_import_rejected_are_kept_where_this_one_had_rejected_none()
    {
        Write("a.csv", 40);
        Write("b.csv", 60, row => row % 2 == 0 ? $"other{row}" : "");
        EndAfter(1);
        Import("a.csv", "-BatchSize 5 -MaxConcurrency 1 -JournalPath $journal -RejectPath $rejects");
        EndAfter(null);
        Import("b.csv", "-RejectPath $rejects");
        var others = File.ReadAllText(Folder.File("rejects.csv"));
        var resumed = Import("a.csv", "-BatchSize 5 -MaxConcurrency 1 -JournalPath $journal -Resume -RejectPath $rejects").Succeeded();
        var kept = Directory.GetFiles(Folder.File(""), "rejects.2*.csv").Single();
        Assert.Contains(kept, Assert.Single(resumed.Warnings), StringComparison.Ordinal);
        Assert.Equal(others, File.ReadAllText(Directory.GetFiles(Folder.File(""), "rejects.2*.csv").Single()));
    }

    [Fact]
    public void A_line_of_somebody_else_is_kept()
    {
        Write("users.csv", 10);
        Folder.Write("rejects.csv", "my only line");
        Import("users.csv", "-RejectPath $rejects").Succeeded();
        Assert.Equal("my only line", File.ReadAllText(Directory.GetFiles(Folder.File(""), "rejects.2*.csv").Single()));
    }

    /// <summary>Whatever happens to the files of an import that is to go on is found, or does no harm: no number is added twice, and no row is missing from the account.</summary>
    [Theory]
    [InlineData("Set")]
    [InlineData("Add")]
    public void Damage_is_found_or_does_no_harm(string operation)
    {
        var random = new Random(operation.Length);
        Write("users.csv", 60, row => row % 7 == 0 ? "" : $"u{row}");
        Write("other.csv", 40, row => row % 2 == 0 ? $"o{row}" : "");
        var parameters = $"-Operation {operation} -PropertyType @{{ n = 'Number' }} -BatchSize 5 -MaxConcurrency 1 -JournalPath $journal -Resume -RejectPath $rejects";
        EndAfter(2);
        Import("other.csv", parameters);
        var others = Files();
        EndAfter(2);
        foreach (var path in Paths)
            File.Delete(path);
        Service.Applied.Clear();
        Import("users.csv", parameters);
        var older = Files();
        EndAfter(2);
        Import("users.csv", parameters);
        var files = Files();
        var applied = Service.Applied.ToDictionary();
        for (var i = 0; i < DamageRuns; i++)
        {
            var which = random.Next(2);
            var damaged = (byte[])files[which].Clone();
            var bit = random.Next(damaged.Length * 8);
            var kind = random.Next(10);
            switch (kind)
            {
                case < 5:
                    damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                    break;
                case < 8:
                    damaged = damaged[..(bit / 8)];
                    break;
                case 8:
                    damaged = older[which];
                    break;
                default:
                    damaged = others[which];
                    break;
            }

            for (var file = 0; file < 3; file++)
                File.WriteAllBytes(Paths[file], file == which ? damaged : files[file]);
            EndAfter(null);
            Service.Applied.Clear();
            foreach (var (id, count) in applied)
                Service.Applied[id] = count;
            AssertFoundOrHarmless(Import("users.csv", parameters), operation, $"{kind} of file {which}, bit {bit}");
            foreach (var kept in Directory.GetFiles(Folder.File(""), "rejects.2*.csv"))
                File.Delete(kept);
        }
    }

    private void AssertFoundOrHarmless(ScriptResult result, string operation, string damage)
    {
        string[] found = ["JournalMismatch", "RejectFileMismatch"];
        if (result.Errors.Any(e => found.Contains(e.FullyQualifiedErrorId.Split(',')[0])))
        {
            Assert.Equal((2, 0L), (result.Value("ExitCode"), result.Value("Requests")));
            return;
        }

        var unknown = (long)result.Value("Unknown")!;
        Assert.True((52L, 8L, 60L) == ((long)result.Value("Accepted")! + unknown, (long)result.Value("Rejected")!, (long)result.Value("Read")!), $"{damage}: {string.Join("; ", result.Errors)}");
        Assert.True(unknown == 0 || operation == "Add", damage);
        Assert.InRange(Service.Applied.Count, 52 - unknown, 52);
        Assert.True(operation == "Set" || Service.Applied.All(a => a.Value == 1), damage);
        Assert.Equal(9 + unknown, File.ReadAllLines(Folder.File("rejects.csv")).Length);
    }

    private string[] Paths => [Folder.File("journal"), Folder.File("rejects.csv"), Folder.File("journal.lock")];

    private byte[][] Files() => [.. Paths.Select(File.ReadAllBytes)];

    private static int DamageRuns => int.Parse(Environment.GetEnvironmentVariable("PROFILES_DAMAGE_RUNS") is { Length: > 0 } runs ? runs : "200", System.Globalization.CultureInfo.InvariantCulture);

    private void EndAfter(int? requests)
    {
        var before = Service.Requests;
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number - before > requests ? (401, "no") : null);
    }

    private void RefuseAndEndAfter(int? requests)
    {
        var before = Service.Requests;
        Service.Answer = (number, records) => Task.FromResult<(int, string)?>(
            number - before > requests ? (401, "no")
            : records.Any(r => r.GetProperty("$distinct_id").GetString()!.StartsWith("bad", StringComparison.Ordinal)) ? (400, """{"error":"no","status":0}""") : null);
    }

    private void Write(string name, int rows, Func<int, string>? id = null) =>
        Folder.Write(name, "id,n\n" + string.Concat(Enumerable.Range(1, rows).Select(row => $"{(id is null ? $"{name[0]}{row}" : id(row))},1\n")));

    private void Link(string name, string target) => File.CreateSymbolicLink(Folder.File(name), Folder.File(target));

    private object Names(string file) => new
    {
        path = Folder.File(file),
        journal = Folder.File("journal"),
        link = Folder.File("link"),
        rejects = Folder.File("rejects.csv"),
        log = Folder.File("log"),
    };

    private ScriptResult Import(string file, string parameters) => Session.Run($"Import-UserProfileCsv $path -IdentifierColumn id {parameters}", Names(file));

    private static void AssertFails(string errorId, ScriptResult result, string message)
    {
        var error = Assert.Single(result.Errors);
        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(errorId == "JournalInUse" ? 75 : 2, result.Value("ExitCode"));
    }
}
