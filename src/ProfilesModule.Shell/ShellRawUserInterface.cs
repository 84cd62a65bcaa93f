using System.Management.Automation.Host;

namespace ProfilesModule.Shell;

/// <summary>The size and the keyboard of the console. What only a full-screen program needs is not supported.</summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    private const int WidthWithoutTerminal = 120;
    private const int HeightWithoutTerminal = 50;

    /// <summary>The width of the console in characters, or 120 when output is redirected.</summary>
    public static int Width => IsTerminal ? Console.WindowWidth : WidthWithoutTerminal;

    /// <inheritdoc />
    public override ConsoleColor ForegroundColor { get => Console.ForegroundColor; set => Console.ForegroundColor = value; }

    /// <inheritdoc />
    public override ConsoleColor BackgroundColor { get => Console.BackgroundColor; set => Console.BackgroundColor = value; }

    /// <summary>The width that tables are formatted for.</summary>
    public override Size BufferSize { get => WindowSize; set => throw Unsupported(); }

    /// <inheritdoc />
    public override Size WindowSize
    {
        get => new(Width, IsTerminal ? Console.WindowHeight : HeightWithoutTerminal);
        set => throw Unsupported();
    }

    /// <inheritdoc />
    public override Size MaxWindowSize => WindowSize;

    /// <inheritdoc />
    public override Size MaxPhysicalWindowSize => WindowSize;

    /// <inheritdoc />
    public override Coordinates WindowPosition { get => new(0, 0); set => throw Unsupported(); }

    /// <inheritdoc />
    public override Coordinates CursorPosition { get => throw Unsupported(); set => throw Unsupported(); }

    /// <inheritdoc />
    public override int CursorSize { get => throw Unsupported(); set => throw Unsupported(); }

    /// <inheritdoc />
    public override string WindowTitle { get => ""; set => Console.Title = value; }

    /// <inheritdoc />
    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    // A terminal that was never given a size says 0.
    private static bool IsTerminal => !Console.IsOutputRedirected && Console.WindowWidth > 0;

    /// <summary>The columns a character takes: two for the wide characters of East Asian scripts (Unicode Standard Annex 11), one for all others.</summary>
    public static int CellsOf(char character) => character is
        (>= '\u1100' and <= '\u115f') or (>= '\u2e80' and <= '\ua4cf' and not '\u303f') or (>= '\uac00' and <= '\ud7a3')
        or (>= '\uf900' and <= '\ufaff') or (>= '\ufe30' and <= '\ufe6f') or (>= '\uff00' and <= '\uff60') or (>= '\uffe0' and <= '\uffe6') ? 2 : 1;

    /// <inheritdoc />
    public override int LengthInBufferCells(char source) => CellsOf(source);

    /// <inheritdoc />
    public override int LengthInBufferCells(string source) => source.Sum(CellsOf);

    /// <inheritdoc />
    public override void FlushInputBuffer()
    {
    }

    /// <inheritdoc />
    public override KeyInfo ReadKey(ReadKeyOptions options) => throw Unsupported();

    /// <inheritdoc />
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Unsupported();

    /// <inheritdoc />
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Unsupported();

    /// <inheritdoc />
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Unsupported();

    /// <inheritdoc />
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw Unsupported();

    private static NotSupportedException Unsupported() => new($"{ShellHost.HostName} does not read or move the cursor, the keyboard or the screen buffer.");
}
