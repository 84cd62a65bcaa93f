namespace ProfilesModule.Wire;

/// <summary>Reads the body of a reply without trusting its length.</summary>
internal static class BoundedBody
{
    /// <summary>Reads a body of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="HttpRequestException">The body is longer, or the connection broke.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        var buffer = new GrowingBuffer(Expected(content, limit));
        await ReadAsync(content, limit, buffer, cancellation).ConfigureAwait(false);
        return buffer.Written;
    }

    /// <summary>Reads a body of at most <paramref name="limit"/> bytes into a buffer, in place of what that holds.</summary>
    /// <exception cref="HttpRequestException">The body is longer, or the connection broke.</exception>
    public static async Task ReadAsync(HttpContent content, int limit, GrowingBuffer buffer, CancellationToken cancellation)
    {
        await ReadStartAsync(content, limit + 1, buffer, cancellation).ConfigureAwait(false);
        if (buffer.Length > limit)
            throw new HttpRequestException($"the reply is longer than {limit:N0} bytes");
    }

    /// <summary>Reads no more than the first <paramref name="limit"/> bytes or so of a body.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadStartAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        var buffer = new GrowingBuffer(Expected(content, limit));
        await ReadStartAsync(content, limit, buffer, cancellation).ConfigureAwait(false);
        return buffer.Written;
    }

    private static int Expected(HttpContent content, int limit) =>
        (content.Headers.ContentLength is { } length and >= 0 && length < limit ? (int)length : 4096) + 1;

    private static async Task ReadStartAsync(HttpContent content, int limit, GrowingBuffer buffer, CancellationToken cancellation)
    {
        using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        buffer.CutTo(0);
        int read;
        while (buffer.Length < limit && (read = await stream.ReadAsync(buffer.GetMemory(1), cancellation).ConfigureAwait(false)) > 0)
            buffer.Advance(read);
    }
}
