using System.Management.Automation;
using System.Reflection;
using System.Xml.Linq;
using ProfilesModule.Core.Tests.Architecture;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Help;

/// <summary>How the classes of cmdlets are built.</summary>
public sealed class CmdletShapeTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly Type[] _types;

    public CmdletShapeTests()
    {
        var any = ((CmdletInfo)_session.Run("Get-Command Set-UserProfile").Succeeded().Output.Single().BaseObject).ImplementingType;
        _types = any.Assembly.GetExportedTypes();
    }

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_cmdlet_has_at_most_three_levels_of_bases()
    {
        var cmdlets = _types.Where(type => type.IsDefined(typeof(CmdletAttribute))).ToArray();
        Assert.NotEmpty(cmdlets);
        Assert.All(cmdlets, type => Assert.InRange(Bases(type), 0, 3));
    }

    [Fact]
    public void No_namespaces_of_the_module_use_each_other()
    {
        var circles = string.Join('\n', new NamespaceUses(_types[0].Assembly).Circles());
        Assert.True(circles.Length == 0, circles);
    }

    [Fact]
    public void No_two_parameters_are_declared_with_the_same_words()
    {
        var docs = XDocument.Load(Path.Combine(ModuleSession.RepositoryRoot, "bin", "ProfilesModule.xml")).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")?.Value);
        var parameters = _types
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.IsDefined(typeof(ParameterAttribute)))
            .Select(property => (Name: $"{property.DeclaringType!.Name}.{property.Name}", Words: Words(docs.GetValueOrDefault($"P:{property.DeclaringType.FullName}.{property.Name}"))))
            .ToArray();
        Assert.NotEmpty(parameters);
        Assert.Empty(parameters.Where(p => p.Words.Length > 0).GroupBy(p => p.Words).Where(group => group.Count() > 1).Select(group => string.Join(" = ", group.Select(p => p.Name))));
    }

    private static string Words(string? summary) => string.Join(' ', (summary ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static int Bases(Type type) => type.BaseType is { } parent && parent.Assembly == type.Assembly ? 1 + Bases(parent) : 0;
}
