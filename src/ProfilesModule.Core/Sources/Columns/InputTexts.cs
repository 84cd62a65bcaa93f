using System.Runtime.CompilerServices;
using ProfilesModule.Model;

namespace ProfilesModule.Sources.Columns;

/// <summary>How the texts of an input are taken: which of them mean no value, and whether the blanks around them count.</summary>
/// <param name="nulls">The texts that mean no value, without the blanks that are removed.</param>
/// <param name="trimsValues">Whether blanks around values and names are removed.</param>
/// <param name="trimsIdentifiers">Whether those around ids are.</param>
internal sealed class InputTexts(IReadOnlyList<string> nulls, bool trimsValues, bool trimsIdentifiers)
{
    private readonly KnownTexts _nulls = new(nulls);

    /// <summary>Texts that are taken as they are.</summary>
    public static InputTexts AsTheyAre { get; } = new([], false, false);

    /// <summary>Whether nothing is changed.</summary>
    public bool AreAsTheyAre { get; } = nulls.Count == 0 && !trimsValues && !trimsIdentifiers;

    /// <summary>A cell of a file: empty when it means that there is no value. Programs written in C leave a NUL there.</summary>
    /// <param name="cell">The cell, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Cell(ReadOnlySpan<byte> cell) => IsAsItIs(cell) ? cell : Taken(cell, trimsValues);

    /// <summary>A cell of which the file says that it is a text, whatever it is.</summary>
    /// <param name="cell">The cell, as UTF-8.</param>
    public ReadOnlySpan<byte> MarkedText(ReadOnlySpan<byte> cell) => trimsValues ? Blanks.Trim(cell) : cell;

    /// <summary>The distinct id in a cell; empty when it means that there is none.</summary>
    /// <param name="cell">The cell, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Identifier(ReadOnlySpan<byte> cell) => IsAsItIs(cell) ? cell : Taken(cell, trimsIdentifiers);

    /// <summary>A text that is the value of a property; null when it means that there is none.</summary>
    /// <param name="text">The text.</param>
    public string? Value(string text) => Taken(text, trimsValues);

    /// <summary>A distinct id; null when it means that there is none.</summary>
    /// <param name="text">The text.</param>
    public string? Identifier(string text) => Taken(text, trimsIdentifiers);

    /// <summary>The name of a property.</summary>
    /// <param name="name">Its name in the input.</param>
    public string Name(string name) => trimsValues ? Blanks.Trim(name) : name;

    /// <summary>Whether a text means that there is no value.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    public bool IsNull(ReadOnlySpan<byte> text) => _nulls.Contain(text);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsAsItIs(ReadOnlySpan<byte> cell) => cell.IsEmpty || (AreAsTheyAre && cell[0] != 0);

    private string? Taken(string text, bool trims)
    {
        var taken = trims ? Blanks.Trim(text) : text;
        return nulls.Contains(taken, StringComparer.Ordinal) || nulls.Contains(text, StringComparer.Ordinal) ? null : taken;
    }

    private ReadOnlySpan<byte> Taken(ReadOnlySpan<byte> cell, bool trims)
    {
        if (!cell.ContainsAnyExcept((byte)0))
            return default;
        var text = trims ? Blanks.Trim(cell) : cell;
        return IsNull(text) || IsNull(cell) ? default : text;
    }
}
