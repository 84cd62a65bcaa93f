using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

namespace ProfilesModule.Rows;

/// <summary>Reads of objects what the engine shows nobody, or at a price only. An engine that has it no more is asked the public way.</summary>
internal static class EngineView
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private static readonly Func<PSObject, Collection<string>>? InternalTypeNames = Getter<Collection<string>>("InternalTypeNames");
    private static readonly ParameterExpression Input = Expression.Parameter(typeof(PSObject));
    private static readonly ParameterExpression Index = Expression.Parameter(typeof(int));
    private static readonly MemberExpression? Own = typeof(PSObject).GetProperty("InstanceMembers", Any) is { } own ? Expression.Property(Input, own) : null;
    private static readonly Func<PSObject, int>? OwnCount = Own?.Type.GetProperty("Count", Any, null, typeof(int), [], null) is { } count
        ? Expression.Lambda<Func<PSObject, int>>(Expression.Property(Own, count), Input).Compile()
        : null;
    private static readonly Func<PSObject, int, PSMemberInfo>? OwnMember = Own?.Type.GetProperty("Item", Any, null, typeof(PSMemberInfo), [typeof(int)], null) is { } item
        ? Expression.Lambda<Func<PSObject, int, PSMemberInfo>>(Expression.Property(Own, item, Index), Input, Index).Compile()
        : null;

    /// <summary>
    /// The names of the types of an object, not to be changed. The public property makes a copy for each object that it is
    /// asked of and keeps it in a table of weak references, which takes longer than to encode and send a row.
    /// </summary>
    /// <param name="input">The object.</param>
    public static Collection<string> TypeNames(PSObject input) => InternalTypeNames?.Invoke(input) ?? input.TypeNames;

    /// <summary>Whether the members that an object has of its own can be known.</summary>
    public static bool ShowsOwnMembers => OwnCount is not null && OwnMember is not null;

    /// <summary>How many members an object has of its own.</summary>
    /// <param name="input">The object.</param>
    public static int CountOwnMembers(PSObject input) => OwnCount!(input);

    /// <summary>One of the members that an object has of its own.</summary>
    /// <param name="input">The object.</param>
    /// <param name="index">Its 0-based index, in their order.</param>
    public static PSMemberInfo OwnMemberAt(PSObject input, int index) => OwnMember!(input, index);

    private static Func<PSObject, T>? Getter<T>(string property)
    {
        var getter = typeof(PSObject).GetProperty(property, Any)?.GetMethod;
        return typeof(T).IsAssignableFrom(getter?.ReturnType) ? getter!.CreateDelegate<Func<PSObject, T>>() : null;
    }
}
