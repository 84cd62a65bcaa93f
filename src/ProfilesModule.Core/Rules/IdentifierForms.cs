using System.Runtime.CompilerServices;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>What distinct ids have in common that tells of a program which took them for numbers. One id alone tells nothing.</summary>
internal sealed class IdentifierForms
{
    private ulong? _first;
    private bool _differ;
    private bool _areRounded = true;
    private bool _areFloats = true;

    /// <summary>The rule that they break together; null for none.</summary>
    public ErrorId? Problem => !_differ ? null
        : _areRounded ? ErrorId.RoundedIdentifier
        : _areFloats ? ErrorId.FloatIdentifier
        : null;

    /// <summary>Adds an id.</summary>
    /// <param name="id">The id, without blanks around it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> id)
    {
        if (!_areRounded && !_areFloats)
            return;
        var hash = ProfileHash.Of(id);
        _first ??= hash;
        _differ |= hash != _first;
        _areRounded = _areRounded && NumberIdentifiers.AreRounded(id);
        _areFloats = _areFloats && NumberIdentifiers.AreFloats(id);
    }
}
