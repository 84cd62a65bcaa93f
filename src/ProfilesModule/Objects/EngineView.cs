using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;

namespace ProfilesModule;

/// <summary>
/// Reads internals of the engine that are not public, or slow in public. If a version of the engine does not have them, the public
/// way is used.
/// </summary>
internal static class EngineView
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private static readonly Func<PSObject, Collection<string>>? InternalTypeNames = Getter<Collection<string>>("InternalTypeNames");
    private static readonly Func<PSObject, string?>? Typed = Getter<string?>("TokenText");
    private static readonly ParameterExpression Input = Expression.Parameter(typeof(PSObject));
    private static readonly ParameterExpression Index = Expression.Parameter(typeof(int));
    private static readonly MemberExpression? Own = typeof(PSObject).GetProperty("InstanceMembers", Any) is { } own ? Expression.Property(Input, own) : null;
    private static readonly Func<PSObject, int>? OwnCount = Own?.Type.GetProperty("Count", Any, null, typeof(int), [], null) is { } count
        ? Expression.Lambda<Func<PSObject, int>>(Expression.Property(Own, count), Input).Compile()
        : null;
    private static readonly Func<PSObject, bool>? HasOwn = HasInstanceMembers();
    private static readonly Func<PSObject, int, PSMemberInfo>? OwnMember = Own?.Type.GetProperty("Item", Any, null, typeof(PSMemberInfo), [typeof(int)], null) is { } item
        ? Expression.Lambda<Func<PSObject, int, PSMemberInfo>>(Expression.Property(Own, item, Index), Input, Index).Compile()
        : null;

    /// <summary>
    /// The type names of an object, which must not be changed. The public property makes a copy for each object and keeps it in a
    /// table of weak references, which takes longer than encoding and sending a row.
    /// </summary>
    public static Collection<string> TypeNames(PSObject input) => InternalTypeNames?.Invoke(input) ?? input.TypeNames;

    /// <summary>The text of a number as it was typed as an argument, such as 007; null where it was not.</summary>
    public static string? TypedText(PSObject input) => Typed?.Invoke(input);

    /// <summary>Whether the own members of objects can be read.</summary>
    public static bool ShowsOwnMembers => OwnCount is not null && OwnMember is not null;

    /// <summary>
    /// Whether an object has members that Add-Member, a job or remoting gave it. To count them would make an empty list of them for each
    /// object that has none.
    /// </summary>
    public static bool HasOwnMembers(PSObject input) => HasOwn?.Invoke(input) ?? input.Members.Any(member => member.IsInstance);

    public static int CountOwnMembers(PSObject input) => OwnCount!(input);

    public static PSMemberInfo OwnMemberAt(PSObject input, int index) => OwnMember!(input, index);

    private static Func<PSObject, bool>? HasInstanceMembers()
    {
        var method = typeof(PSObject).GetMethod("HasInstanceMembers", BindingFlags.NonPublic | BindingFlags.Static);
        if (method?.GetParameters() is not [{ ParameterType: var input }, { ParameterType: { IsByRef: true } found }]
            || input != typeof(object) || method.ReturnType != typeof(bool))
            return null;
        var members = Expression.Variable(found.GetElementType()!);
        return Expression.Lambda<Func<PSObject, bool>>(
            Expression.Block([members], Expression.Call(method, Input, members)), Input).Compile();
    }

    private static Func<PSObject, T>? Getter<T>(string property)
    {
        var getter = typeof(PSObject).GetProperty(property, Any)?.GetMethod;
        return typeof(T).IsAssignableFrom(getter?.ReturnType) ? getter!.CreateDelegate<Func<PSObject, T>>() : null;
    }
}
