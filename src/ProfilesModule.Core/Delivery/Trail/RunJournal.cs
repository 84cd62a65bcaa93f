using System.Text.Json;
using ProfilesModule.Storage;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// The journal of a run: a header, then lines that each hold the whole state, of which the last whole one counts. A line is
/// appended when a batch ends; about once a second the file is replaced, at once and flushed to the disk, by one with a
/// single line. So a process that dies at any instant leaves a state that is true, and a machine that does one that is no
/// older than a second. Not thread-safe: its owner locks.
/// </summary>
internal sealed class RunJournal(string path, TimeProvider time, JournalSubject subject, JournalState state) : IDisposable
{
    // To replace the file for each batch would take a hundred times as long as a line.
    private static readonly TimeSpan BetweenReplacements = TimeSpan.FromSeconds(1);

    private readonly RowRanges _earlier = new(state.Settled.Ranges);
    private readonly RowRanges _wereSent = state.BeingSent();
    private JournalSubject _subject = subject;
    private JournalLock? _lock;
    private FileStream? _file;
    private long _replaced;
    private long _generation;
    private int _begun;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Whether it is the journal of a run that began before this one.</summary>
    public bool WasBegun { get; private init; }

    /// <summary>Whether every row of the input had its outcome when this run began.</summary>
    public bool WasFinished { get; private init; }

    /// <summary>The length of the reject file that the settled rows left.</summary>
    public long RejectBytes => State.Line.RejectBytes;

    /// <summary>Its checksum.</summary>
    public uint RejectSum => State.Line.RejectSum;

    internal JournalState State => state;

