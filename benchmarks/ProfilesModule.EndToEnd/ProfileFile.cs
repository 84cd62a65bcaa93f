namespace ProfilesModule.Benchmarks.EndToEnd;

/// <summary>A generated file of profiles.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Rows">How many profiles it has, of one row each.</param>
/// <param name="IdSum">The <see cref="IdChecksum"/> of their distinct ids.</param>
internal sealed record ProfileFile(string Path, int Rows, ulong IdSum);
