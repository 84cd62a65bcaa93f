using System.Text;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Input;

/// <summary>
/// The inputs of a command, one after the other: files, and what can be read only once, which are standard input and pipes.
/// </summary>
/// <param name="openStandardInput">Opens standard input; null where it cannot be read.</param>
/// <param name="stop">Ends a read that waits.</param>
internal sealed class FileInputs(Func<Stream?> openStandardInput, CancellationToken stop) : IDisposable
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    private ReadOnceInput? _readOnce;
    private JournalInput? _current;

    /// <summary>The parameter that requires input that can be read again; null for none.</summary>
    public string? ReadsAgain { get; init; }

    /// <summary>Opens the current input from its start, when it can be read only once; null when it is a file.</summary>
    public Func<Stream>? Once => _readOnce is null ? null : _readOnce.Open;

    /// <summary>Goes on to the next input, and returns what a journal identifies it by.</summary>
    /// <exception cref="FailureException">It cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public JournalInput Next(string path)
    {
        _readOnce?.Dispose();
        _readOnce = null;
        if (path == StandardInput)
        {
            RequireReadOnce(path);
            _readOnce = new(openStandardInput() ?? throw new FailureException(Failures.StandardInputNotAvailable), stop);
            return new(path, 0, default);
        }

        var file = new FileStream(path, new FileStreamOptions { BufferSize = 0 });
        if (file.CanSeek)
        {
            using (file)
                return _current = JournalInput.Of(path, file);
        }

        _readOnce = new(file, stop);
        RequireReadOnce(path);
        return new(path, 0, default);
    }

    /// <summary>Whether the file is another one than it was.</summary>
    public bool HasChanged(JournalInput input)
    {
        if (_readOnce is not null || !File.Exists(input.Path))
            return false;
        using var now = new FileStream(
            input.Path, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete });
        return JournalInput.Of(input.Path, now) != _current;
    }

    /// <summary>The failure of a file that cannot be opened; null when the exception is not about that.</summary>
    public static Failure? FailureOf(Exception exception, string path, Func<Exception, string, Failure> notReadable) => exception switch
    {
        FailureException e => e.Failure,
        WrongFormatException e => Failures.WrongFileFormat(path, e.Message, e.Remedy),
        FileNotFoundException or DirectoryNotFoundException => Failures.PathNotFound(exception, path),
        IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException =>
            Directory.Exists(path) ? Failures.NotAFile(path) : notReadable(exception, path),
        _ => null,
    };

    /// <summary>From now on the current input is not opened again.</summary>
    public void StopKeeping() => _readOnce?.StopKeeping();

    public void Dispose() => _readOnce?.Dispose();

    private void RequireReadOnce(string path)
    {
        if (ReadsAgain is { } option)
            throw new FailureException(Failures.ReadOnlyOnce(path, option));
    }
}
