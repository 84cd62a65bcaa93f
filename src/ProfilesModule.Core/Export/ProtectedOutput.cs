using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Wire;

namespace ProfilesModule.Export;

/// <summary>A CSV file for spreadsheets, in which cells that one would calculate or convert are protected.</summary>
/// <param name="csv">The file.</param>
internal sealed class ProtectedOutput(ICsvWriter csv) : ICsvWriter
{
    private readonly GrowingBuffer _cell = new(256);

    /// <inheritdoc/>
    public void WriteField(ReadOnlySpan<byte> value)
    {
        if (!CellProtection.NeedsProtection(value))
        {
            csv.WriteField(value);
            return;
        }

        _cell.Truncate(0);
        CellProtection.Protect(value, _cell);
        csv.WriteField(_cell.WrittenSpan);
    }

    /// <inheritdoc/>
    public void EndRecord() => csv.EndRecord();

    /// <inheritdoc/>
    public void Flush() => csv.Flush();

    /// <inheritdoc/>
    public void Dispose() => csv.Dispose();
}
