namespace ProfilesModule.Wire;

/// <summary>What the service says in words, kept short: it goes into error messages.</summary>
internal static class ServiceText
{
    private const int MaximumLength = 500;

    public static string Cut(string text) => text.Length <= MaximumLength ? text : text[..MaximumLength] + "…";
}
