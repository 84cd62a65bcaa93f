using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;
using Xunit.Sdk;

namespace ProfilesModule.Tests.Delivery.Chaos;

/// <summary>
/// A random file, imported with random options while the service fails at random; then resumed, or its rejects tried again,
/// until it is through, in the end without faults. After each import the account, the errors, the reject file and what the
/// service knows must agree.
/// </summary>
internal sealed partial class ChaosRun
{
    private readonly ModuleSession _session;
    private readonly ChaosService _service;
    private readonly TemporaryFolder _folder;
    private readonly Random _random;
    private readonly ChaosInput _input;
    private readonly string _operation;
    private readonly bool _isRepeatable;
    private readonly bool _retriesAmbiguous;
    private readonly bool _hasJournal;
    private readonly bool _hasRejects;

    // The rows that were accepted, in the order in which they must have been applied.
    private readonly List<(int Import, int Position, ChaosRow Row)> _accepted = [];

    // Profiles of which a reject file said that a later row was sent.
    private readonly HashSet<string> _superseded = [];
    private readonly StringBuilder _story = new();
    private int _imports;

    private ChaosRun(ModuleSession session, ChaosService service, TemporaryFolder folder, Random random, ChaosInput input, string operation, bool retriesAmbiguous)
    {
        _session = session;
        _service = service;
        _folder = folder;
        _random = random;
        _input = input;
        _operation = operation;
        _isRepeatable = operation is not ("Add" or "Append");
        _retriesAmbiguous = retriesAmbiguous;
        _hasJournal = random.Next(2) == 0;
        _hasRejects = random.Next(5) > 1;
    }

    /// <summary>Makes the run that follows from a seed.</summary>
    /// <returns>How often the cmdlet ran.</returns>
    public static async Task<int> CheckAsync(ModuleSession session, int seed)
    {
        var random = new Random(seed);
        string[] operations = ["Set", "Set", "Set", "Add", "Append", "Union"];
        var operation = operations[random.Next(operations.Length)];
        var retriesAmbiguous = random.Next(4) == 0;
        var input = ChaosInput.Make(random, operation);
        using var folder = new TemporaryFolder();
        await using var service = new ChaosService(input.Rows, operation, seed) { OnlyOnce = operation is "Add" or "Append" && !retriesAmbiguous };
        session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint", new { endpoint = service.Endpoint }).Succeeded();
        var run = new ChaosRun(session, service, folder, random, input, operation, retriesAmbiguous);
        try
        {
            run.Check();
        }
        catch (Exception e)
        {
            throw new XunitException($"PROFILES_CHAOS_SEED={seed}, {input.Rows.Count} rows: {e.Message}\n{run._story}{string.Join('\n', service.Violations.Take(5))}", e);
        }

        return run._imports;
    }

    private void Check()
    {
        double[] shares = [0.02, 0.1, 0.3, 0.6];
        var faults = shares[_random.Next(shares.Length)];
        var calm = _random.Next(1, 4);
        var import = NewImport(_folder.Write("input.csv", _input.Text), _input.Rows, []);
        while (true)
        {
            var isCalm = _imports >= calm;
            _service.Faults = isCalm ? 0 : faults;
            _service.MostUpdates = _random.Next(3) == 0 ? _random.Next(1, 300) : int.MaxValue;
            var isNew = import.Reported.Count == 0 && !File.Exists(import.Journal);
            var stoppedEarly = Import(import, mayFail: !isCalm);
            Assert.False(isCalm && stoppedEarly, "An import without faults ended early.");
            if (import.Journal is not null && stoppedEarly)
                continue;
            if (import.Rejects is null)
                break;
            var rejects = ReadRejects(import);
            var again = NewImport(import.Rejects, [.. rejects.Select(r => r.Row)], rejects);
            if (isCalm && isNew)
                break;
            import = again;
        }

        CheckTheEnd(import);
    }

