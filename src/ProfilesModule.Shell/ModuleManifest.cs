namespace ProfilesModule.Shell;

/// <summary>Finds the module that the shell imports.</summary>
internal static class ModuleManifest
{
    private const string ManifestName = "ProfilesModule.psd1";
    private const string ModuleAssembly = "bin/ProfilesModule.dll";

    /// <summary>Walks up from a folder to the one that holds the manifest.</summary>
    /// <param name="folder">Where to start.</param>
    /// <returns>The full path of the manifest.</returns>
    /// <exception cref="FileNotFoundException">There is no manifest, or the module it describes is not built.</exception>
    public static string Find(string folder)
    {
        for (var directory = new DirectoryInfo(folder); directory is not null; directory = directory.Parent)
        {
            var manifest = Path.Combine(directory.FullName, ManifestName);
            if (!File.Exists(manifest))
                continue;

            return File.Exists(Path.Combine(directory.FullName, ModuleAssembly))
                ? manifest
                : throw new FileNotFoundException($"ProfilesModule is not built: {directory.FullName} has no {ModuleAssembly}. Run 'dotnet build' there first.");
        }

        throw new FileNotFoundException($"{ManifestName} was not found in {folder} or in a folder above it.");
    }
}
