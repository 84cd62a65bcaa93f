using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Files that are not what an import expects, before it begins or while it runs: a clear error, and no row is lost.</summary>
public sealed class HostileFileTests : ConnectedTests
{
    [Theory]
    [InlineData("", 0, "InvalidHeader")]
    [InlineData("0A", 1 << 20, "InvalidHeader")]
    [InlineData("EFBBBF", 1, "InvalidHeader")]
    [InlineData("FFFE", 1, "InvalidHeader")]
    [InlineData("FFFE0000", 1, "InvalidHeader")]
    [InlineData("00", 1 << 20, "IdentifierColumnNotFound")]
    [InlineData("00", 20 << 20, "FileNotReadable")]
    [InlineData("FFFE610000D80A00", 1, "FileNotReadable")]
    public void A_file_with_nothing_in_it_is_an_error(string bytes, int times, string errorId)
    {
        var path = Folder.File("a.csv");
        File.WriteAllBytes(path, [.. Enumerable.Repeat(Convert.FromHexString(bytes), times).SelectMany(b => b)]);
        AssertRefused(Session.Run("Import-UserProfileCsv $path -RejectPath $rejects -JournalPath $journal", Files(path)), errorId);
        Assert.False(File.Exists(Folder.File("bad.csv")));
    }

    [Fact]
    public void A_header_of_a_hundred_thousand_columns_is_read()
    {
        var columns = Enumerable.Range(1, 100_000).Select(i => $"c{i}").ToArray();
        var path = Folder.Write("a.csv", $"distinct_id,{string.Join(',', columns)}\nx,1{new string(',', columns.Length - 1)}\ny,{string.Join(',', columns)}\nz,1\n");
        var result = Session.Run("Import-UserProfileCsv $path -RejectPath $rejects", Files(path));
        Assert.Equal(["FieldCountMismatch", "TooManyProperties"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]).Order(StringComparer.Ordinal));
        Assert.Equal((3L, 1L, 2L, 1), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected"), result.Value("ExitCode")));
        var again = Session.Run("Import-UserProfileCsv $rejects", Files(path));
        Assert.Equal((2L, 2L), (again.Value("Read"), again.Value("Rejected")));
    }

