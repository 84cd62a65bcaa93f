using System.Management.Automation;
using System.Management.Automation.Runspaces;
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

    /// <summary>Asks a session for cmdlets: only there are dynamic parameters known.</summary>
    public static IReadOnlyList<CmdletModel> Of(IEnumerable<Type> types)
    {
        var byName = types.ToDictionary(
            type => type.GetCustomAttribute<CmdletAttribute>() is { } name ? $"{name.VerbName}-{name.NounName}" : type.Name);
        var session = InitialSessionState.Create();
        session.Commands.Add(new SessionStateCmdletEntry("Get-Command", typeof(Microsoft.PowerShell.Commands.GetCommandCommand), null));
        session.Commands.Add(byName.Select(entry => new SessionStateCmdletEntry(entry.Key, entry.Value, null)));
        using var shell = PowerShell.Create(session);
        shell.AddCommand("Get-Command").AddParameter("Name", byName.Keys.ToArray());
        return [.. shell.Invoke<CmdletInfo>().Select(info => new CmdletModel(byName[info.Name], info))];
    }

    /// <summary>The parameters of a set, as a syntax line has them: by position, then those that must be given, then the rest.</summary>
    public static IEnumerable<CommandParameterInfo> Parameters(CommandParameterSetInfo set) => set.Parameters
        .Where(p => !Cmdlet.CommonParameters.Contains(p.Name))
        .OrderBy(p => p.Position < 0 ? int.MaxValue : p.Position)
        .ThenByDescending(p => p.IsMandatory)
        .ThenBy(p => EngineParameters.Describe(p.Name) is not null);

    /// <summary>The property behind a parameter; null for a parameter of the engine, such as -WhatIf.</summary>
    public PropertyInfo? Property(string parameter) => Type.GetProperty(parameter) ?? _dynamic?.GetProperty(parameter);

    private readonly Type? _dynamic = typeof(IDynamicParameters).IsAssignableFrom(Type)
        ? ((IDynamicParameters)Activator.CreateInstance(Type)!).GetDynamicParameters()?.GetType()
        : null;
}
