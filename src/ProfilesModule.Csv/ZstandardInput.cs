using ProfilesModule.Sources.Input;
using ZstdSharp;

namespace ProfilesModule.Csv;

/// <summary>What is compressed with Zstandard, all its frames one after the other.</summary>
/// <param name="input">The input, which is disposed of with this.</param>
internal sealed class ZstandardInput(Stream input) : ForwardStream
{
    private readonly DecompressionStream _content = new(input, leaveOpen: false);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"its Zstandard data is cut off or damaged: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }
}