    private ChaosImport NewImport(string file, IReadOnlyList<ChaosRow> rows, IReadOnlyList<Reject> rejects) => new(
        _imports,
        file,
        rows,
        rejects.Where(r => r.ErrorId == "OutcomeUnknown").Select(r => r.Row).ToHashSet(),
        rejects.Where(r => r.IsSuperseded).Select(r => r.Row).ToHashSet(),
        _hasJournal ? _folder.File($"journal{_imports}") : null,
        _hasRejects ? _folder.File($"rejects{_imports}.csv") : null);

    /// <summary>Runs the cmdlet and checks what came of it; true when the import ended early.</summary>
    private bool Import(ChaosImport import, bool mayFail)
    {
        var number = ++_imports;
        var isFirst = !File.Exists(import.Journal);
        if (isFirst)
            _service.BeginImport();
        int[] sizes = [1, 2, 7, 20, 100, 500, 2000];
        int[] retries = [0, 1, 3, 6, 20];
        var batchSize = Math.Max(sizes[_random.Next(sizes.Length)], import.Rows.Count / 100);
        var maxFailure = mayFail && _random.Next(4) == 0 ? _random.Next(1, 20) : 0;
        var script = new StringBuilder($"Import-UserProfileCsv $path -Operation {_operation} -IdentifierColumn id -BatchSize {batchSize}");
        script.Append(CultureInfo.InvariantCulture, $" -MaxConcurrency {_random.Next(1, 9)} -MaximumRetryCount {retries[_random.Next(retries.Length)]} -RetryIntervalSec 0");
        if (maxFailure > 0)
            script.Append(CultureInfo.InvariantCulture, $" -MaxFailure {maxFailure}");
        if (_retriesAmbiguous)
            script.Append(" -RetryAmbiguous");
        if (import.Journal is not null)
            script.Append(" -JournalPath $journal -Resume");
        if (import.Rejects is not null)
            script.Append(" -RejectPath $rejects");
        _story.AppendLine(CultureInfo.InvariantCulture, $"{number}. {script} # {Path.GetFileName(import.File)}, {import.Rows.Count} rows, faults {_service.Faults}, at most {_service.MostUpdates} updates");

        var known = import.Reported.Keys.ToHashSet();
        var result = _session.Run(script.ToString(), new { path = import.File, journal = import.Journal, rejects = import.Rejects });
        Assert.Null(result.Terminating);
        var account = new Account(result);
        _story.AppendLine(CultureInfo.InvariantCulture, $"   {account}; {string.Join("; ", [.. result.Errors.Where(e => !RowsOf(e).Any()).Select(e => e.ToString()), .. result.Warnings])}");
        Assert.Empty(_service.Violations);
        if (account.StoppedEarly)
            Assert.Equal(result.Errors.Any(e => e.FullyQualifiedErrorId.StartsWith("RetriesExhausted,", StringComparison.Ordinal)) ? 75 : 2, account.ExitCode);

        foreach (var error in result.Errors)
        {
            foreach (var row in RowsOf(error))
                Assert.True(import.Reported.TryAdd(row, error.FullyQualifiedErrorId.Split(',')[0]), $"Row {row.Number} was reported twice.");
        }

        TakeRestOfReports(import, result);
        var accepted = _accepted.Select(a => a.Row).ToHashSet();
        _accepted.AddRange(import.Rows.Index().Where(r => IsAccepted(r.Item) && !accepted.Contains(r.Item)).Select(r => (import.Number, r.Index, r.Item)));
        var reported = import.Reported.Where(r => !known.Contains(r.Key)).ToList();
        Agree(import, account, reported);
        CheckApplied();
        foreach (var row in reported.Where(r => r.Value == "OutcomeUnknown"))
            _service[row.Key].Known = Known.Nothing;
        var warned = import.Superseded.Count(row => _retriesAmbiguous || !import.Marked.Contains(row));
        if (isFirst && !account.StoppedEarly)
            Assert.Equal(warned > 0 ? [Counted(warned)] : [], result.Warnings.Where(w => w.Contains("-SkipSuperseded", StringComparison.Ordinal)).Select(w => string.Join(' ', w.Split(' ').Take(2))));
        if (import.Journal is not null && account.StoppedEarly)
        {
            foreach (var row in LeftToResume(import))
            {
                import.Reported.Remove(row);
                _service[row].Known = _service[row].Known == Known.Refused ? Known.NotApplied : _service[row].Known;
            }
        }

        return account.StoppedEarly;
    }

