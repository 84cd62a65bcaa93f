using System.Buffers;
using System.Net;

namespace ProfilesModule.Server;

/// <summary>The body of one request, read up to the limit of the service. Its memory is borrowed until it is disposed.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>The most bytes a body may have: 2 MiB.</summary>
    public const int MaximumLength = 2 * 1024 * 1024;

    private const int FirstLength = 64 * 1024;

    // A client that is still sending takes an early reply for a broken connection, so the rest is read, up to a point.
    private const long MaximumDrain = 64L * 1024 * 1024;

    private byte[] _buffer;

    private RequestBody(byte[] buffer, int length, bool isTooLarge)
    {
        _buffer = buffer;
        Content = buffer.AsMemory(0, length);
        IsTooLarge = isTooLarge;
    }

    /// <summary>The body; empty when it is too large.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    /// <summary>Whether the body was longer than <see cref="MaximumLength"/>.</summary>
    public bool IsTooLarge { get; }

    public static async Task<RequestBody> ReadAsync(HttpListenerRequest request, CancellationToken cancellation)
    {
        if (!request.HasEntityBody)
            return new RequestBody([], 0, isTooLarge: false);

        // A body that is announced and does not come takes no memory.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstLength);
        try
        {
            int length = 0;
            while (true)
            {
                int read = await request.InputStream.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
                if (read == 0)
                    return new RequestBody(buffer, length, isTooLarge: false);
                length += read;
                if (length > MaximumLength)
                    break;
                if (length == buffer.Length)
                    buffer = Grown(buffer);
            }

            for (long drained = length; drained < MaximumDrain;)
            {
                int read = await request.InputStream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
                if (read == 0)
                    break;
                drained += read;
            }
            return new RequestBody(buffer, 0, isTooLarge: true);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grown(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 4);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    public void Dispose()
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        Content = default;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }
}
