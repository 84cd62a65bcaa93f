using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
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
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that import CSV files. Always ends with one summary.</summary>
public abstract class ImportCsvCommand : ImportCommand
{
    /// <summary>The parameter set of paths that may have wildcards.</summary>
    protected const string PathSet = "Path";

    /// <summary>The parameter set of exact paths.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _files = [];
    private DeliveryAccount _previewed = new();
    private readonly IdentifierSet _identifiers = new();
    private bool _incomplete;
    private bool _isReady;
    private bool _warned;
    private bool _brokeOff;

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

    /// <summary>
    /// The name of the column that holds the distinct id, or its position, from 1, when no column has that name. Default:
    /// DistinctId, distinct_id or $distinct_id, whichever the file has, else for users $email or email, with a warning and as a
    /// property too. For groups: GroupId, group_id or $group_id.
    /// </summary>
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

    /// <summary>What the cells of columns hold, by the name of the column or the property, such as @{ age = 'Number'; tags = 'List' }: Text (the default), Number, Boolean, Date, List or Json. A cell that holds something else is refused with its row.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? PropertyType { get; set; }

    /// <summary>
    /// Infers from the first 1,000 rows of each file which columns hold numbers, Booleans or dates, where -PropertyType does
    /// not say it, and says so once. Only what is the same text again when it is read back counts: numbers without leading
    /// zeros, plus signs or trailing zeros and of 15 digits at the most, true and false, dates of ISO 8601 or -DateFormat. A
    /// column of which one cell disagrees is text. A later cell that disagrees is refused with its row.
    /// </summary>
    [Parameter]
    public SwitchParameter InferType { get; set; }

    /// <summary>The culture of numbers and dates in cells, such as de-DE. Default: a point before decimals, no thousands separators, ISO 8601 dates.</summary>
    [Parameter]
    [ValidateNotNull]
    public CultureInfo Culture { get; set; } = CultureInfo.InvariantCulture;

    /// <summary>The formats of dates in cells, such as 'dd.MM.yyyy HH:mm'. Default ISO 8601, or with -Culture what the culture writes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] DateFormat { get; set; } = [];

    /// <summary>The time zone of dates that have a time and no offset, such as Europe/Vienna. Default UTC. Dates without a time stay dates.</summary>
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>What sets the elements of lists apart. Default a semicolon.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ListSeparator { get; set; } = ";";

    /// <summary>What an empty cell does: Skip, the default, leaves the property as it is; Null sets it to null, Empty to the empty text, Unset removes it. Unset takes an update of its own, so such a row counts twice in -BatchSize.</summary>
    [Parameter]
    public EmptyCell EmptyCell { get; set; }

    /// <summary>What becomes of a file in which several columns have the same name: Reject, the default, or Rename, which adds _2, _3 and so on to the later ones.</summary>
    [Parameter]
    public DuplicateHeaderAction DuplicateHeaderAction { get; set; }

    /// <summary>
    /// What becomes of a row that has more or fewer fields than the header: Reject, the default, PadWithNulls (fields that it
    /// lacks at its end are empty), TruncateExtra (fields that it has too many are left out) or PadOrTruncate. A delimiter in a
    /// field without quotes moves the fields behind it, so look at such rows first.
    /// </summary>
    [Parameter]
    public MismatchedFieldAction MismatchedFieldAction { get; set; }

    /// <summary>The columns that become properties; wildcards are allowed. Default: all but the identifier.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string[]? Property { get; set; }

    /// <summary>Columns that do not become properties, and are in no reject file and no error either; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>
    /// Columns, by their names or those of their properties, that are sent as SHA-256 in hexadecimal digits: e-mail addresses
    /// ($email) in lower case and phone numbers ($phone) as digits with their plus, both without blanks around them, other text
    /// without the blanks. Reject files and errors have the hash too; a reject file marks the column, so that it is not hashed
    /// again. The column of the identifier may be one of them.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string[] HashProperty { get; set; } = [];