    private static string Counted(int rows) => string.Create(CultureInfo.InvariantCulture, $"{rows:N0} {(rows == 1 ? "row" : "rows")}");

    /// <summary>Rows that were refused, and will be again when the import goes on: an earlier row of their profile has no outcome yet, and the reject file is in order.</summary>
    private List<ChaosRow> LeftToResume(ChaosImport import)
    {
        var open = import.Rows.Where(row => row.Id.Length > 0 && !IsAccepted(row) && !import.Reported.ContainsKey(row) && !IsSkipped(import, row))
            .Select(row => (row.Id, Position: import.PositionOf(row))).GroupBy(row => row.Id).ToDictionary(rows => rows.Key, rows => rows.Min(row => row.Position));
        return [.. import.Reported.Keys.Concat(import.Marked.Where(row => IsSkipped(import, row))).Where(row => open.TryGetValue(row.Id, out var first) && first < import.PositionOf(row))];
    }

    private bool IsSkipped(ChaosImport import, ChaosRow row) => import.Marked.Contains(row) && !_retriesAmbiguous;

    /// <summary>Beside a reject file the rows behind the first hundred of an ErrorId are one error, which says how many they are; the file has each.</summary>
    private void TakeRestOfReports(ChaosImport import, ScriptResult result)
    {
        foreach (var more in result.Errors.Select(e => MoreRows().Match(e.ToString())).Where(m => m.Success))
        {
            var errorId = more.Groups[2].Value;
            var rest = ReadRejects(import)
                .Where(r => r.ErrorId == errorId && !import.Reported.ContainsKey(r.Row) && (_retriesAmbiguous || !import.Marked.Contains(r.Row)))
                .ToList();
            Assert.Equal(int.Parse(more.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), rest.Count);
            Assert.InRange(result.Errors.Where(e => e.FullyQualifiedErrorId.Split(',')[0] == errorId).SelectMany(RowsOf).Count(), 100, int.MaxValue);
            rest.ForEach(r => import.Reported.Add(r.Row, errorId));
        }
    }

    /// <summary>The account, the errors, the reject file and the service must tell of the same.</summary>
    private void Agree(ChaosImport import, Account account, IReadOnlyList<KeyValuePair<ChaosRow, string>> reported)
    {
        var accepted = import.Rows.Where(IsAccepted).ToHashSet();
        Assert.Equal(account.Read, account.Accepted + account.Rejected + account.Skipped + account.Unknown + account.Unsent);
        Assert.InRange(account.Unsent, 0, account.StoppedEarly ? account.Read : 0);
        Assert.Equal(accepted.Count, account.Accepted);
        Assert.Equal(import.Reported.Count, account.Rejected + account.Unknown);
        Assert.Equal(import.Reported.Values.Count(id => id == "OutcomeUnknown"), account.Unknown);
        if (!account.StoppedEarly)
            Assert.Equal(import.Reported.Count > 0 ? 1 : 0, account.ExitCode);
        Assert.DoesNotContain(import.Reported.Keys, accepted.Contains);

        // What the service refused for what it is, and nothing else, is what the user was told it refused.
        Assert.Equal(
            import.Rows.Where(r => _service[r].Known == Known.Refused).Select(r => r.Number).Order(),
            import.Reported.Where(r => r.Value is "UpdateRejected" or "UpdateTooLarge").Select(r => r.Key.Number).Order());
        Assert.True(!_isRepeatable || account.Unknown == 0);
        Assert.True(!(_isRepeatable || _retriesAmbiguous) || account.Skipped == 0);

        if (!account.StoppedEarly)
        {
            Assert.Equal(import.Rows.Count, account.Read);
            Assert.Equal(import.Rows.Count, accepted.Count + import.Reported.Count + account.Skipped);
        }

        if (import.Rejects is not null)
            AgreeOnRejects(import, account, accepted);

        foreach (var row in reported.Where(r => r.Key.Kind != ChaosKind.Good && r.Value is not ("DeliveryFailed" or "OutcomeUnknown")))
            Assert.Equal(row.Key.Kind == ChaosKind.Malformed, row.Value is not ("UpdateRejected" or "UpdateTooLarge"));
    }