    [Fact]
    public void A_field_of_ten_megabytes_costs_its_row_and_comes_back_whole()
    {
        var field = string.Concat(Enumerable.Repeat("ten \"\"megabytes\"\"\n", 10 << 20 >> 4));
        var path = Folder.Write("a.csv", $"distinct_id,v\n1,a\n2,\"{field}\"\n3,c\n");
        var result = Session.Run("Import-UserProfileCsv $path -RejectPath $rejects", Files(path));
        Assert.Equal((2L, 1L), (result.Value("Accepted"), result.Value("Rejected")));
        Assert.Contains($"\n2,\"{field}\",3,", File.ReadAllText(Folder.File("bad.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_another_program_holds_is_an_error()
    {
        var path = Write(10);
        using var holder = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        AssertRefused(Session.Run("Import-UserProfileCsv $path", Files(path)), "FileNotReadable");
    }

    [Fact]
    public void A_mark_of_another_encoding_than_the_named_one_is_an_error()
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,東\n", Encoding.Unicode);
        var result = Session.Run("Import-UserProfileCsv $path -Encoding latin1 -RejectPath $rejects", Files(path));
        AssertRefused(result, "FileNotReadable");
        Assert.Contains("utf-16", result.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(1L, Session.Run("Import-UserProfileCsv $path -Encoding unicode", Files(path)).Succeeded().Value("Accepted"));
    }

    public static TheoryData<string, bool> Changes => new()
    {
        { "cut", true },
        { "emptied", true },
        { "grown", true },
        { "deleted", false },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_file_that_changes_while_it_is_imported_is_told_of(string change, bool isToldOf)
    {
        var path = Write(200_000);
        Service.Answer = (number, _) =>
        {
            if (number == 2)
                Change(path, change);
            return Task.FromResult<(int, string)?>(null);
        };
        var result = Session.Run("Import-UserProfileCsv $path -RejectPath $rejects -JournalPath $journal", Files(path));
        Assert.Equal((long)Service.Applied.Count, result.Value("Accepted"));
        Assert.Equal((long)result.Value("Read")!, (long)result.Value("Accepted")! + (long)result.Value("Rejected")!);
        if (isToldOf)
        {
            Assert.Contains(result.Errors, e => e.FullyQualifiedErrorId.StartsWith("FileChanged,", StringComparison.Ordinal));
            Assert.Equal(2, result.Value("ExitCode"));
        }
        else
        {
            Assert.Equal((200_000L, 0), (result.Succeeded().Value("Accepted"), result.Value("ExitCode")));
        }
    }

    [Theory]
    [InlineData("-JournalPath $folder", "NotAFile")]
    [InlineData("-RejectPath $folder", "NotAFile")]
    [InlineData("-LogPath $folder", "NotAFile")]
    [InlineData("-JournalPath $held -TimeoutSec 1", "JournalInUse")]
    [InlineData("-RejectPath $held", "FileNotWritable")]
    [InlineData("-RejectPath $path -JournalPath $journal", "PathUsedTwice")]
    public void A_place_where_nothing_can_be_written_is_known_before_anything_is_sent(string parameters, string errorId)
    {
        var (path, folder, held) = (Write(10), Directory.CreateDirectory(Folder.File("folder")).FullName, Folder.Write("held", ""));
        using var holder = new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        AssertRefused(Session.Run($"Import-UserProfileCsv $path {parameters}", new { path, folder, held, journal = Folder.File("j") }), errorId);
    }

    [FullDiskFact]
    public void A_full_disk_is_known_before_anything_is_sent()
    {
        var path = Write(10);
        AssertRefused(Session.Run("Import-UserProfileCsv $path -RejectPath $full", new { path, full = FullDiskFactAttribute.Path }), "FileNotWritable");
        AssertRefused(Session.Run("Import-UserProfileCsv $path -JournalPath $full", new { path, full = FullDiskFactAttribute.Path }), "JournalMismatch");
    }

    [FullDiskFact]
    public void A_disk_that_fills_up_ends_the_import_and_loses_no_row()
    {
        var path = Write(5000);
        var files = new { path, rejects = Folder.File("bad.csv"), journal = Folder.File("j"), full = FullDiskFactAttribute.Path };
        var result = Session.Run("Import-UserProfileCsv $path -RejectPath $rejects -JournalPath $journal -LogPath $full", files);
        Assert.StartsWith("OutcomeNotWritable,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.InRange(Service.Applied.Count, 0, 4999);
        var resumed = Session.Run("Import-UserProfileCsv $path -RejectPath $rejects -JournalPath $journal -Resume", files).Succeeded();
        Assert.Equal((5000L, 0, 5000), (resumed.Value("Accepted"), resumed.Value("ExitCode"), Service.Applied.Count));
    }

    private void AssertRefused(ScriptResult result, string errorId)
    {
        var error = Assert.Single(result.Errors);
        Assert.StartsWith(errorId + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal((errorId == "JournalInUse" ? 75 : 2, 0), (result.Value("ExitCode"), Service.Requests));
    }

    private static void Change(string path, string change)
    {
        if (change == "deleted")
        {
            File.Delete(path);
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (change == "grown")
        {
            file.Seek(0, SeekOrigin.End);
            file.Write("new,1\n"u8);
        }
        else
        {
            file.SetLength(change == "cut" ? file.Length / 2 : 0);
        }
    }

    private string Write(int rows) => Folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"{i},{i}\n")));

    private object Files(string path) => new { path, rejects = Folder.File("bad.csv"), journal = Folder.File("j") };
}
