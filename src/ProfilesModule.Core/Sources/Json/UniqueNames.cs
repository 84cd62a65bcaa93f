using System.Runtime.CompilerServices;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Json;

/// <summary>Whether each property of a profile is named once. Most objects have the names of the object before.</summary>
internal sealed class UniqueNames
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<JsonName> _last = [];
    private (JsonName? Identifier, string? Wrapper) _lastIn;

    /// <summary>Why the names are not unique; null if they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Failure? Check(JsonProfile profile)
    {
        if (AreThoseOfLast(profile))
            return null;
        _taken.Clear();
        _last.Clear();
        foreach (var member in profile.Members)
        {
            var property = profile.Property(member);
            if (property.IsIncluded && !_taken.Add(property.Name))
                return Twice(property.Name);
        }

        // One of its name that was not taken would contradict it.
        var (identifier, name) = (profile.Identifier?.Name, profile.IdName);
        if (identifier is not null && profile.Wrapper is null && profile.Members.Exists(member => member.Name.Text == name))
            return Twice(name);
        _last.AddRange(profile.Members.Select(member => member.Name));
        _lastIn = (identifier, profile.Wrapper);
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool AreThoseOfLast(JsonProfile profile)
    {
        var members = profile.Members;
        if (members.Count != _last.Count || _lastIn != (profile.Identifier?.Name, profile.Wrapper))
            return false;
        for (var i = 0; i < _last.Count; i++)
        {
            if (members[i].Name != _last[i])
                return false;
        }

        return true;
    }

    private static Failure Twice(string name) => Failures.DuplicateProperty(name, "members of the object");
}
