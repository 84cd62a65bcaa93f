using System.Reflection;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Core.Tests.Architecture;

/// <summary>Dependencies between folders point one way, as docs/architecture.md has them.</summary>
public sealed class ArchitectureTests
{
    private static readonly Assembly[] Assemblies = [.. new[] { "Core", "Server", "Page", "Csv", "Sqlite" }.Select(name => Assembly.Load($"ProfilesModule.{name}"))];

    private static readonly NamespaceUses Uses = new(Assemblies);

    // The folder of each layer, and those that it may use.
    private static readonly Dictionary<string, string[]> Layers = new()
    {
        ["Model"] = [],
        ["Storage"] = [],
        ["Wire"] = ["Model"],
        ["Rules"] = ["Model", "Wire"],
        ["Delivery"] = ["Model", "Wire", "Rules", "Storage"],
        ["Sources"] = ["Model", "Wire", "Rules", "Delivery"],
        ["Statistics"] = ["Model", "Wire", "Rules", "Sources"],
        ["Import"] = ["Model", "Wire", "Rules", "Storage", "Delivery", "Sources", "Statistics"],
        ["Query"] = ["Model", "Wire", "Rules", "Delivery"],
        ["Export"] = ["Model", "Wire", "Rules", "Storage", "Delivery", "Sources", "Query"],
        ["Canary"] = ["Model", "Wire", "Rules", "Delivery", "Query"],
        ["Server"] = ["Model", "Wire"],
        ["Page"] = ["Model", "Wire", "Rules", "Delivery", "Sources", "Statistics", "Storage", "Import", "Query", "Server"],
        ["Csv"] = ["Model", "Wire", "Rules", "Sources", "Export"],
        ["Sqlite"] = ["Server", "Storage", "Delivery"],
    };

    [Fact]
    public void No_namespaces_use_each_other()
    {
        Assert.Contains(("ProfilesModule.Import", "ProfilesModule.Sources"), Uses.All);
        var circles = string.Join('\n', Uses.Circles());
        Assert.True(circles.Length == 0, circles);
    }

    [Fact]
    public void A_layer_uses_only_those_below_it() => Assert.Empty(
        Uses.All.Where(use => Layer(use.From) != Layer(use.To) && !Layers[Layer(use.From)].Contains(Layer(use.To))).Select(use => Uses.Describe(use.From, use.To)));

    [Fact]
    public void No_method_has_more_than_six_parameters() => Assert.Empty(Assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => !IsGenerated(type))
        .SelectMany(type => type.GetMembers(NamespaceUses.Declared).OfType<MethodBase>().Where(method => !IsGenerated(method)))
        .Where(method => method.GetParameters().Length > 6 && method.Name != "Deconstruct")
        .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"));

    private static string Layer(string name) => name.Split('.')[1];

    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.Name.Contains('<', StringComparison.Ordinal)
        || (member.DeclaringType is { } owner && IsGenerated(owner));
}
