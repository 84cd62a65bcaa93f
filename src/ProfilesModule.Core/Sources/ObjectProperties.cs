using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>The properties that the fields of objects are, each found out once for its name.</summary>
internal sealed class ObjectProperties
{
    // As many as one profile may have; names beyond are looked at each time.
    private readonly Dictionary<string, ObjectProperty> _byName = new(StringComparer.Ordinal);
    private readonly List<string> _skipped = [];
    private FieldNames _names = new([]);
    private ObjectProperty?[] _ofNames = [];

    /// <summary>The properties of which an empty value was skipped, no more than one profile may have.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>The property of a field of the current row.</summary>
    /// <param name="index">The 0-based index of the field.</param>
    public ObjectProperty this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _ofNames[index] ??= Property(_names[index]);
    }

    /// <summary>The name of a field of the current row.</summary>
    /// <param name="index">Its 0-based index.</param>
    public string Name(int index) => _names[index];

    /// <summary>Goes on to the next row.</summary>
    /// <param name="fields">Its fields.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BeginRow(RowFields fields)
    {
        if (!ReferenceEquals(_names, fields.Names))
            (_names, _ofNames) = (fields.Names, new ObjectProperty?[fields.Count]);
    }

    /// <summary>Notes that an empty value of a field was skipped.</summary>
    /// <param name="index">The 0-based index of the field.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Skip(int index)
    {
        var property = this[index];
        if (property.WasSkipped)
            return;
        property.WasSkipped = true;
        if (_skipped.Count < Limits.MaximumProperties)
            _skipped.Add(_names[index]);
    }

    private ObjectProperty Property(string name)
    {
        if (_byName.TryGetValue(name, out var property))
            return property;
        property = new(EngageJson.Encode(name), PropertyRules.Of(name));

        // Rows that each bring names of their own must not fill the memory.
        if (_byName.Count < Limits.MaximumProperties)
            _byName.Add(name, property);
        return property;
    }
}

/// <summary>A property of objects.</summary>
/// <param name="Name">Its name, as it is sent.</param>
/// <param name="Rules">What it is held to.</param>
internal sealed record ObjectProperty(JsonEncodedText Name, PropertyRules Rules)
{
    /// <summary>Whether an empty value of it was skipped.</summary>
    public bool WasSkipped { get; set; }
}
