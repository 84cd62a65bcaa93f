namespace ProfilesModule.Rules;

internal static partial class Failures
{
    public static Failure MappingNotJson(string path, int line, string problem) => InvalidMapping(
        path,
        line,
        $"it is not valid JSON: {problem}.",
        "Correct it. A mapping is one JSON object; comments and trailing commas are allowed.");

    public static Failure MappingMemberTwice(string path, int line, string member) =>
        InvalidMapping(path, line, $"it has the member '{member}' twice.", "Remove one of them.");

    public static Failure MappingMemberUnknown(string path, int line, string member, string nearest) => InvalidMapping(
        path,
        line,
        $"there is no member '{member}'.",
        $"Did you mean '{nearest}'? about_ProfilesModule_Mapping lists the members.");

    public static Failure MappingMemberUnfit(string path, int line, string member, string command) => InvalidMapping(
        path,
        line,
        $"the member '{member}' has no effect with {command} and these parameters.",
        "Remove it, or use another mapping for this command.");

    public static Failure MappingValueWrong(string path, int line, string member, string needed) =>
        InvalidMapping(path, line, $"the member '{member}' must be {needed}.", "Correct its value.");

    public static Failure MappingValueRefused(string path, int line, string member, string problem) =>
        InvalidMapping(path, line, $"the member '{member}' cannot be used: {problem}", "Correct its value.");

    public static Failure MappingExists(string path) => new(
        ErrorId.FileExists,
        $"The file '{path}' already exists.",
        "Specify another path, or overwrite the file with -Force.",
        path);

    /// <summary>The message of a failure whose cause is the value of a member.</summary>
    public static string InMapping(string path, int line, string member, string message) =>
        $"The mapping '{path}', line {line}, member '{member}': {message}";

    private static Failure InvalidMapping(string path, int line, string problem, string remedy) =>
        new(ErrorId.InvalidMapping, $"The mapping '{path}', line {line}: {problem}", remedy, path);
}
