using System.Management.Automation;
using System.Text;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Files;

/// <summary>What a command reads, one after the other: files, and what can be read only once, which are standard input and pipes.</summary>
/// <param name="command">The command.</param>
/// <param name="stop">Ends a reading that waits.</param>
internal sealed class FileInputs(PSCmdlet command, CancellationToken stop) : IDisposable
{
    private ReadOnceInput? _readOnce;
    private JournalInput? _taken;

    /// <summary>A parameter that needs input that can be read again; null when there is none.</summary>
    public Func<string?> ReadsAgain { get; init; } = () => null;

    /// <summary>Takes up the next input. What is in the way of that, else null.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ErrorRecord? Take(string file)
    {
        _readOnce?.Dispose();
        _readOnce = null;
        if (file != StandardInput.Path)
        {
            var opened = new FileStream(file, new FileStreamOptions { BufferSize = 0 });
            if (opened.CanSeek)
            {
                _taken = JournalInput.Of(file, opened);
                opened.Dispose();
            }
            else
            {
                _readOnce = new(opened, stop);
            }

            return _readOnce is null ? null : OnlyOnceProblem(file);
        }

        if (OnlyOnceProblem(file) is { } problem)
            return problem;
        if (StandardInput.Open(command.Host) is not { } input)
            return Errors.StandardInputNotAvailable();
        _readOnce = new(input, stop);
        return null;
    }

    /// <summary>What a journal knows the input by.</summary>
    public JournalInput Taken(string file) => _readOnce is null ? _taken! : new(file, 0, default);

    /// <summary>Whether a file is another one than it was.</summary>
    public bool HasChanged(JournalInput input)
    {
        if (_readOnce is not null || !File.Exists(input.Path))
            return false;
        using var now = new FileStream(input.Path, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete });
        return JournalInput.Of(input.Path, now) with { Types = input.Types } != input;
    }

    /// <summary>Opens the input from its start, when it is one that can be read only once; null when it is a file to be opened by its path.</summary>
    public Func<Stream>? Once => _readOnce is null ? null : _readOnce.Open;

    /// <summary>Whether an exception says that a file cannot be read, or not be read on.</summary>
    public static bool IsUnreadable(Exception exception) => exception is IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException;

    /// <summary>What is in the way of opening a file.</summary>
    /// <param name="exception">What opening it threw.</param>
    /// <param name="file">The file.</param>
    /// <param name="notReadable">What is wrong with a file that is there.</param>
    public static ErrorRecord Problem(Exception exception, string file, Func<Exception, string, ErrorRecord> notReadable) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errors.PathNotFound(exception, file),
        _ when Directory.Exists(file) => Errors.NotAFile(file),
        _ => notReadable(exception, file),
    };

    /// <summary>From now on nothing is opened again before the next input.</summary>
    public void KeepNoMore() => _readOnce?.KeepNoMore();

    /// <inheritdoc/>
    public void Dispose() => _readOnce?.Dispose();

    private ErrorRecord? OnlyOnceProblem(string file) => ReadsAgain() is { } option ? Errors.ReadOnlyOnce(file, option) : null;
}
