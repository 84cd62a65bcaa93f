using ProfilesModule.Sources;
using System.Text;
using CsCheck;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Csv;
using ProfilesModule.Rules;

namespace ProfilesModule.Core.Tests.Fuzz;

/// <summary>Files of every kind of disorder, imported. Runs alone: what other tests allocate would be counted with it.</summary>
[CollectionDefinition(nameof(CsvFuzzTests), DisableParallelization = true)]
[Collection(nameof(CsvFuzzTests))]
public sealed class CsvFuzzTests : IDisposable
{
    private const int Files = 2000;

    // What an import keeps for itself (buffers, batches), and a byte of the file in each form that it passes through.
    private const long AllocatedAtMost = 8L << 20;
    private const long AllocatedAtMostPerByte = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly CsvFormat Format = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>CsCheck prints the seed of a file that fails, and takes it in the environment variable CsCheck_Seed.</summary>
    [Fact]
    public void Every_row_of_any_file_is_accepted_or_comes_back_as_it_was() => Gen.Select(HostileCsv.Any, Gen.Int[0, 3], Gen.Int[0, 30]).Sample(
        (csv, refuses, endsAfter) => CheckAsync(csv, refuses, endsAfter > 3 ? null : endsAfter).WaitAsync(Patience).GetAwaiter().GetResult(),
        iter: Files,
        threads: 1);

    [Theory]
    [InlineData("a,b\nx,\"good\"\na\"b,\"c\nx", ',', null)]
    [InlineData("a,b\nx,\"ä東", ',', "utf-16")]
    [InlineData("ae_b\nxe1\n_error\nye2ez\nze3\n", 'e', null)]
    [InlineData("a_b\nx_1\ny_2_z\n", '_', null)]
    [InlineData("a1b\n110\n\n\n\n\n\n\n\n\ny121z\n", '1', null)]
    [InlineData("\uFEFF\uFEFFa,b\nx,1\ny\n", ',', null)]
    [InlineData("a,_line,_error,_errorId\nx,2,\"no\",\"A\"\n\"y\",3,no,B\nz\n\"q\"\"\",\"4\",\"a \"\"b\"\"\",C\n", ',', null)]
    [InlineData("a,_line,_error,_errorId\nx\n\"", ',', null)]
    [InlineData("a\nx\n\"\"\"\n1\n\n\rc\n", ',', null)]
    public Task What_once_went_wrong_does_not_again(string text, char delimiter, string? encoding) =>
        CheckAsync(new((encoding is null ? Encoding.UTF8 : Encoding.GetEncoding(encoding)).GetBytes(text), delimiter, encoding, HasHeader: true), 2, null);

    [Fact]
    public Task A_wide_header_of_a_reject_file_costs_no_more_than_another() =>
        CheckAsync(new(Encoding.UTF8.GetBytes($"{new string(',', 80_000)}_line,_error,_errorId\n"), ',', null, HasHeader: true), 0, null);

    // With so many rows the service has enough of them before the last one is read.
    [Fact]
    public Task A_row_that_is_never_closed_comes_back_as_one_field_when_the_run_ends_before_it() =>
        CheckAsync(new(Encoding.UTF8.GetBytes($"a,b\n{string.Concat(Enumerable.Repeat("x,1\n", 500))}y,\"open"), ',', null, HasHeader: true), 0, 0);

    private async Task CheckAsync(HostileCsv csv, int refuses, int? endsAfter)
    {
        var (path, rejects, again) = (_folder.File("a.csv"), _folder.File("bad.csv"), _folder.File("again.csv"));
        await File.WriteAllBytesAsync(path, csv.Bytes);
        var before = GC.GetTotalAllocatedBytes();
        var first = await FuzzedImport.RunAsync(path, csv, rejects, id => refuses > 0 && id.Length % 4 < refuses, endsAfter);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, AllocatedAtMost + (AllocatedAtMostPerByte * csv.Bytes.Length));
        if (first is null)
            return;

