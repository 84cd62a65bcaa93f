namespace ProfilesModule.Wire;

/// <summary>Reads the body of a reply without trusting its length.</summary>
internal static class BoundedBody
{
    /// <summary>Reads a body of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="HttpRequestException">The body is longer, or the connection broke.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var expected = content.Headers.ContentLength is { } length and >= 0 && length <= limit ? (int)length : 4096;
        var buffer = new GrowingBuffer(expected + 1);
        int read;
        while ((read = await stream.ReadAsync(buffer.GetMemory(1), cancellation).ConfigureAwait(false)) > 0)
        {
            buffer.Advance(read);
            if (buffer.Length > limit)
                throw new HttpRequestException($"the reply is longer than {limit:N0} bytes");
        }

        return buffer.Written;
    }
}
