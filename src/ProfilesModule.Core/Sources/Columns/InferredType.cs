namespace ProfilesModule.Sources.Columns;

/// <summary>What the first rows of a file say that the cells of a column hold.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Decimals">How many decimals each of the first numbers has, trailing zeros included; 0 where that differs.</param>
internal readonly record struct InferredType(PropertyType Type, int Decimals = 0);
