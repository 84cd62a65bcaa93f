namespace ProfilesModule.Wire;

/// <summary>Reads the body of a reply without trusting its length.</summary>
internal static class BoundedBody
{
    /// <summary>Reads a body of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="HttpRequestException">The body is longer, or the connection broke.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        var body = await ReadStartAsync(content, limit + 1, cancellation).ConfigureAwait(false);
        return body.Length <= limit ? body : throw new HttpRequestException($"the reply is longer than {limit:N0} bytes");
    }

    /// <summary>Reads no more than the first <paramref name="limit"/> bytes or so of a body.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadStartAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var expected = content.Headers.ContentLength is { } length and >= 0 && length < limit ? (int)length : 4096;
        var buffer = new GrowingBuffer(expected + 1);
        int read;
        while (buffer.Length < limit && (read = await stream.ReadAsync(buffer.GetMemory(1), cancellation).ConfigureAwait(false)) > 0)
            buffer.Advance(read);
        return buffer.Written;
    }
}
