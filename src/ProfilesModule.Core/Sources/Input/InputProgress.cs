namespace ProfilesModule.Sources.Input;

/// <summary>How far the files of a command were read, all together. It is told from any thread.</summary>
/// <param name="length">The bytes of all files; null when that is not known.</param>
internal sealed class InputProgress(long? length)
{
    private long _before;
    private long _length;
    private long _position;

    /// <summary>The name of the file that is read.</summary>
    public string Name { get; private set; } = "";

    /// <summary>How much was read, 0 to 1; null when that is not known.</summary>
    public double? Fraction => length is not { } all ? null : Math.Min(1, (double)(_before + Math.Min(Volatile.Read(ref _position), _length)) / all);

    /// <summary>The bytes of files; null when one of them, such as a pipe, has no length.</summary>
    public static long? LengthOf(IEnumerable<string> files)
    {
        long[] lengths = [.. files.Select(file => new FileInfo(file)).Where(file => file.Exists).Select(file => file.Length)];
        return lengths.Length == 0 || lengths.Contains(0) ? null : lengths.Sum();
    }

    /// <summary>Goes on to the next file.</summary>
    public void Begin(string file)
    {
        _before += _length;
        _length = new FileInfo(file) is { Exists: true } info ? info.Length : 0;
        Advanced(0);
        Name = file == FileInputs.StandardInput ? "standard input" : Path.GetFileName(file);
    }

    /// <summary>Notes how much of the file was read.</summary>
    public void Advanced(long position) => Volatile.Write(ref _position, position);
}