    private void AgreeOnRejects(ChaosImport import, Account account, HashSet<ChaosRow> accepted)
    {
        var rejects = ReadRejects(import);
        CheckOrder(import, rejects);
        Assert.Equal(rejects.Count, rejects.Select(r => r.Row).Distinct().Count());
        var skipped = rejects.Where(r => import.Marked.Contains(r.Row) && r.ErrorId == "OutcomeUnknown" && !import.Reported.ContainsKey(r.Row)).ToList();
        var unsent = rejects.Where(r => r.ErrorId == "NotSent").ToList();
        var left = import.Journal is not null && account.StoppedEarly ? LeftToResume(import) : [];
        Assert.InRange(account.Skipped, skipped.Count, skipped.Count + left.Count(row => IsSkipped(import, row)));
        Assert.Equal(import.Reported.ExceptBy(left, r => r.Key).OrderBy(r => r.Key.Number).Select(r => (r.Key.Number, r.Value)), rejects.Except(skipped).Except(unsent).OrderBy(r => r.Row.Number).Select(r => (r.Row.Number, r.ErrorId)));
        Assert.DoesNotContain(unsent, r => import.Marked.Contains(r.Row) && !_retriesAmbiguous);
        if (import.Journal is not null)
        {
            Assert.Empty(unsent);
            return;
        }

        // Nothing else would bring them back.
        Assert.Equal(unsent.Count, account.Unsent);
        Assert.Equal(import.Rows.Count, account.Read);
        Assert.Equal(import.Rows.Select(r => r.Number).Order(), accepted.Concat(rejects.Select(r => r.Row)).Select(r => r.Number).Order());
    }

    /// <summary>The reject file has the rows of a profile in input order, and says which of them are older than one that was sent.</summary>
    private void CheckOrder(ChaosImport import, IReadOnlyList<Reject> rejects)
    {
        foreach (var profile in rejects.Where(r => r.Row.Id.Length > 0).GroupBy(r => r.Row.Id))
        {
            var positions = profile.Select(r => import.PositionOf(r.Row)).ToList();
            Assert.Equal(positions.Order(), positions);
            var lastSent = import.Rows.Where(row => row.Id == profile.Key && (IsAccepted(row) || import.Reported.GetValueOrDefault(row) == "OutcomeUnknown")).Select(import.PositionOf).DefaultIfEmpty(-1).Max();
            if (_operation is "Set" or "Append")
                Assert.All(profile, r => Assert.Equal(import.Superseded.Contains(r.Row) || import.PositionOf(r.Row) < lastSent, r.IsSuperseded));
            else
                Assert.DoesNotContain(profile, r => r.IsSuperseded);
            if (profile.Any(r => r.IsSuperseded))
                _superseded.Add(profile.Key);
        }
    }

