using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Isolation;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports user profiles from CSV files: sets every column but the identifier as a property, as text, and leaves empty
/// cells out. Files are streamed, so their size does not matter. Always ends with one summary, whose ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>Import-UserProfileCsv users.csv -IdentifierColumn user_id</code>
/// <para>Imports a file whose column user_id holds the distinct ids.</para>
/// </example>
/// <example>
/// <code>$result = Import-UserProfileCsv *.csv -Delimiter ';' -Encoding latin1; exit $result.ExitCode</code>
/// <para>Imports several files as one run in an unattended job.</para>
/// </example>
/// <example>
/// <code>$result = Import-UserProfileCsv users.csv -JournalPath users.journal -Resume -RejectPath refused.csv -LogPath imports.log; exit $result.ExitCode</code>
/// <para>Begins the import, or goes on with it where an earlier run was killed. The rows that are refused are in refused.csv.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv refused.csv -RejectPath refused-again.csv</code>
/// <para>Tries the refused rows again, once they are corrected.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv users.csv -WhatIf</code>
/// <para>Reads the file, reports the rows that cannot be sent, says how many updates and requests there would be, and sends nothing.</para>
/// </example>
/// <remarks>
/// An import that ends early writes its error and then its summary, and does not throw, so that a job has an ExitCode: 0 when every
/// row was accepted or skipped, 1 when some were rejected or are unknown, 2 when the import stopped early.
/// </remarks>
/// <seealso cref="SetUserProfileCommand"/>
/// <seealso cref="ConnectUserProfileServiceCommand"/>
[Cmdlet(VerbsData.Import, "UserProfileCsv", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportUserProfileCsvCommand : ImportCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _files = [];
    private DeliveryAccount _previewed = new();
    private bool _incomplete;
    private bool _isReady;
    private bool _warned;

    /// <summary>The files to import; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files to import, by their exact names.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The character that separates fields. Default a comma.</summary>
    [Parameter(Position = 1)]
    public char Delimiter { get; set; } = ',';

    /// <summary>The name of the column that holds the distinct id. Default: DistinctId, distinct_id or $distinct_id, whichever the file has.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string? IdentifierColumn { get; set; }

    /// <summary>The names of the columns of a file without a header row. The first row is then data.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    /// <summary>The encoding of the files: a name as for Import-Csv, or the number of a code page. Default: by the byte order mark, else UTF-8. A file whose mark is of another encoding is not read.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>What the columns mean: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. Added columns hold numbers.</summary>
    [Parameter]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add), nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <summary>Leaves the time of the profiles' last update as it is, as back-fills should.</summary>
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    // UTF-8 is read as it is, and then each row is looked at; what another encoding cannot read must not become question marks.
    private CsvDialect Dialect => new()
    {
        Delimiter = Delimiter,
        Encoding = IsUtf8 ? null : EncodingNames.Strict(Encoding!),
        Header = Header,
    };

    private bool IsUtf8 => Encoding is null or UTF8Encoding;

    /// <summary>Makes sure that there is a connection and a delimiter that serves.</summary>
    protected override void BeginProcessing()
    {
        if (ServiceProblem is { } problem)
            Fail(problem);
        else if (TrailProblem is { } trailProblem)
            Fail(trailProblem);
        else if (!char.IsAscii(Delimiter) || Delimiter is '"' or '\r' or '\n' or '\0')
            Fail(Errors.InvalidDelimiter(Delimiter));
        _isReady = !_incomplete;
    }

    /// <summary>Imports the next files.</summary>
    protected override void ProcessRecord()
    {
        if (!_isReady)
            return;
        try
        {
            foreach (var path in ParameterSetName == PathSet ? Path : LiteralPath)
            {
                foreach (var file in Resolve(path))
                    Import(file);
            }
        }
        catch (Exception) when (!Stopping)
        {
            // -ErrorAction Stop: EndProcessing will not be called, and the account is owed all the same.
            _incomplete = true;
            WriteSummary();
            throw;
        }
    }

    /// <summary>Waits for the outcome of every row and writes the summary.</summary>
    protected override void EndProcessing()
    {
        try
        {
            Run?.Complete();
            Run?.Trail?.Finish(Run.Account, Run.Stop, !_incomplete);
            if (Run?.Stop is { } stop)
                WriteError(Errors.Stopped(stop, Service, Run.Account));
        }
        finally
        {
            WriteSummary();
        }
    }

    private void Import(string file)
    {
        if (Run?.IsEnding == true && !KeepsUnsent)
            return;
        ICsvReader reader;
        JournalInput input;
        try
        {
            reader = CsvImport.Open(Dependencies.Csv, file, Dialect);
            input = JournalInput.Of(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Fail(Errors.PathNotFound(e, file));
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException)
        {
            Fail(Directory.Exists(file) ? Errors.NotAFile(file) : Errors.FileNotReadable(e, file));
            return;
        }

        using (reader)
        {
            if (CsvHeader.Check(file, reader.Header, IdentifierColumn, out var identifier) is { } problem)
            {
                Fail(problem);
                return;
            }

            if (!Confirmed(input, identifier))
                return;
            if (BeginTrail(input, reader.Header) is { } trailProblem)
            {
                Fail(trailProblem);
                return;
            }

            _files.Add(file);
            if (IsFinished)
                return;
            var run = StartRun(new CsvRowDescription(Dependencies.Csv), new() { IgnoreTime = IgnoreTime }, trail: Trail);
            Send(run, input, reader, identifier);
            if (!run.IsEnding && File.Exists(file) && JournalInput.Of(file) != input)
                Fail(Errors.FileChanged(file));
        }
    }

    private protected override char FieldDelimiter => Delimiter;

    private protected override Encoding? FileEncoding => Encoding;

    private protected override IReadOnlyDictionary<string, string> Shape => new Dictionary<string, string>
    {
        [nameof(Delimiter)] = Delimiter.ToString(),
        [nameof(Encoding)] = Encoding?.WebName ?? "",
        [nameof(Header)] = string.Join(',', Header ?? []),
        [nameof(IdentifierColumn)] = IdentifierColumn ?? "",
        [nameof(Operation)] = Operation.ToString(),
        [nameof(IgnoreTime)] = IgnoreTime.ToString(),
    };

    /// <summary>Asks once a file, and names what the answer is about; only who is asked has to wait for it to be counted.</summary>
    private bool Confirmed(JournalInput input, int identifier)
    {
        var file = input.Path;
        if (!IsWhatIf && !IsConfirming)
            return ShouldProcess(file, "Import user profiles");
        using var reader = CsvImport.Open(Dependencies.Csv, file, Dialect);
        using var preview = new DeliveryRun(this, new CsvRowDescription(Dependencies.Csv), new AcceptingTransport(), "", Options, StopToken)
        {
            ReportsRequests = false,
            ReportsRejections = IsWhatIf,
        };
        Send(preview, input, reader, identifier);
        preview.Complete();
        var account = preview.Account;
        if (IsWhatIf)
            _previewed = _previewed.Plus(new() { Read = account.Read, Rejected = account.Rejected });
        return ShouldProcess(file, $"Import user profiles ({Errors.Count(account.Accepted, "update")} in {Errors.Count(account.Requests, "request")}, {Errors.Count(account.Rejected, "row")} rejected)");
    }

    private void Send(DeliveryRun run, JournalInput input, ICsvReader reader, int identifier)
    {
        var length = Math.Max(1, input.Length);
        var updates = new CsvUpdates(reader, identifier, run.Writer, new CsvInput(input.Path, Dialect, reader.Header))
        {
            Operation = Operation,
            LeftOut = LeftOut(reader.Header, identifier),
            Rejected = run.Reject,
            Advanced = position => run.Progressed((int)Math.Min(100, position * 100 / length)),
            IsStopped = () => run.IsEnding,
        };
        try
        {
            run.Produce(() => updates.WriteAllAsync(StopToken));
            if (!run.IsEnding || !KeepsUnsent)
                return;

            // In input order, so what the run still has of this file comes first.
            run.Complete();
            run.Produce(() =>
            {
                updates.KeepRest(StopToken);
                return Task.CompletedTask;
            });
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
            Fail(Errors.FileNotReadable(e, input.Path));
        }
    }

    private IReadOnlyList<int> LeftOut(IReadOnlyList<string> header, int identifier)
    {
        var columns = IdentifierColumn is null ? ShownProfile.NotProperties(header, identifier, _ => false) : [];
        if (columns.Count > 0 && !_warned)
            WriteWarning(ShownProfile.Warning(columns.Select(i => header[i]), "-IdentifierColumn"));
        _warned |= columns.Count > 0;
        return columns;
    }

    private void WriteSummary()
    {
        var account = Run?.Account ?? (IsFinished ? Earlier : _previewed);
        WriteObject(new ImportResult(_files, account, Run?.Elapsed ?? TimeSpan.Zero, _incomplete || Run?.IsEnding == true, Earlier));
    }

    // What follows this error is not lost with it: the summary must reach the job that reads ExitCode from it.
    private void Fail(ErrorRecord error)
    {
        _incomplete = true;
        WriteError(error);
    }

    private IReadOnlyList<string> Resolve(string path)
    {
        try
        {
            ProviderInfo provider;
            Collection<string> files = ParameterSetName == PathSet
                ? GetResolvedProviderPathFromPSPath(path, out provider)
                : [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _)];
            if (provider.Name != "FileSystem")
                Fail(Errors.NotAFile(path));
            else if (files.Count == 0)
                Fail(Errors.PathNotFound(new ItemNotFoundException($"No file matches '{path}'."), path));
            else
                return files;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            Fail(Errors.PathNotFound(e, path));
        }

        return [];
    }
}