    /// <summary>The names of properties by those of their columns, such as @{ mail = '$email' }.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>Makes columns with usual names the properties that the service reserves: email becomes $email, first_name and firstName become $first_name, and so on.</summary>
    [Parameter]
    public SwitchParameter UseReservedName { get; set; }

    /// <summary>Makes objects of names with dots: a column address.city becomes the property city of an object address.</summary>
    [Parameter]
    public SwitchParameter ExpandName { get; set; }

    /// <summary>
    /// Sends only the last row of each identifier of a file, for which the file is read twice; the rows before it count as
    /// skipped. By default every row is sent, in order.
    /// </summary>
    [Parameter]
    public SwitchParameter Unique { get; set; }

    // UTF-8 is read as it is, and then each row is looked at; what another encoding cannot read must not become question marks.
    private CsvDialect Dialect => new()
    {
        Delimiter = Delimiter,
        Encoding = IsUtf8 ? null : EncodingNames.Strict(Encoding!),
        Header = Header,
        DuplicateHeader = DuplicateHeaderAction,
    };

    private bool IsUtf8 => Encoding is null or UTF8Encoding;

    /// <summary>Makes sure that there is a connection and a delimiter that serves.</summary>
    protected override void BeginProcessing()
    {
        if (ServiceProblem is { } problem)
            Fail(problem);
        else if (TrailProblem is { } trailProblem)
            Fail(trailProblem);
        else if (OptionProblem is { } unfit)
            Fail(unfit);
        else if (UnfitOption is { } option)
            Fail(Errors.OptionNotForOperation(option, Operation));
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
            if (Run is { Stop: null, Trail.Journal.MissingInput: { } missing } && !_incomplete && !Stopping)
                Fail(Errors.JournalMismatch(new InvalidDataException($"the import is not finished: it also has the file '{missing}', which was not given"), JournalPath!));
            Run?.Trail?.Finish(Run.Account, Run.Stop, !_incomplete && !Run.IsEnding && !Stopping);
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
        if (_brokeOff || (Run?.IsEnding == true && !KeepsUnsent))
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
            var problem = CsvHeader.Check(file, reader.Header, IdentifierColumn, UsualIdentifiers, MakesIdentifiers ? [] : OtherIdentifiers, out var identifier, out var isGuess);
            if (problem is not null && !(MakesIdentifiers && problem.FullyQualifiedErrorId == nameof(ErrorId.IdentifierColumnNotFound)))
            {
                Fail(problem);
                return;
            }

            if (isGuess)
                WriteWarning($"The file '{file}' has no column that is known to hold the distinct id, so '{reader.Header[identifier]}' identifies its users. -IdentifierColumn says which column does.");
            var plan = Plan(file, reader, identifier, isGuess);
            if (InferType && plan is not null)
                plan = Inferred(file, plan);
            if (plan is null || !Confirmed(input, plan))
                return;
            var shown = RedactedReader.Of(reader, plan, Delimiter);
            if (BeginTrail(input with { Types = Types(plan) }, shown is RedactedReader redacted ? redacted.MarkedColumns : shown.Header) is { } trailProblem)
            {
                Fail(trailProblem);
                return;
            }

            _files.Add(file);
            if (IsFinished)
                return;
            var run = StartRun(new CsvRowDescription(Dependencies.Csv), Records, trail: Trail);
            Send(run, input, shown, plan, _identifiers);
            if (!run.IsEnding && File.Exists(file) && JournalInput.Of(file) != input)
                BreakOff(Errors.FileChanged(file));
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
        [nameof(PropertyType)] = Text(PropertyType),
        [nameof(InferType)] = InferType.ToString(),
        [nameof(Culture)] = Culture.Name,
        [nameof(DateFormat)] = string.Join(',', DateFormat),
        [nameof(TimeZone)] = TimeZone.Id,
        [nameof(ListSeparator)] = ListSeparator,
        [nameof(EmptyCell)] = EmptyCell.ToString(),
        [nameof(DuplicateHeaderAction)] = DuplicateHeaderAction.ToString(),
        [nameof(MismatchedFieldAction)] = MismatchedFieldAction.ToString(),
        [nameof(Property)] = string.Join(',', Property ?? []),
        [nameof(ExcludeProperty)] = string.Join(',', ExcludeProperty ?? []),
        [nameof(HashProperty)] = string.Join(',', HashProperty),
        [nameof(PropertyMap)] = Text(PropertyMap),
        [nameof(UseReservedName)] = UseReservedName.ToString(),
        [nameof(ExpandName)] = ExpandName.ToString(),
        [nameof(Unique)] = Unique.ToString(),
    };

