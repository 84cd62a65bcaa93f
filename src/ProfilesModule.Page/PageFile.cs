using System.Collections.Concurrent;
using ProfilesModule.Server.Http;

namespace ProfilesModule.Page;

/// <summary>A file of the page, which is a resource of this assembly.</summary>
/// <param name="Content">What is in it.</param>
/// <param name="ContentType">Its media type.</param>
internal sealed record PageFile(byte[] Content, string ContentType)
{
    private static readonly ConcurrentDictionary<string, PageFile?> Files = new(StringComparer.Ordinal);

    /// <summary>Finds a file by its name; null if there is none.</summary>
    public static PageFile? Find(string name) => TypeOf(name) is null ? null : Files.GetOrAdd(name, Load);

    /// <summary>The reply that carries the file.</summary>
    public Reply ToReply() => new(200, Content) { ContentType = ContentType };

    private static string? TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => null,
    };

    private static PageFile? Load(string name)
    {
        using var resource = typeof(PageFile).Assembly.GetManifestResourceStream(name);
        if (resource is null)
            return null;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return new(content, TypeOf(name)!);
    }
}
