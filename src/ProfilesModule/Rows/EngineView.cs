using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Reflection;

namespace ProfilesModule.Rows;

/// <summary>Reads of objects what the engine shows nobody, or at a price only. An engine that has it no more is asked the public way.</summary>
internal static class EngineView
{
    private static readonly Func<PSObject, Collection<string>>? InternalTypeNames = Getter<Collection<string>>("InternalTypeNames");
    private static readonly Func<PSObject, object?>? InstanceMembers = Getter<object?>("InstanceMembers");

    /// <summary>
    /// The names of the types of an object, not to be changed. The public property makes a copy for each object that it is
    /// asked of and keeps it in a table of weak references, which takes longer than to encode and send a row.
    /// </summary>
    /// <param name="input">The object.</param>
    public static Collection<string> TypeNames(PSObject input) => InternalTypeNames?.Invoke(input) ?? input.TypeNames;

    /// <summary>The members that an object has of its own, in their order; null when that cannot be known.</summary>
    /// <param name="input">The object.</param>
    public static PSMemberInfoCollection<PSMemberInfo>? OwnMembers(PSObject input) => InstanceMembers?.Invoke(input) as PSMemberInfoCollection<PSMemberInfo>;

    private static Func<PSObject, T>? Getter<T>(string property)
    {
        var getter = typeof(PSObject).GetProperty(property, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)?.GetMethod;
        return typeof(T).IsAssignableFrom(getter?.ReturnType) ? getter!.CreateDelegate<Func<PSObject, T>>() : null;
    }
}
