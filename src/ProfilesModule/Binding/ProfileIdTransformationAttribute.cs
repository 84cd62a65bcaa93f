using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Sources;

namespace ProfilesModule.Binding;

/// <summary>Converts text, numbers, profiles and objects that hold an id to <see cref="ProfileId"/>.</summary>
/// <remarks>
/// A type converter would not do: where a conversion fails, the engine binds by property name instead, and would take the
/// property distinct_id of a group profile for the id of a user.
/// </remarks>
public sealed class ProfileIdTransformationAttribute : ArgumentConversionAttribute
{
    /// <summary>Whether the ids are those of groups.</summary>
    public bool ForGroups { get; set; }

    private string Noun => ForGroups ? "group id" : "distinct id";

    private IReadOnlyList<string> Names => ForGroups ? ProfileFields.GroupIdNames : ProfileFields.DistinctIdNames;

    // Null stays null: the parameter decides whether to allow it.
    private protected override object? Convert(object? input, object? plain) =>
        input is null ? null : plain is IList list ? list.Cast<object?>().Select(Id).ToArray() : new[] { Id(input) };

    private ProfileId Id(object? input) => Plain(input) switch
    {
        null => throw NotAnId("null"),
        ProfileId id => id,
        string text => ProfileId.Parse(text),
        ValueType when input is PSObject typed && EngineView.TypedText(typed) is { } text => ProfileId.Parse(text),
        ValueType value => new(Text(value)),
        PSCustomObject when input is PSObject copy && PipelineValues.UnwrapIfPossible(copy) is ValueType restored => new(Text(restored)),
        var plain => IdIn(plain, PSObject.AsPSObject(input!)),
    };

    private ProfileId IdIn(object plain, PSObject input)
    {
        if (ForGroups ? ProfileNoun.IsUser(input) : ProfileNoun.IsGroup(input))
        {
            var other = ForGroups ? "user" : "group";
            throw new ArgumentTransformationMetadataException($"A {Noun} is needed, but the object is the profile of a {other}.");
        }

        var id = plain switch
        {
            ServiceProfile profile => profile.Id,
            IDictionary dictionary when Names.FirstOrDefault(dictionary.Contains) is { } name => Text(dictionary[name]),
            _ when Names.Select(name => input.Properties[name]).FirstOrDefault(p => p is not null) is { } property => Text(property.Value),
            _ => throw NotAnId($"an object of type {plain.GetType().Name} without such a property"),
        };
        return new(id, ForGroups ? ProfileNoun.GroupKey(input) : null);
    }

    private string Text(object? value)
    {
        try
        {
            return PipelineValues.Writer.DistinctId(value)
                ?? throw new ArgumentTransformationMetadataException($"The {Noun} of the object is null.");
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentTransformationMetadataException($"The value cannot be used as a {Noun}: {e.Message}.", e);
        }
    }

    private ArgumentTransformationMetadataException NotAnId(string given) =>
        new($"A {Noun} is needed: text, a number, or an object with a property {string.Join(", ", Names)}. The argument is {given}.");
}

/// <summary>Finds ids that were typed with leading zeros in a list, which PowerShell has read as numbers.</summary>
internal static class TypedIds
{
    // Since PowerShell 7.4; the line is only a part of a statement of several lines.
    private static readonly PropertyInfo? Statement = typeof(InvocationInfo).GetProperty("Statement");

    /// <summary>Warns about ids of the command line that have lost their zeros. A single id keeps the text that was typed.</summary>
    public static void WarnOfLostZeros(this PSCmdlet command, IReadOnlyList<ProfileId>? ids)
    {
        if (ids is not { Count: > 0 })
            return;
        var statement = StatementOf(command.MyInvocation);

        // Scripts call commands in loops, so a statement is parsed only if it can have such a number.
        if (!ids.Any(id => statement.Contains("0" + id.Text, StringComparison.Ordinal)))
            return;
        var lost = Typed(statement)
            .Where(typed => ids.All(id => id.Text != typed)
                && ids.Any(id => id.Text == typed.TrimStart('0').PadLeft(1, '0'))).Distinct().ToArray();
        if (lost.Length > 0)
        {
            command.Warn($"PowerShell has read {string.Join(", ", lost)} in a list as a number without the zeros. "
                + "Put ids that begin with a zero in quotes.");
        }
    }

    /// <summary>The numbers with leading zeros in the lists of ids of a statement, as they were typed.</summary>
    private static IEnumerable<string> Typed(string statement) =>
        Parser.ParseInput(statement, out _, out _).FindAll(part => part is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>()
            .SelectMany(command => command.CommandElements.Where((element, i) => i == 0 || IsOfIds(command.CommandElements[i - 1])))
            .Where(argument => argument is ArrayLiteralAst or ArrayExpressionAst)
            .SelectMany(list => list.FindAll(part => part is ConstantExpressionAst, searchNestedScriptBlocks: false))
            .Select(number => number.Extent.Text)
            .Where(text => text.Length > 1 && text[0] == '0' && text.All(char.IsAsciiDigit));

    private static string StatementOf(InvocationInfo invocation) =>
        Statement?.GetValue(invocation) as string is { Length: > 0 } whole ? whole : invocation.Line ?? "";

    // What follows a parameter is its argument.
    private static bool IsOfIds(CommandElementAst before) => before is not CommandParameterAst parameter
        || nameof(UserProfile.DistinctId).StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase)
        || nameof(GroupProfile.GroupId).StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase);
}
