using System.Collections.ObjectModel;
using System.Management.Automation;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Input;
using ProfilesModule.Storage;

namespace ProfilesModule.Files;

/// <summary>Resolves the path parameter of a command that reads files.</summary>
internal static class InputPath
{
    /// <summary>Resolves a path to files; a wildcard to files in the order of their names, so that a journal recognizes them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="path">The path, relative to the location of the session.</param>
    /// <param name="isLiteral">Whether wildcards have no meaning.</param>
    /// <param name="fail">Called with the error if the path does not lead to a file.</param>
    /// <param name="isOwn">Whether the command itself writes a file; wildcards do not match such files.</param>
    public static IReadOnlyList<string> Resolve(
        PSCmdlet command, string path, bool isLiteral, Action<Failure> fail, Func<string, bool>? isOwn = null)
    {
        if (!isLiteral && path == FileInputs.StandardInput)
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
                fail(Failures.NotAFile(path));
            else if (files.Count == 0)
                fail(Failures.PathNotFound(new ItemNotFoundException($"No file matches '{path}'."), path));
            else
                return files;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException
            or ProviderNotFoundException)
        {
            fail(Failures.PathNotFound(e, path));
        }

        return [];
    }
}

/// <summary>Reads a file that is a parameter as text.</summary>
internal static class TextFile
{
    /// <summary>The text of a file in UTF-8, or in the encoding of its byte order mark.</summary>
    /// <param name="command">The command.</param>
    /// <param name="path">The exact path, relative to the location of the session.</param>
    /// <exception cref="FailureException">The file cannot be read.</exception>
    public static string Read(PSCmdlet command, string path)
    {
        var file = InputPath.Resolve(command, path, isLiteral: true, failure => throw new FailureException(failure)).Single();
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(FileInputs.FailureOf(e, file, Failures.FileNotReadable)!);
        }
    }
}

/// <summary>Resolves the path parameter of a command that writes a file.</summary>
internal static class OutputPath
{
    /// <summary>Resolves a path to a file that may or may not exist; ends the command if the path does not lead to a file.</summary>
    /// <param name="command">The command.</param>
    /// <param name="path">The path, relative to the location of the session.</param>
    /// <param name="isLiteral">Whether wildcards have no meaning. Otherwise they must match exactly one existing file.</param>
    public static string Resolve(PSCmdlet command, string path, bool isLiteral)
    {
        try
        {
            var hasWildcards = !isLiteral && WildcardPattern.ContainsWildcardCharacters(path);
            var unescaped = isLiteral || hasWildcards ? path : WildcardPattern.Unescape(path);
            var file = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(unescaped, out var provider, out _);
            if (hasWildcards)
            {
                var files = command.GetResolvedProviderPathFromPSPath(path, out provider);
                if (files.Count != 1)
                    command.ThrowTerminatingError(Failures.PathAmbiguous(path, files.Count));
                file = files[0];
            }

            if (provider.Name != "FileSystem" || Directory.Exists(file))
                command.ThrowTerminatingError(Failures.NotAFile(path));
            if (!Directory.Exists(Path.GetDirectoryName(file)))
                throw new ItemNotFoundException($"There is no folder '{Path.GetDirectoryName(file)}'.");
            return file;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException
            or ProviderNotFoundException)
        {
            command.ThrowTerminatingError(Failures.PathNotFound(e, path));
            throw;
        }
    }

    /// <summary>The file that a path names, where an import leaves something of its own: a journal, a reject file or a log.</summary>
    /// <exception cref="FailureException">It cannot be one.</exception>
    public static string OfOwnFile(PSCmdlet command, string path)
    {
        try
        {
            var file = Path.GetFullPath(command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _));
            if (provider.Name != "FileSystem" || Directory.Exists(file))
                throw new FailureException(Failures.NotAFile(path));
            file = PrivateFile.Real(file);
            return PrivateFile.IsPipe(file) ? throw new FailureException(Failures.NotAFile(path)) : file;
        }
        catch (IOException e)
        {
            throw new FailureException(Failures.FileNotWritable(e, path));
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException
            or ProviderNotFoundException or ArgumentException)
        {
            throw new FailureException(Failures.PathNotFound(e, path));
        }
    }

    /// <summary>Ends the command if the file exists and must not be overwritten.</summary>
    public static void Require(PSCmdlet command, string file, bool overwrite, bool overwriteReadOnly)
    {
        if (!File.Exists(file))
            return;
        if (!overwrite)
            command.ThrowTerminatingError(Failures.FileExists(file));
        if (!overwriteReadOnly && File.GetAttributes(file).HasFlag(FileAttributes.ReadOnly))
            command.ThrowTerminatingError(Failures.FileReadOnly(file));
    }
}
