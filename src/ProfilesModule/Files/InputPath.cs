using System.Collections.ObjectModel;
using System.Management.Automation;

namespace ProfilesModule.Files;

/// <summary>The files that a path parameter names.</summary>
internal static class InputPath
{
    /// <summary>Resolves a path; a wildcard to files in the order of their names, by which a journal knows them again. What names no file is told to <paramref name="fail"/>, and none is returned for it.</summary>
    /// <param name="command">The command whose location the path is relative to.</param>
    /// <param name="path">The path.</param>
    /// <param name="isLiteral">Whether it is a name without wildcards.</param>
    /// <param name="fail">Hears of what is wrong.</param>
    /// <param name="isOwn">Whether the command writes a file itself, for which no wildcard stands; null when it writes none.</param>
    public static IReadOnlyList<string> Resolve(PSCmdlet command, string path, bool isLiteral, Action<ErrorRecord> fail, Func<string, bool>? isOwn = null)
    {
        if (!isLiteral && path == StandardInput.Path)
            return [path];
        try
        {
            ProviderInfo provider;
            Collection<string> files = isLiteral
                ? [command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _)]
                : command.GetResolvedProviderPathFromPSPath(path, out provider);
            if (!isLiteral && WildcardPattern.ContainsWildcardCharacters(path))
                files = [.. files.Where(file => isOwn?.Invoke(file) != true).Order(StringComparer.Ordinal)];
            if (provider.Name != "FileSystem")
                fail(Errors.NotAFile(path));
            else if (files.Count == 0)
                fail(Errors.PathNotFound(new ItemNotFoundException($"No file matches '{path}'."), path));
            else
                return files;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            fail(Errors.PathNotFound(e, path));
        }

        return [];
    }
}