    /// <summary>A parameter that makes no sense with the operation; null when there is none. A number cannot be null, and lists have no properties.</summary>
    private string? UnfitOption => Operation switch
    {
        Operation.Set => null,
        Operation.SetOnce => EmptyCell == EmptyCell.Unset ? "-EmptyCell Unset" : null,
        _ => EmptyCell != EmptyCell.Skip ? $"-EmptyCell {EmptyCell}" : ExpandName ? "-ExpandName" : null,
    };

    /// <summary>The names of the column that holds the identifier, when none is named.</summary>
    private protected abstract IReadOnlyList<string> UsualIdentifiers { get; }

    /// <summary>Names of columns that serve as the identifier where there is none of the usual ones.</summary>
    private protected virtual IReadOnlyList<string> OtherIdentifiers => [];

    /// <summary>Whether the rows of a file without an identifier get random ones.</summary>
    private protected virtual bool MakesIdentifiers => false;

    /// <summary>Why the parameters of the command do not go together; null when they do.</summary>
    private protected virtual ErrorRecord? OptionProblem => null;

    /// <summary>What one profile is called in a question.</summary>
    private protected abstract string Noun { get; }

    /// <summary>What every record carries.</summary>
    private protected abstract RecordOptions Records { get; }

    private static string Text(IDictionary? map) =>
        map is null ? "" : string.Join(',', map.Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}").Order(StringComparer.Ordinal));

    /// <summary>What the columns of a file become; null, after an error, when that cannot be.</summary>
    private ColumnPlan? Plan(string file, ICsvReader reader, int identifier, bool keepsIdentifier)
    {
        var leftOut = LeftOut(reader.Header, identifier);
        var includes = ColumnFilter.Of(Property, ExcludeProperty);
        try
        {
            return ColumnPlan.Create(reader.Header, identifier, new()
            {
                KeepsIdentifier = keepsIdentifier,
                Includes = column => includes(column) && !leftOut.Contains(column),
                Required = [.. ColumnFilter.Literal(Property, nameof(Property)), .. CsvImport.IsRejectFile(reader) ? [] : ColumnFilter.Literal(ExcludeProperty, nameof(ExcludeProperty))],
                Hashed = HashProperty,
                Withholds = ColumnFilter.Any(ExcludeProperty),
                PropertyMap = ColumnFilter.Names(PropertyMap),
                UsesReservedNames = UseReservedName,
                ExpandsNames = ExpandName,
                Types = ColumnFilter.Types(PropertyType),
                Format = new() { Culture = Culture, DateFormats = DateFormat, TimeZone = TimeZone, ListSeparator = ListSeparator },
                EmptyCell = EmptyCell,
                MismatchedField = MismatchedFieldAction,
            });
        }
        catch (ColumnException e)
        {
            Fail(Errors.ColumnsUnfit(e, file));
        }
        catch (ArgumentException e)
        {
            Fail(Errors.InvalidPropertyType(e, PropertyType!));
        }
        catch (FormatException e)
        {
            Fail(Errors.InvalidPropertyMap(e, PropertyMap!));
        }

        return null;
    }

    private string[] LeftOut(IReadOnlyList<string> header, int identifier)
    {
        if (IdentifierColumn is not null || identifier < 0)
            return [];
        string[] columns = [.. ShownProfile.NotProperties(header, identifier, _ => false).Select(i => header[i])];
        if (columns.Length > 0 && !_warned)
            WriteWarning(ShownProfile.Warning(columns, "-IdentifierColumn"));
        _warned |= columns.Length > 0;
        return columns;
    }

