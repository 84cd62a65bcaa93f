namespace ProfilesModule.HelpBuilder;

/// <summary>What the parameters are for that the engine gives a cmdlet which asks for them.</summary>
internal static class EngineParameters
{
    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["Confirm"] = "Asks before each change.",
        ["WhatIf"] = "Says what the command would do, and does not do it.",
        ["First"] = "Writes this many objects only, and asks for no more pages than that takes.",
        ["Skip"] = "Leaves this many objects out before the first one that is written.",
        ["IncludeTotalCount"] = "Writes how many objects there are in all, before the first one.",
    };

    public static string? Describe(string parameter) => Descriptions.GetValueOrDefault(parameter);
}
