namespace ProfilesModule.Export;

/// <summary>Writes a CSV file field by field (RFC 4180: quoted where a field needs it, lines that end with CRLF).</summary>
internal interface ICsvWriter : IDisposable
{
    /// <summary>Writes the next field of the record.</summary>
    /// <param name="value">The field, as UTF-8.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="System.Text.EncoderFallbackException">The encoding of the file has no form for the text.</exception>
    void WriteField(ReadOnlySpan<byte> value);

    /// <summary>Ends the record.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="System.Text.EncoderFallbackException">The encoding of the file has no form for the text.</exception>
    void EndRecord();

    /// <summary>Hands everything to the stream.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="System.Text.EncoderFallbackException">The encoding of the file has no form for the text.</exception>
    void Flush();
}