    /// <summary>Begins a journal. The file must not exist.</summary>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    public static RunJournal Create(string path, JournalSubject subject, TimeProvider time)
    {
        var journal = new RunJournal(path, time, subject, new()) { _lock = JournalLock.Take(path) };
        try
        {
            journal.Replace();
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with a journal.</summary>
    /// <exception cref="InvalidDataException">The file is not a journal, is damaged, or is about another run; the message says which.</exception>
    /// <exception cref="FileInUseException">Another import is using it.</exception>
    public static RunJournal Open(string path, JournalSubject subject, string token, long rejectLength, bool mayRepeat, TimeProvider time)
    {
        var exclusive = JournalLock.Take(path);
        FileStream? file = null;
        try
        {
            file = Locked(path, FileMode.Open);
            var (generation, length) = exclusive.LastWritten();
            if (PrivateFile.Names(path) > 1)
                throw new InvalidDataException("it has hard links, through which another import could resume it. Remove them");
            var earlier = JournalContent.Read(file);
            var isOlder = earlier.Generation < generation || (earlier.Generation == generation && file.Length < length);
            if ((earlier.EndsDamaged || isOlder) && !mayRepeat)
                throw new InvalidDataException("its last lines are damaged or missing, so it is not known which rows after row "
                    + $"{earlier.LowWater} were sent. -RetryAmbiguous sends all of them; those that were sent before count twice");
            if (earlier.Subject.DifferenceFrom(subject, token) is { } difference)
                throw new InvalidDataException($"it is the journal of another import: {difference}");
            var state = earlier.StateFor(rejectLength);
            var journal = new RunJournal(path, time, earlier.Subject, state)
            {
                _lock = exclusive,
                _file = file,
                _generation = Math.Max(generation, earlier.Generation),
                WasBegun = true,
                WasFinished = state.Line.IsFinished,
            };

            // Behind a line that was broken off none may be appended.
            journal.Replace();
            return journal;
        }
        catch
        {
            file?.Dispose();
            exclusive.Dispose();
            throw;
        }
    }

    /// <summary>The first file of the journal that this run was not given; null when it was given them all.</summary>
    public string? MissingInput => _begun < _subject.Inputs.Count ? _subject.Inputs[_begun].Path : null;

    /// <summary>Lets the file go.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Notes the next file of the input; its owner saves it.</summary>
    /// <exception cref="InvalidDataException">The journal has another file in its place; the message says how they differ.</exception>
    internal void BeginInput(JournalInput input)
    {
        if (_begun < _subject.Inputs.Count)
        {
            if (_subject.Inputs[_begun].DifferenceFrom(input) is { } difference)
                throw new InvalidDataException($"it is the journal of another import: {difference}");
        }
        else if (WasFinished)
        {
            throw new InvalidDataException($"it is the journal of a finished import that did not include the file '{input.Path}'");
        }
        else
        {
            _subject = _subject with { Inputs = [.. _subject.Inputs, input] };
        }

        _begun++;
    }

    /// <summary>Goes on behind the last row that an earlier run settled, by its key, before the first row is read.</summary>
    /// <returns>The number of that row; 0 when there is none.</returns>
    internal long ContinueBy(IKeyedRows rows)
    {
        var last = State.Settled.LowWater;
        State.KnowByKeys(rows.KeyOf);
        rows.ContinueBehind(last, State.Line.After);
        return last;
    }

    /// <summary>Whether a row had its outcome when this run began.</summary>
    internal bool WasSettled(long row) => _earlier.Contains(row);

    /// <summary>Whether a run that died was sending a row that would count twice if sent again.</summary>
    internal bool WasBeingSent(long row) => _wereSent.Contains(row);

    /// <summary>Whether a replacement is due, which goes to the disk.</summary>
    internal bool IsReplacementDue => time.GetElapsedTime(_replaced) >= BetweenReplacements;

    /// <summary>Appends the state as it is. The operating system has it when this returns, and the disk where that is asked for.</summary>
    internal void Append(bool toDisk = false)
    {
        _file!.Seek(0, SeekOrigin.End);
        _file.Write(Line(State.ToLine()));
        _file.Flush(toDisk);
        NoteWritten();
    }

    /// <summary>Replaces the file by one with the state as it is. The disk has it when this returns.</summary>
    internal void Replace()
    {
        var temporary = PrivateFile.TemporaryPath(Path);
        var next = Locked(temporary, FileMode.CreateNew);
        try
        {
            next.Write(Line(new JournalHeader { Journal = JournalHeader.Kind, Generation = ++_generation, Subject = _subject }));
            next.Write(Line(State.ToLine()));
            next.Flush(flushToDisk: true);

            // A file that is open is not replaced on Windows. Elsewhere it stays open, so that no other import gets it in between.
            if (OperatingSystem.IsWindows())
                _file?.Dispose();
            File.Move(temporary, Path, overwrite: _file is not null);
            PrivateFile.FlushFolder(Path);
            _file?.Dispose();
        }
        catch
        {
            next.Dispose();
            File.Delete(temporary);
            throw;
        }

        _file = next;
        _replaced = time.GetTimestamp();
        NoteWritten();
    }

    private void NoteWritten() => _lock!.NoteWritten(_generation, _file!.Length);

    // The journal itself is locked too, whatever becomes of the file beside it.
    private static FileStream Locked(string path, FileMode mode)
    {
        try
        {
            return new(
                path, PrivateFile.Options(mode, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None));
        }
        catch (IOException e) when (mode == FileMode.Open && e is not (DirectoryNotFoundException or FileNotFoundException) && File.Exists(path))
        {
            throw new FileInUseException("another import is using it, or another program is reading it", e);
        }
    }

    private static byte[] Line(JournalLine line) => Checksum.Line(JsonSerializer.SerializeToUtf8Bytes(line, JournalJson.Default.JournalLine));

    private static byte[] Line(JournalHeader header) => Checksum.Line(JsonSerializer.SerializeToUtf8Bytes(header, JournalJson.Default.JournalHeader));
}

/// <summary>Rows that are known by a key, so that a run can continue behind one of them although others came or went.</summary>
internal interface IKeyedRows
{
    /// <summary>The key of a row that was read; null when there is none. Keys of the rows before it are let go.</summary>
    string? KeyOf(long row);

    /// <summary>Goes on behind a row, before the first row is read.</summary>
    /// <param name="row">The number of the row; 0 to begin with the first.</param>
    /// <param name="key">Its key; null when there is none.</param>
    void ContinueBehind(long row, string? key);
}
