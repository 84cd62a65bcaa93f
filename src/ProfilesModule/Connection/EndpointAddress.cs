namespace ProfilesModule;

/// <summary>Reads the address of an engage service as it is written on a command line or in a variable.</summary>
internal static class EndpointAddress
{
    /// <summary>
    /// Reads an address. A host without a scheme, such as <c>127.0.0.1:5000</c> or <c>proxy.example.com</c>, gets http on this
    /// machine and https elsewhere. What that gives is not always one to connect to; see <see cref="ConnectionSettings.Connect"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The text is no address of any kind.</exception>
    public static Uri Parse(string text)
    {
        var address = text.Trim();
        if (!address.Contains("://", StringComparison.Ordinal) && LooksLikeHost(address) && Completed(address) is { } completed)
            return completed;
        return Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out var other) ? other : throw new ArgumentException($"'{text}' is no address.");
    }

    // One word could be anything, a region among them.
    private static bool LooksLikeHost(string address) =>
        !address.StartsWith('/') && (address.AsSpan().IndexOfAny('.', ':') >= 0 || address.Equals("localhost", StringComparison.OrdinalIgnoreCase));

    private static Uri? Completed(string address) =>
        Uri.TryCreate($"https://{address}", UriKind.Absolute, out var secure)
            ? secure.IsLoopback ? new($"http://{address}") : secure
            : null;
}