    /// <summary>The plan with what the first rows of the file say; null, after an error, when it cannot be read.</summary>
    private ColumnPlan? Inferred(string file, ColumnPlan plan)
    {
        try
        {
            using var sample = Open(file, plan);
            var inferred = TypeInference.Infer(plan, sample);
            var types = Types(inferred);

            // As Write-Host does: it is shown, and can be redirected.
            WriteInformation(new HostInformationMessage { Message = $"{System.IO.Path.GetFileName(file)}: {(types.Length == 0 ? "every column is taken as text" : $"taken as {types}, other columns as text")}." }, ["PSHOST"]);
            return inferred;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
            Fail(Errors.FileNotReadable(e, file));
            return null;
        }
    }

    private static string Types(ColumnPlan plan) =>
        string.Join(", ", plan.Columns.Where(c => c.TypeSource == TypeSource.Inferred).GroupBy(c => c.Type).OrderBy(g => g.Key).Select(g => $"{g.Key}: {string.Join(" ", g.Select(c => $"'{c.Header}'"))}"));

    /// <summary>Asks once a file, and names what the answer is about; only who is asked has to wait for it to be counted.</summary>
    private bool Confirmed(JournalInput input, ColumnPlan plan)
    {
        var file = input.Path;
        if (!IsWhatIf && !IsConfirming)
            return ShouldProcess(file, $"Import {Noun}s");
        using var reader = Open(file, plan);
        using var preview = new DeliveryRun(this, new CsvRowDescription(Dependencies.Csv), new AcceptingTransport(), "", Options with { MaxUpdatesPerSecond = null, MaxFailure = null, Timeout = null }, StopToken)
        {
            ReportsRequests = false,
            ReportsRejections = IsWhatIf,
        };
        Send(preview, input, reader, plan, IsWhatIf ? _identifiers : new());
        preview.Complete();
        var account = preview.Account;
        if (IsWhatIf)
            _previewed = _previewed.Plus(new() { Read = account.Read, Rejected = account.Rejected });
        return ShouldProcess(file, $"Import {Noun}s ({Errors.Count(account.Accepted, "update")} in {Errors.Count(account.Requests, "request")}, {Errors.Count(account.Rejected, "row")} rejected)");
    }

    private void Send(DeliveryRun run, JournalInput input, ICsvReader reader, ColumnPlan plan, IdentifierSet identifiers)
    {
        var length = Math.Max(1, input.Length);
        var shown = new CsvInput(input.Path, Dialect, reader is RedactedReader redacted ? redacted.RowColumns : reader.Header);
        var updates = new CsvUpdates(reader, plan, Operation, run.Writer, shown)
        {
            Rejected = run.Reject,
            Advanced = position => run.Progressed((int)Math.Min(100, position * 100 / length)),
            IsStopped = () => run.IsEnding,
            Identifiers = identifiers,
        };
        try
        {
            if (Unique)
                run.Produce(() => FindLastRows(updates, input.Path, plan));
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
            BreakOff(Errors.FileNotReadable(e, input.Path));
        }
    }

    // A journal tells rows apart by their number, so what follows a file whose end nobody knows has none yet.
    private void BreakOff(ErrorRecord error)
    {
        _brokeOff = Trail?.Journal is not null;
        Fail(error);
    }

    private ICsvReader Open(string file, ColumnPlan plan) => RedactedReader.Of(CsvImport.Open(Dependencies.Csv, file, Dialect), plan, Delimiter);

    private Task FindLastRows(CsvUpdates updates, string file, ColumnPlan plan)
    {
        using var reader = Open(file, plan);
        updates.SendOnlyLastRows(reader, StopToken);
        return Task.CompletedTask;
    }

    private void WriteSummary()
    {
        var account = Run?.Account ?? (IsFinished ? Earlier : _previewed);
        WriteObject(new ImportResult(_files, account, Run?.Elapsed ?? TimeSpan.Zero, _incomplete || Run?.IsEnding == true, Earlier, _identifiers.Repeated));
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
