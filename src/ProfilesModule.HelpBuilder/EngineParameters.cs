namespace ProfilesModule.HelpBuilder;

/// <summary>What the parameters are for that the engine gives a cmdlet which asks for them.</summary>
internal static class EngineParameters
{
    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["Confirm"] = "Asks for confirmation before each change.",
        ["WhatIf"] = "Shows what the command would do, without doing it.",
        ["First"] = "Writes only this many objects, and requests no more pages than that takes.",
        ["Skip"] = "Skips this many objects before the first one that is written.",
        ["IncludeTotalCount"] = "Writes the total number of objects before the first one.",
    };

    public static string? Describe(string parameter) => Descriptions.GetValueOrDefault(parameter);
}
