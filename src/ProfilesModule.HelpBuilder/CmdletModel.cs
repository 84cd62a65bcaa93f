using System.Management.Automation;
using System.Reflection;

namespace ProfilesModule.HelpBuilder;

/// <summary>A cmdlet as the engine sees it.</summary>
/// <param name="Type">The class.</param>
/// <param name="Info">What the engine says of it.</param>
internal sealed record CmdletModel(Type Type, CmdletInfo Info)
{
    public string Name => Info.Name;

    public IEnumerable<CommandParameterSetInfo> ParameterSets =>
        Info.ParameterSets.OrderByDescending(s => s.IsDefault).ThenBy(s => s.Name, StringComparer.Ordinal);

    /// <summary>The parameters that are worth words: all but those that every cmdlet has.</summary>
    public IEnumerable<string> ParameterNames => Info.ParameterSets.SelectMany(Parameters).Select(p => p.Name).Distinct().Order(StringComparer.Ordinal);

    public static CmdletModel Of(Type type)
    {
        var name = type.GetCustomAttribute<CmdletAttribute>()!;
        return new(type, new CmdletInfo($"{name.VerbName}-{name.NounName}", type));
    }

    /// <summary>The parameters of a set, as a syntax line has them: by position, then those that must be given, then the rest.</summary>
    public static IEnumerable<CommandParameterInfo> Parameters(CommandParameterSetInfo set) => set.Parameters
        .Where(p => !Cmdlet.CommonParameters.Contains(p.Name))
        .OrderBy(p => p.Position < 0 ? int.MaxValue : p.Position)
        .ThenByDescending(p => p.IsMandatory)
        .ThenBy(p => EngineParameters.Describe(p.Name) is not null);

    /// <summary>The property behind a parameter; null for a parameter of the engine, such as -WhatIf.</summary>
    public PropertyInfo? Property(string parameter) => Type.GetProperty(parameter);
}
