using System.Text;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

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

/// <summary>
/// Input that can be read only once, such as a pipe, opened as often as it is looked at before its import: what was read is
/// kept until <see cref="StopKeeping"/>. From then on only one of what was opened may read on. Not thread-safe.
/// </summary>
/// <param name="input">The input, which is disposed of with this.</param>
/// <param name="cancellation">Ends a reading that waits. It is abandoned, since a pipe cannot be told to.</param>
internal sealed class ReadOnceInput(Stream input, CancellationToken cancellation) : IDisposable
{
    private readonly GrowingBuffer _kept = new(64 * 1024);

    // Nobody else's: what was abandoned may still write to it.
    private readonly byte[] _next = new byte[64 * 1024];
    private bool _isKeeping = true;

    /// <summary>Opens it from its start. What is opened does not let it go.</summary>
    public Stream Open() => new Reader(this);

    /// <summary>Stops keeping what is read.</summary>
    public void StopKeeping() => _isKeeping = false;

    /// <inheritdoc/>
    public void Dispose() => input.Dispose();

    private int Read(int position, Span<byte> buffer)
    {
        if (position < _kept.Length)
        {
            var kept = Math.Min(buffer.Length, _kept.Length - position);
            _kept.WrittenSpan.Slice(position, kept).CopyTo(buffer);
            return kept;
        }

        var most = Math.Min(buffer.Length, _next.Length);
        var read = Task.Run(() => input.Read(_next, 0, most), cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();
        _next.AsSpan(0, read).CopyTo(buffer);
        if (_isKeeping)
            _kept.Write(_next.AsSpan(0, read));
        return read;
    }

    private sealed class Reader(ReadOnceInput source) : ForwardStream
    {
        // No further than behind what is kept.
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            var read = source.Read(_position, buffer);
            _position = Math.Min(_position + read, source._kept.Length);
            return read;
        }
    }
}
