using System.Runtime.CompilerServices;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>What distinct ids have in common that tells of a program which took them for numbers. One id alone tells nothing.</summary>
internal sealed class IdentifierForms
{
    private ulong? _first;
    private bool _differ;
    private long? _notRounded;
    private long? _notFloat;

    /// <summary>The rule that they break together; null for none.</summary>
    public ErrorId? Problem => !_differ ? null
        : _notRounded is null ? ErrorId.RoundedIdentifier
        : _notFloat is null ? ErrorId.FloatIdentifier
        : null;

    /// <summary>The line of the first id that does not break a rule with the others; null when there is none.</summary>
    /// <param name="rule">A rule that all of them may break together.</param>
    public long? FirstOther(ErrorId rule) => rule == ErrorId.RoundedIdentifier ? _notRounded : _notFloat;

    /// <summary>Whether more ids may tell of one.</summary>
    public bool MayHaveProblem { get; private set; } = true;

    /// <summary>Adds an id.</summary>
    /// <param name="id">The id, without blanks around it.</param>
    /// <param name="line">The line of its row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> id, long line)
    {
        if (!MayHaveProblem)
            return;
        var hash = ProfileHash.Of(id);
        _first ??= hash;
        _differ |= hash != _first;
        if (_notRounded is null && !NumberIdentifiers.AreRounded(id))
            _notRounded = line;
        if (_notFloat is null && !NumberIdentifiers.AreFloats(id))
            _notFloat = line;
        MayHaveProblem = _notRounded is null || _notFloat is null;
    }
}