        // Every row was accepted or is in the reject file, once.
        var all = FuzzedImport.Rows(DialectRows.Open(dialect => Format.Open(path, dialect), csv.Dialect));
        var rows = all.Where(row => !row.IsBlank).ToDictionary(row => row.Line);
        var rejected = Rejected(rejects, csv, first.Header);
        var account = first.Account;
        Assert.Equal(0, account.Unknown);
        Assert.Equal(first.AcceptedLines.Count, account.Accepted);
        Assert.Equal(account.Rejected, rejected.LongCount(row => row.ErrorId is not ("NotSent" or "OutcomeUnknown")));
        Assert.Equal(account.Skipped, rejected.LongCount(row => row.ErrorId == "OutcomeUnknown") + all.Count - rows.Count);
        Assert.Equal(account.Unsent, rejected.LongCount(row => row.ErrorId == "NotSent"));
        Assert.Equal(rows.Keys.Order(), first.AcceptedLines.Concat(rejected.Select(row => row.OriginalLine)).Order());
        var lastLine = rows.Keys.DefaultIfEmpty().Max();
        Assert.All(rejected.Where(row => !IsOfItsForm(row.ErrorId)), row =>
        {
            var original = rows[row.OriginalLine];

            // A quote that is never closed runs to the end of the file, so only the last row may have lost its disorder.
            if (row.ErrorId == "RejectRowDamaged" || (original.Line == lastLine && original.IsMalformed && !row.Row.IsMalformed))
            {
                // As one field, so that it looks like no row.
                Assert.Equal($"\"{original.Raw.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", row.Row.Raw.TrimEnd(csv.Delimiter));
                return;
            }

            Assert.Equal((original.Raw, original.IsMalformed), (row.Row.Raw, row.Row.IsMalformed));
            Assert.Equal(original.Fields, row.Row.Fields);
        });

        // Trying again sends what the service refused, as it was, and nothing that was refused for its form.
        var second = await FuzzedImport.RunAsync(rejects, csv, again, _ => false);
        Assert.NotNull(second);
        Assert.Equal(first.Header, second.Header);
        Assert.Equal(rejected.Count, second.Account.Read);
        var ofTheirForm = rejected.Where(row => IsOfItsForm(row.ErrorId)).ToLookup(row => IsAsItWas(row.Row, rows[row.OriginalLine]), row => row.Row.Line);
        var formLines = ofTheirForm[false];
        Assert.Empty(formLines.Intersect(second.AcceptedLines));
        Assert.Empty(first.Refused.Except(second.Taken));
        Assert.InRange(second.AcceptedLines.Except(ofTheirForm[true]).Count(), first.Refused.Count, first.Refused.Count + account.Unsent);
        var left = Rejected(again, csv, first.Header);
        Assert.Equal(second.Account.Rejected + second.Account.Skipped, left.Count);
        Assert.True(formLines.All(line => left.Any(row => row.OriginalLine == line)));
    }

    private static bool IsOfItsForm(string errorId) =>
        errorId is nameof(ErrorId.FieldCountMismatch) or nameof(ErrorId.MalformedQuotes) or nameof(ErrorId.RowBehindQuote) or nameof(ErrorId.InvalidEncoding);

    // The disorder of a row of a reject file may be that of the columns behind it, which are not its own, or their absence.
    private static bool IsAsItWas(FuzzedRow row, FuzzedRow original) =>
        !row.IsMalformed && (original.Fields.Length == 0 ? row.Raw == original.Raw : row.Fields.SequenceEqual(original.Fields) && row.Raw == original.Raw);

    private static List<RejectedRow> Rejected(string path, HostileCsv csv, IReadOnlyList<string> header)
    {
        var reader = DialectRows.Open(dialect => Format.Open(path, dialect), csv.Dialect);
        Assert.Equal(header, reader.Header);
        var rows = FuzzedImport.Rows(reader);
        var whole = FuzzedImport.Rows(Format.Open(path, csv.Dialect with { Header = null }));
        Assert.Equal(whole.Count, rows.Count);
        return [.. rows.Zip(whole, (row, all) => new RejectedRow(row, long.Parse(all.Fields[^3]), all.Fields[^1]))];
    }

    private sealed record RejectedRow(FuzzedRow Row, long OriginalLine, string ErrorId);
}
