using System.Management.Automation;
using System.Reflection;

namespace ProfilesModule.Mapping;

/// <summary>
/// Marks a parameter that can stand in a mapping file. Its member has the same name, in camel case, so that parameters and members are
/// one table.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MappingMemberAttribute : Attribute
{
    /// <summary>The names that the values of a table can be; null if they can be any text.</summary>
    public Type? Values { get; set; }

    /// <summary>A pattern of further values; null for none.</summary>
    public string? Pattern { get; set; }
}

/// <summary>A parameter that can stand in a mapping file.</summary>
/// <param name="Owner">The object that declares it.</param>
/// <param name="Property">Its declaration.</param>
internal sealed record MappingMember(object Owner, PropertyInfo Property)
{
    /// <summary>Its name in a mapping file.</summary>
    public string Name { get; } = NameOf(Property.Name);

    /// <summary>The members that some objects declare.</summary>
    public static IReadOnlyList<MappingMember> Of(IEnumerable<object> declaring) =>
        [.. declaring.SelectMany(owner => Declared(owner.GetType()).Select(property => new MappingMember(owner, property)))];

    /// <summary>The names of all members of the module.</summary>
    public static IReadOnlyList<string> AllNames() =>
        [.. typeof(MappingMember).Assembly.GetExportedTypes().SelectMany(Declared).Select(property => NameOf(property.Name)).Distinct()];

    /// <summary>The name of the member of a parameter.</summary>
    public static string NameOf(string parameter) => char.ToLowerInvariant(parameter[0]) + parameter[1..];

    /// <summary>Whether its parameter is one of a parameter set.</summary>
    public bool IsIn(string parameterSet) => Property.GetCustomAttributes<ParameterAttribute>()
        .Any(parameter => parameter.ParameterSetName == ParameterAttribute.AllParameterSets || parameter.ParameterSetName == parameterSet);

    private static IEnumerable<PropertyInfo> Declared(Type type) =>
        type.GetProperties().Where(property => property.IsDefined(typeof(MappingMemberAttribute)));
}
