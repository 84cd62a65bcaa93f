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

    private protected ProfileIdTransformationAttribute(string noun, string[] names)
    {
        _noun = noun;
        _names = names;
    }

    /// <summary>Turns what was given into identifiers.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It holds no identifier.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain is IList list
            ? list.Cast<object>().Select(Id).ToArray()
            : new[] { Id(inputData) };
    }

    private string Id(object input)
    {
        var plain = input is PSObject wrapped ? wrapped.BaseObject : input;
        switch (plain)
        {
            case ServiceProfile profile:
                return profile.Id;
            case string or ValueType:
                return Named(plain);
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
