using System.Management.Automation;

namespace ProfilesModule.Files;

/// <summary>Finds the file that a command is to write, and makes sure that it may.</summary>
internal static class OutputPath
{
    /// <summary>The file that a path names, whether it exists or not; ends the command when it names none.</summary>
    /// <param name="command">The command.</param>
    /// <param name="path">The path, relative to the location of the session.</param>
    /// <param name="isLiteral">Whether wildcards in it mean nothing; else they choose the one file that exists and matches.</param>
    public static string Resolve(PSCmdlet command, string path, bool isLiteral)
    {
        try
        {
            var hasWildcards = !isLiteral && WildcardPattern.ContainsWildcardCharacters(path);
            var file = command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(isLiteral || hasWildcards ? path : WildcardPattern.Unescape(path), out var provider, out _);
            if (hasWildcards)
            {
                var files = command.GetResolvedProviderPathFromPSPath(path, out provider);
                if (files.Count != 1)
                    command.ThrowTerminatingError(Errors.PathAmbiguous(path, files.Count));
                file = files[0];
            }

            if (provider.Name != "FileSystem" || Directory.Exists(file))
                command.ThrowTerminatingError(Errors.NotAFile(path));
            if (!Directory.Exists(Path.GetDirectoryName(file)))
                throw new ItemNotFoundException($"There is no folder '{Path.GetDirectoryName(file)}'.");
            return file;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            command.ThrowTerminatingError(Errors.PathNotFound(e, path));
            throw;
        }
    }

    /// <summary>Ends the command when a file exists that must not be overwritten.</summary>
    /// <param name="command">The command.</param>
    /// <param name="file">The file.</param>
    /// <param name="overwrite">Whether it may be, if it is not read-only.</param>
    /// <param name="overwriteReadOnly">Whether it may be even then.</param>
    public static void Require(PSCmdlet command, string file, bool overwrite, bool overwriteReadOnly)
    {
        if (!File.Exists(file))
            return;
        if (!overwrite)
            command.ThrowTerminatingError(Errors.FileExists(file));
        if (!overwriteReadOnly && File.GetAttributes(file).HasFlag(FileAttributes.ReadOnly))
            command.ThrowTerminatingError(Errors.FileReadOnly(file));
    }
}
