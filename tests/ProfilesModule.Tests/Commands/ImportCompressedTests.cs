using System.IO.Compression;
using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Imports of CSV files that are compressed with gzip.</summary>
public sealed class ImportCompressedTests : ConnectedTests
{
    [Theory]
    [InlineData("users.csv.gz", "utf-8")]
    [InlineData("users.csv", "utf-8")]
    [InlineData("users.csv.gz", "utf-16")]
    public void A_compressed_file_is_known_by_its_content(string name, string encoding)
    {
        var path = Write(name, "distinct_id,v\n1,東\n2,b\n3\n", Encoding.GetEncoding(encoding));
        var result = Session.Run("Import-UserProfileCsv $path -InferType -Unique", new { path });
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("FieldCountMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches($@"^{name}, line 4: .*\b1\b.*\b2\b", error.ToString());
        Assert.Equal((3L, 2L, 1L), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected")));
        Assert.Equal("東", Service.Profiles["1"].GetProperty("v").GetString());
    }

    [Fact]
    public void What_is_not_compressed_is_read_whatever_its_name()
    {
        var path = Folder.Write("users.csv.gz", "distinct_id,v\n1,a\n");
        Assert.Equal(1L, Session.Run("Import-UserProfileCsv $path", new { path }).Succeeded().Value("Accepted"));
    }

    [Fact]
    public void A_file_that_was_cut_off_is_an_error_and_the_rows_before_are_accounted_for()
    {
        var path = Write("users.csv.gz", Rows(50_000));
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        var files = new { path, journal = Folder.File("j"), other = Folder.Write("b.csv", "distinct_id,v\nlast,x\n") };
        var result = Session.Run("Import-UserProfileCsv $path, $other", files);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("FileNotReadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("gzip", error.ToString(), StringComparison.Ordinal);
        Assert.Equal((path, 2), (error.TargetObject, result.Value("ExitCode")));
        Assert.InRange((long)result.Value("Accepted")!, 10_000, 40_000);
        Assert.Equal(result.Value("Read"), result.Value("Accepted"));
        Assert.Contains("last", Service.Profiles.Keys);

        // The same with a journal: the import is not finished, and what follows waits.
        Assert.Equal(2, Session.Run("Import-UserProfileCsv $path, $other -JournalPath $journal", files).Value("ExitCode"));
        Assert.Contains("\"isFinished\":false", File.ReadAllLines(files.journal)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_import_is_resumed_and_what_it_refused_is_tried_again()
    {
        var path = Write("users.csv.gz", Rows(3000, row => row % 500 == 0 ? $"{row}\n" : $"{row},x\n"));
        var files = new { path, journal = Folder.File("j"), rejects = Folder.File("bad.csv") };
        const string Script = "Import-UserProfileCsv $path -JournalPath $journal -RejectPath $rejects -Resume";
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 5 ? (401, "no") : null);
        var broken = Session.Run(Script, files);
        Assert.Equal(2, broken.Value("ExitCode"));
        Assert.InRange((long)broken.Value("Accepted")!, 1, 2000);
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var resumed = Session.Run(Script, files);
        Assert.Equal((3000L, 2994L, 6L, 1), (resumed.Value("Read"), resumed.Value("Accepted"), resumed.Value("Rejected"), resumed.Value("ExitCode")));
        Assert.All(Service.Applied, a => Assert.Equal(1, a.Value));

        // A reject file is plain text, and may be compressed as well.
        var rejects = Write("bad.csv.gz", File.ReadAllText(files.rejects));
        Assert.Equal(6L, Session.Run("Import-UserProfileCsv $rejects", new { rejects }).Value("Read"));
    }

    [Fact]
    public void Progress_is_that_of_the_file_on_disk()
    {
        var path = Write("users.csv.gz", Rows(100_000));
        var shown = Session.Run("Import-UserProfileCsv $path", new { path }).Succeeded().Progress.Select(p => p.PercentComplete).ToArray();
        Assert.Equal(shown.Order(), shown);
        Assert.InRange(shown[^1], 90, 100);
        Assert.InRange(shown[0], -1, 99);
    }

    private static string Rows(int rows, Func<int, string>? row = null) =>
        "distinct_id,v\n" + string.Concat(Enumerable.Range(1, rows).Select(i => row?.Invoke(i) ?? $"{i},value {i * 7919L}\n"));

    private string Write(string name, string text, Encoding? encoding = null)
    {
        var path = Folder.File(name);
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Optimal);
        gzip.Write([.. encoding?.GetPreamble() ?? [], .. (encoding ?? new UTF8Encoding(false)).GetBytes(text)]);
        return path;
    }
}