    /// <summary>Every accepted row was applied, in order, and what must count once was applied once.</summary>
    private void CheckApplied()
    {
        foreach (var row in _input.Rows)
        {
            var arrival = _service[row];
            Assert.True(arrival.Known != Known.Applied || arrival.Applied > 0);
            Assert.True(row.Kind == ChaosKind.Good || arrival.Applied == 0);
            Assert.True(_isRepeatable || _retriesAmbiguous || arrival.Applied <= 1, $"Row {row.Number} counted {arrival.Applied} times.");
        }

        foreach (var profile in _accepted.GroupBy(a => a.Row.Id))
        {
            var rows = profile.OrderBy(a => a.Import).ThenBy(a => a.Position).Select(a => a.Row).ToList();
            Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(
                _service[pair.First].LastApplied < _service[pair.Second].LastApplied,
                $"Row {pair.First.Number} of '{profile.Key}' was applied after row {pair.Second.Number}."));

            // Rows that were applied and of which the client does not know it may show too, until they are sent again.
            if (_operation == "Set" && _input.Rows.Where(r => r.Id == profile.Key).All(r => IsAccepted(r) || _service[r].Applied == 0))
                Assert.Equal(StateAfter(rows), Shown(_service.Profiles[profile.Key]));
        }
    }

    private void CheckTheEnd(ChaosImport last)
    {
        if (!_hasRejects && !_hasJournal && _isRepeatable)
        {
            // Nothing was kept, so all of it is sent again.
            _service.BeginAgain();
            _service.Faults = 0;
            _accepted.Clear();
            _superseded.Clear();
            last = NewImport(last.File, last.Rows, []);
            Import(last, mayFail: false);
        }
        else if (!_hasRejects)
        {
            return;
        }

        foreach (var row in _input.Rows.Where(r => r.Kind == ChaosKind.Good && !IsAccepted(r)))
            Assert.True(!_isRepeatable && !_retriesAmbiguous && _service[row].Known == Known.Nothing, $"Row {row.Number} was lost.");
        if (_operation != "Set")
            return;

        // As a sequential application would leave them, where no warning spoke of them.
        foreach (var profile in _input.Rows.Where(r => r.Kind == ChaosKind.Good && !_superseded.Contains(r.Id)).GroupBy(r => r.Id))
            Assert.Equal(StateAfter(profile), Shown(_service.Profiles[profile.Key]));
    }

    private static string StateAfter(IEnumerable<ChaosRow> rows)
    {
        var properties = new Dictionary<string, string>();
        foreach (var (name, value) in rows.SelectMany(r => r.Cells))
            properties[name] = value;
        return Shown(properties);
    }

    private static string Shown(IEnumerable<KeyValuePair<string, string>> properties) => string.Join(';', properties.OrderBy(p => p.Key).Select(p => $"{p.Key}={p.Value}"));

    private bool IsAccepted(ChaosRow row) => _service[row].Known == Known.Applied;

    private List<Reject> ReadRejects(ChaosImport import) =>
        [.. RejectedRow.ReadFile(import.Rejects!, ChaosInput.Header).Select(r => new Reject(Row(r.Fields.Length > 1 ? r.Fields[1] : NumberIn(r.Fields[0])), r.ErrorId, r.Error.EndsWith("(a later row of this profile was sent)", StringComparison.Ordinal)))];

    private IEnumerable<ChaosRow> RowsOf(ErrorRecord error) => (error.TargetObject is object[] several ? several : (IEnumerable)new[] { error.TargetObject })
        .OfType<PSObject>()
        .Select(o => o.Properties["v"]?.Value as string ?? (o.Properties["Text"]?.Value is string text ? NumberIn(text) : null))
        .OfType<string>()
        .Select(Row);

    private ChaosRow Row(string number) => _input.Rows[int.Parse(number, CultureInfo.InvariantCulture) - 1];

    /// <summary>The number of a row that is not in order, and may have become a single field for that.</summary>
    private static string NumberIn(string raw) => Raw().Match(raw).Groups[1].Value;

    [GeneratedRegex("^(?:\"(?:[^\"]|\"\")*\"|\"?[^,]*),([0-9]+)")]
    private static partial Regex Raw();

    [GeneratedRegex("^([0-9,]+) more rows? ha(?:s|ve) the same error, ([A-Za-z]+)[.]")]
    private static partial Regex MoreRows();

    private sealed record Reject(ChaosRow Row, string ErrorId, bool IsSuperseded);

    /// <summary>The summary that an import wrote.</summary>
    private sealed record Account(long Read, long Accepted, long Rejected, long Skipped, long Unknown, long Unsent, bool StoppedEarly, int ExitCode)
    {
        public Account(ScriptResult result)
            : this(Count(result, "Read"), Count(result, "Accepted"), Count(result, "Rejected"), Count(result, "Skipped"), Count(result, "Unknown"), Count(result, "Unsent"), (bool)result.Value("StoppedEarly")!, (int)result.Value("ExitCode")!)
        {
        }

        private static long Count(ScriptResult result, string name) => (long)result.Value(name)!;
    }
}
