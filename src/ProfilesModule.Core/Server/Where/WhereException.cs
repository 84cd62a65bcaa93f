namespace ProfilesModule.Server;

/// <summary>An expression that cannot be read, or that gives a value where none of its type is allowed.</summary>
internal sealed class WhereException(int position, string problem) : Exception($"at position {position}: {problem}");
