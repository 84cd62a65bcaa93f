namespace ProfilesModule.Sources.Json;

/// <summary>How the objects of a file follow each other.</summary>
internal enum JsonLayout
{
    /// <summary>One a line (NDJSON). What is wrong with a line affects no other.</summary>
    Lines,

    /// <summary>As the elements of one list.</summary>
    List,

    /// <summary>One behind the other, over several lines or in one.</summary>
    Objects,

    /// <summary>As the elements of a list inside of an object, or of several such objects.</summary>
    Envelope,
}

/// <summary>Where in a file the objects are.</summary>
/// <param name="Path">The names that lead to their list, with dots between them; null where they are at the top of the file.</param>
/// <param name="IsIdentifier">Whether a member of that name identifies a profile, so that the object around it is one.</param>
internal sealed record JsonRoot(string? Path, Func<string, bool> IsIdentifier);

/// <summary>The file does not have its objects where they were looked for.</summary>
/// <param name="problem">What it has instead.</param>
/// <param name="lists">The lists of objects that it has.</param>
internal sealed class JsonRootException(string problem, IReadOnlyList<string> lists) : IOException(problem)
{
    /// <summary>The lists of objects that it has, each as a <see cref="JsonRoot.Path"/>.</summary>
    public IReadOnlyList<string> Lists { get; } = lists;
}
