using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Server.Storage;
using ProfilesModule.Sources;

namespace ProfilesModule.Isolation;

/// <summary>
/// Loads the bridges in <c>bin/deps</c>, and the libraries behind them, apart from everything else in the process, so
/// that another module's version of CsvHelper or SQLite never meets ours. Nothing is loaded before it is needed.
/// </summary>
internal static class Dependencies
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(typeof(Dependencies).Assembly.Location)!, "deps");
    private static readonly Lazy<DependencyContext> Context = new(() => new(Folder));
    private static readonly ConcurrentDictionary<string, DependencyContext> Drivers = [];
    private static readonly Lazy<ICsvFormat> CsvFormat = new(() => Create<ICsvFormat>("ProfilesModule.Csv", "ProfilesModule.Csv.CsvFormat"));

    private static readonly Lazy<UpdateHash> XxHash = new(LoadHash);

    public static ICsvFormat Csv => CsvFormat.Value;

    public static IProfileStore OpenSqliteStore(string path) =>
        Create<IProfileStore>("ProfilesModule.Sqlite", "ProfilesModule.Sqlite.SqliteProfileStore", path);

    public static ISyncFile OpenState(string path, bool writes) =>
        Create<ISyncFile>("ProfilesModule.Sqlite", "ProfilesModule.Sqlite.SqliteSyncFile", path, writes);

    /// <summary>The hash of updates: XxHash128.</summary>
    public static UpdateHash Hash => XxHash.Value;

    /// <summary>Loads the driver of a database, apart from everything else.</summary>
    /// <param name="folder">Its own folder in <c>bin/deps</c>; null for a driver that a bridge has too.</param>
    /// <param name="assembly">The name of its assembly.</param>
    public static Assembly LoadDriver(string? folder, string assembly)
    {
        var context = folder is null ? Context.Value : Drivers.GetOrAdd(folder, _ => new(Path.Combine(Folder, folder)));
        return context.LoadFromAssemblyName(new(assembly));
    }

    // What can be unloaded is optimized before its first call. Elsewhere a host calls it a hundred thousand times before it does that.
    private static UpdateHash LoadHash() => new AssemblyLoadContext("ProfilesModule hash", isCollectible: true)
        .LoadFromAssemblyPath(Path.Combine(Folder, "System.IO.Hashing.dll"))
        .GetType("System.IO.Hashing.XxHash128", throwOnError: true)!
        .GetMethod("HashToUInt128", [typeof(ReadOnlySpan<byte>), typeof(long)])!
        .CreateDelegate<UpdateHash>();

    private static T Create<T>(string bridge, string type, params object[] arguments)
    {
        var found = Context.Value.LoadFromAssemblyPath(Path.Combine(Folder, bridge + ".dll")).GetType(type, throwOnError: true)!;
        return (T)Activator.CreateInstance(found, BindingFlags.DoNotWrapExceptions | BindingFlags.Instance | BindingFlags.Public, null, arguments, null)!;
    }

    private sealed class DependencyContext(string folder)
        : AssemblyLoadContext(folder == Folder ? "ProfilesModule" : $"ProfilesModule {Path.GetFileName(folder)}")
    {
        private static readonly Assembly[] Shared = [typeof(ICsvFormat).Assembly, typeof(IProfileStore).Assembly];

        private readonly AssemblyDependencyResolver[] _resolvers =
            [.. Directory.EnumerateFiles(folder, "ProfilesModule.*.dll").Select(bridge => new AssemblyDependencyResolver(bridge))];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            // Types of these cross the border, so there may be only one of each: the one that PowerShell loaded.
            if (Shared.FirstOrDefault(assembly => assembly.GetName().Name == assemblyName.Name) is { } shared)
                return shared;
            var path = _resolvers.Select(r => r.ResolveAssemblyToPath(assemblyName)).FirstOrDefault(p => p is not null);
            return path is null ? null : LoadFromAssemblyPath(path);
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName)
        {
            var path = _resolvers.Select(r => r.ResolveUnmanagedDllToPath(unmanagedDllName)).FirstOrDefault(p => p is not null);
            return path is null ? 0 : LoadUnmanagedDllFromPath(path);
        }
    }
}
