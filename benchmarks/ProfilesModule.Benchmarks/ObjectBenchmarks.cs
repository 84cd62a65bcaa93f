using System.Collections;
using System.Data;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using BenchmarkDotNet.Attributes;

namespace ProfilesModule.Benchmarks;

/// <summary>
/// Rows of the pipeline through Set-UserProfile in the hosted engine, to a service in this process that reads and forgets.
/// Each figure is of one row, from the pipeline to the reply.
/// </summary>
public class ObjectBenchmarks
{
    private const int Rows = 10_000;

    private readonly DiscardingService _service = new();
    private Runspace _runspace = null!;
    private PSObject[] _dataRows = null!;
    private PSObject[] _hashtables = null!;
    private PSObject[] _objects = null!;

    [GlobalSetup]
    public void Setup()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Path.Combine(Repository(), "ProfilesModule.psd1")]);
        state.ThrowOnRunspaceOpenError = true;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
        using (var connect = PowerShell.Create(_runspace))
            connect.AddCommand("Connect-UserProfileService").AddParameter("Endpoint", _service.Address.ToString()).AddParameter("Token", "token").Invoke();
        var values = Enumerable.Range(0, Rows).Select(Values).ToArray();
        using var table = Table();
        _dataRows = [.. values.Select(row => PSObject.AsPSObject(table.Rows.Add(row)))];
        _hashtables = [.. values.Select(row => PSObject.AsPSObject(Hashtable(row)))];
        _objects = [.. values.Select(Custom)];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _runspace.Dispose();
        _service.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void DataRows() => Set(_dataRows);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Hashtables() => Set(_hashtables);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Custom_objects() => Set(_objects);

    private static object[] Values(int row)
    {
        var cells = Sample.Row(row);
        var values = cells.Cast<object>().ToArray();
        values[5] = DateTime.Parse(cells[5], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        values[6] = DateTime.Parse(cells[6], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        values[7] = int.Parse(cells[7], CultureInfo.InvariantCulture);
        values[8] = double.Parse(cells[8], CultureInfo.InvariantCulture);
        values[9] = cells[9] == "true";
        return values;
    }

    private static DataTable Table()
    {
        var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        foreach (var (name, value) in Sample.Header.Zip(Values(0)))
            table.Columns.Add(name, value.GetType());
        return table;
    }

    private static Hashtable Hashtable(object[] values)
    {
        var row = new Hashtable();
        foreach (var (name, value) in Sample.Header.Zip(values))
            row.Add(name, value);
        return row;
    }

    private static PSObject Custom(object[] values)
    {
        var row = new PSObject();
        foreach (var (name, value) in Sample.Header.Zip(values))
            row.Properties.Add(new PSNoteProperty(name, value));
        return row;
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ProfilesModule.psd1")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The benchmarks do not run inside the repository.");
    }

    private void Set(PSObject[] rows)
    {
        using var set = PowerShell.Create(_runspace);
        set.AddCommand("Set-UserProfile").AddParameter("BatchSize", 2000).AddParameter("ErrorAction", "Stop").Invoke(rows);
    }
}
