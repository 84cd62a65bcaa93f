using System.Diagnostics;
using System.Reflection;
using ProfilesModule.Benchmarks.EndToEnd.Runs;

namespace ProfilesModule.Benchmarks.EndToEnd;

/// <summary>What cases measure with: the sink, the files, the programs.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private const string Manifest = "ProfilesModule.psd1";
    private const string SinkProject = "benchmarks/ProfilesModule.Sink";

    // The command of the .NET tool is a shim, which would be measured in place of the process that it starts.
    private static readonly string PwshAssembly = Path.Combine(
        typeof(Rig).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PowerShellTool").Value!,
        OperatingSystem.IsWindows() ? "win" : "unix",
        "pwsh.dll");

    private Rig(CommandLine options, SinkProcess sink)
    {
        Options = options;
        Sink = sink;
        Directory.CreateDirectory(Folder);
        Files = new(Folder);
    }

    public CommandLine Options { get; }

    public SinkProcess Sink { get; }

    /// <summary>The generated files.</summary>
    public ProfileGenerator Files { get; }

    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The manifest of the module.</summary>
    public static string Module { get; } = Path.Combine(Repository, Manifest);

    /// <summary>The manifest of a module with one cmdlet that does nothing.</summary>
    public static string EmptyModule { get; } = Path.Combine(Repository, "benchmarks/ProfilesModule.EmptyModule/ProfilesModule.EmptyModule.psd1");

    /// <summary>Where files are kept from run to run.</summary>
    public static string Folder { get; } = Path.Combine(Path.GetTempPath(), "ProfilesModule.Benchmarks");

    public static async Task<Rig> StartAsync(CommandLine options) => new(options, await SinkProcess.StartAsync(Assembly(SinkProject)));

    /// <summary>Starts another sink.</summary>
    public static Task<SinkProcess> StartSinkAsync() => SinkProcess.StartAsync(Assembly(SinkProject));

    /// <summary>The Release build of a project.</summary>
    public static string Assembly(string project) => Path.Combine(Repository, project, "bin", "Release", Path.GetFileName(project) + ".dll");

    /// <summary>A script of the cases.</summary>
    public static string Script(string name) => Path.Combine(Repository, "benchmarks/ProfilesModule.EndToEnd/Scripts", name);

    /// <summary>A file in the folder of the benchmarks.</summary>
    public static string InFolder(string name) => Path.Combine(Folder, name);

    /// <summary>The pwsh of the .NET tool, running a script or command.</summary>
    public static MeasuredProgram Pwsh(string name, params string[] arguments) => new(name, "dotnet", [PwshAssembly, "-NoProfile", "-NonInteractive", .. arguments]);

    /// <summary>A pwsh that imports a module and does nothing else: what is taken off for net figures.</summary>
    /// <param name="manifest">The module; this one without any.</param>
    public static MeasuredProgram Start(string? manifest = null) =>
        Pwsh($"start with {Path.GetFileNameWithoutExtension(manifest ?? Module)}", "-Command", $"Import-Module '{manifest ?? Module}'");

    /// <summary>Import-UserProfileCsv.</summary>
    /// <param name="name">What the log calls it.</param>
    /// <param name="file">What is imported.</param>
    /// <param name="parameters">The parameters, besides the types of columns.</param>
    /// <param name="sink">Where it is sent; null for the sink of all cases.</param>
    public MeasuredProgram Import(string name, ProfileFile file, string parameters, SinkProcess? sink = null) => Pwsh(name, "-Command", $$"""
        Import-Module '{{Module}}'
        Connect-UserProfileService -Endpoint '{{(sink ?? Sink).Address}}' -Token benchmark
        $result = Import-UserProfileCsv '{{file.Path}}' -PropertyType @{ age = 'Number'; ltv = 'Number'; active = 'Boolean' } {{parameters}}
        exit $result.ExitCode
        """) with { Rows = file.Rows, Arrives = (file.Rows, file.IdSum) };

    /// <summary>The limit program.</summary>
    public MeasuredProgram Limit(ProfileFile file, int connections, int batchSize)
    {
        string[] arguments = [Assembly("benchmarks/ProfilesModule.Limit"), file.Path, new Uri(Sink.Address, "engage").ToString(), $"{connections}", $"{batchSize}"];
        return new("limit program", "dotnet", arguments) { Rows = file.Rows, Arrives = (file.Rows, file.IdSum) };
    }

    /// <summary>Runs programs in turn (A, B, A, B, …), so that what the machine does meanwhile hits all alike.</summary>
    /// <returns>The medians, in the order of the programs.</returns>
    public Task<Measured[]> InTurnAsync(params MeasuredProgram[] programs) => InTurnAsync(Options.Runs, programs);

    /// <summary>The same, so many times.</summary>
    public async Task<Measured[]> InTurnAsync(int times, params MeasuredProgram[] programs)
    {
        var runs = programs.Select(_ => new List<Measured>()).ToArray();
        for (var run = 1; run <= times; run++)
        {
            for (var i = 0; i < programs.Length; i++)
            {
                var measured = await programs[i].RunAsync(Sink);
                runs[i].Add(measured);
                await Console.Error.WriteLineAsync($"run {run}, {programs[i].Name}: {measured}");
            }
        }

        return [.. runs.Select(Measured.Median)];
    }

    public ValueTask DisposeAsync()
    {
        Sink.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Manifest)))
                return folder.FullName;
        }

        throw new UnreachableException($"{Manifest} is in no folder above {AppContext.BaseDirectory}.");
    }
}
