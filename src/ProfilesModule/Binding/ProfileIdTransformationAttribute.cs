using System.Collections;
using System.Management.Automation;
using ProfilesModule.Rows;

namespace ProfilesModule.Binding;

/// <summary>
/// Takes identifiers of profiles as text and numbers, and out of objects that have one. PowerShell itself would turn any
/// object into text, and so an object without an identifier into a profile named "@{name=…}".
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class ProfileIdTransformationAttribute : ArgumentTransformationAttribute
{
    private readonly string _noun;
    private readonly string[] _names;
    private readonly bool _forGroups;

    private protected ProfileIdTransformationAttribute(string noun, string[] names, bool forGroups)
    {
        _noun = noun;
        _names = names;
        _forGroups = forGroups;
    }

    /// <summary>Whether null stays null. Get commands refuse it, since no identifier means every profile to them.</summary>
    public bool AllowNull { get; set; }

    /// <summary>Turns what was given into identifiers.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It holds no identifier, or that of a profile of the other noun.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (AllowNull && inputData is null)
            return null!;
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain is IList list
            ? list.Cast<object>().Select(Id).ToArray()
            : new[] { Id(inputData!) };
    }

    private string Id(object input)
    {
        var plain = input is PSObject wrapped ? wrapped.BaseObject : input;
        if (plain is string or ValueType)
            return Named(plain);
        var id = IdOf(input, plain);
        return _forGroups ? GroupIds.Of(id, ProfileNoun.GroupKey(PSObject.AsPSObject(input))) : id;
    }

    private string IdOf(object input, object? plain)
    {
        if (plain is not null && (_forGroups ? ProfileNoun.IsUser(PSObject.AsPSObject(input)) : ProfileNoun.IsGroup(PSObject.AsPSObject(input))))
            throw new ArgumentTransformationMetadataException($"A {_noun} is needed, and what was given is the profile of a {(_forGroups ? "user" : "group")}: the same id names something else there.");
        switch (plain)
        {
            case ServiceProfile profile:
                return profile.Id;
            case IDictionary dictionary when _names.FirstOrDefault(dictionary.Contains) is { } name:
                return Named(dictionary[name]);
            case not null when input is PSObject custom && _names.Select(n => custom.Properties[n]).FirstOrDefault(p => p is not null) is { } property:
                return Named(property.Value);
            default:
                throw new ArgumentTransformationMetadataException(
                    $"A {_noun} is needed: text, a number, or an object with a property {string.Join(", ", _names)}. What was given is {(plain is null ? "null" : $"of type {plain.GetType().Name} and has none")}.");
        }
    }

    private string Named(object? value)
    {
        try
        {
            return PipelineValues.Writer.DistinctId(value) ?? throw new ArgumentTransformationMetadataException($"The {_noun} of the object is null.");
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentTransformationMetadataException($"The object has no {_noun} where one should be: {e.Message}.", e);
        }
    }
}
