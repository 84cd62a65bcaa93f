using System.Reflection;
using System.Reflection.Emit;

namespace ProfilesModule.Core.Tests.Architecture;

/// <summary>Which namespaces of ours use which, as compiled: by bases, members, signatures, attributes, locals and instructions.</summary>
internal sealed class NamespaceUses
{
    public const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> KnownOpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(c => c.Value);

    private readonly SortedDictionary<(string From, string To), SortedSet<string>> _uses = [];

    /// <param name="assemblies">What is looked at.</param>
    public NamespaceUses(params IEnumerable<Assembly> assemblies)
    {
        foreach (var type in assemblies.SelectMany(a => a.GetTypes()).Where(t => IsOurs(t.Namespace)))
            AddType(type);
    }

    public IEnumerable<(string From, string To)> All => _uses.Keys;

    private IEnumerable<string> UsedBy(string from) => _uses.Keys.Where(k => k.From == from).Select(k => k.To);

    /// <summary>The types of one namespace that use another, and the types that they use.</summary>
    public string Describe(string from, string to) => $"{from} -> {to}: {string.Join(", ", _uses[(from, to)])}";

    /// <summary>The uses that are part of a circle: the way back exists too.</summary>
    public IEnumerable<string> Circles() =>
        _uses.Keys.Where(k => Reaches(k.To, k.From, [])).Select(k => Describe(k.From, k.To));

    private static bool IsOurs(string? name) => name?.StartsWith("ProfilesModule", StringComparison.Ordinal) == true;

    private bool Reaches(string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && UsedBy(from).Any(next => Reaches(next, to, seen)));

    private void AddType(Type type)
    {
        Add(type, type.BaseType);
        foreach (var implemented in type.GetInterfaces())
            Add(type, implemented);
        AddAttributes(type, type);
        foreach (var member in type.GetMembers(Declared))
        {
            AddAttributes(type, member);
            AddMember(type, member);
            if (member is MethodBase { } method)
                AddBody(type, method);
        }
    }

    private void AddAttributes(Type user, MemberInfo member)
    {
        foreach (var attribute in member.CustomAttributes)
        {
            Add(user, attribute.AttributeType);
            foreach (var argument in attribute.ConstructorArguments)
                Add(user, argument.Value as Type);
        }
    }

    private void AddMember(Type user, MemberInfo? member)
    {
        if (member is Type named)
            Add(user, named);
        else
            Add(user, member?.DeclaringType);
        if (member is FieldInfo field)
            Add(user, field.FieldType);
        if (member is not MethodBase method)
            return;
        Add(user, (method as MethodInfo)?.ReturnType);
        foreach (var parameter in method.GetParameters())
            Add(user, parameter.ParameterType);
        foreach (var argument in method.IsGenericMethod ? method.GetGenericArguments() : [])
            Add(user, argument);
    }

    private void AddBody(Type user, MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (var local in body.LocalVariables)
            Add(user, local.LocalType);
        foreach (var clause in body.ExceptionHandlingClauses.Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause))
            Add(user, clause.CatchType);
        var typeArguments = user.IsGenericType ? user.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in Tokens(body.GetILAsByteArray()!))
            AddMember(user, method.Module.ResolveMember(token, typeArguments, methodArguments));
    }

    /// <summary>The members that instructions name.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var i = 0; i < code.Length;)
        {
            short value = code[i++];
            if (value == OpCodes.Prefix1.Value)
                value = (short)((value << 8) | code[i++]);
            var operand = KnownOpCodes[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                yield return BitConverter.ToInt32(code, i);
            i += Length(operand, code, i);
        }
    }

    private static int Length(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    private void Add(Type user, Type? used)
    {
        if (used is null)
            return;
        if (used.HasElementType)
        {
            Add(user, used.GetElementType());
            return;
        }

        foreach (var argument in used.IsGenericType ? used.GetGenericArguments() : [])
            Add(user, argument);
        if (used.IsGenericParameter || !IsOurs(used.Namespace))
            return;
        var key = (user.Namespace!, used.Namespace!);
        if (key.Item1 == key.Item2)
            return;
        if (!_uses.TryGetValue(key, out var types))
            _uses.Add(key, types = []);
        types.Add($"{Outermost(user).Name} uses {Outermost(used).Name}");
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
