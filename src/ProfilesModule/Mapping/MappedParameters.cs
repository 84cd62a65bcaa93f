using System.Management.Automation;
using ProfilesModule.Files;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;

namespace ProfilesModule.Mapping;

/// <summary>The parameters of a command that a mapping file sets.</summary>
internal sealed class MappedParameters
{
    // What messages call a mapping that is not a file.
    private const string Shown = "the settings";

    private readonly string _path;
    private readonly Dictionary<string, MappingEntry> _set = new(StringComparer.Ordinal);

    private MappedParameters(string path) => _path = path;

    /// <summary>None of them.</summary>
    public static MappedParameters None { get; } = new("");

    /// <summary>
    /// Sets the parameters of a command that a mapping file has and that the user did not specify. From then on they are bound: what the
    /// command asks about its parameters does not depend on where they came from.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="path">The path of the file; null for none.</param>
    /// <param name="declaring">The objects that declare its parameters.</param>
    /// <exception cref="FailureException">The file cannot be read, or one of its members cannot be used.</exception>
    public static MappedParameters Set(PSCmdlet command, string? path, IEnumerable<object> declaring)
    {
        if (path is null)
            return None;
        var mapped = new MappedParameters(path);
        var members = MappingMember.Of(declaring);
        foreach (var entry in MappingFile.Read(path, TextFile.Read(command, path)))
            mapped.Set(command, entry, members);
        return mapped;
    }

    /// <summary>Sets the parameters of a mapping without a command.</summary>
    /// <param name="mapping">The text of the mapping.</param>
    /// <param name="declaring">The objects that declare the parameters.</param>
    /// <exception cref="FailureException">A member cannot be used.</exception>
    public static void Set(string mapping, IEnumerable<object> declaring)
    {
        var members = MappingMember.Of(declaring).ToDictionary(member => member.Name);
        foreach (var entry in MappingFile.Read(Shown, mapping))
        {
            var member = members[entry.Name];
            member.Property.SetValue(member.Owner, new MappingValue(Shown, entry, member.Property).Converted());
        }
    }

    /// <summary>A failure with the place in the mapping that led to it, if the mapping set the parameter that it is about.</summary>
    public Failure Locate(Failure failure) =>
        failure.Parameter is { } parameter && _set.TryGetValue(parameter.Name, out var entry)
            ? failure with
            {
                Message = Failures.InMapping(_path, entry.Node.LineOf(parameter.Value), entry.Name, failure.Message),
                Parameter = null,
            }
            : failure;

    private void Set(PSCmdlet command, MappingEntry entry, IReadOnlyList<MappingMember> members)
    {
        var member = members.FirstOrDefault(member => member.Name == entry.Name && member.IsIn(command.ParameterSetName))
            ?? throw new FailureException(Unknown(command, entry));
        var value = new MappingValue(_path, entry, member.Property).Converted();
        var parameter = member.Property.Name;
        var bound = command.MyInvocation.BoundParameters;
        if (bound.ContainsKey(parameter))
        {
            command.WriteDetail($"-{parameter} is specified, so '{entry.Name}' in line {entry.Line} of the mapping '{_path}' is not used.");
            return;
        }

        member.Property.SetValue(member.Owner, value);
        bound.Add(parameter, value);
        _set.Add(parameter, entry);
    }

    private Failure Unknown(PSCmdlet command, MappingEntry entry)
    {
        var names = MappingMember.AllNames();
        return names.Contains(entry.Name)
            ? Failures.MappingMemberUnfit(_path, entry.Line, entry.Name, command.MyInvocation.MyCommand.Name)
            : Failures.MappingMemberUnknown(_path, entry.Line, entry.Name, names.MinBy(name => Edits(entry.Name, name))!);
    }

    /// <summary>How many letters to insert, remove or replace to make one name of another, without regard to case.</summary>
    private static int Edits(string name, string other)
    {
        var edits = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= name.Length; i++)
        {
            var before = edits[0];
            edits[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = before + (char.ToUpperInvariant(name[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                before = edits[j];
                edits[j] = Math.Min(replaced, Math.Min(edits[j], edits[j - 1]) + 1);
            }
        }

        return edits[^1];
    }
}
