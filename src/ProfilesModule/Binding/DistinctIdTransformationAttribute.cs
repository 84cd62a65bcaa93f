using System.Collections;
using System.Management.Automation;
using ProfilesModule.Rows;

namespace ProfilesModule.Binding;

/// <summary>
/// Takes distinct ids as text and numbers, and out of objects that have one. PowerShell itself would turn any object into
/// text, and so an object without a distinct id into a profile named "@{name=…}".
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DistinctIdTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns what was given into distinct ids.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It holds no distinct id.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain is IList list
            ? list.Cast<object>().Select(DistinctId).ToArray()
            : new[] { DistinctId(inputData) };
    }

    private static string DistinctId(object input)
    {
        var plain = input is PSObject wrapped ? wrapped.BaseObject : input;
        switch (plain)
        {
            case UserProfile profile:
                return profile.DistinctId;
            case string or ValueType:
                return PipelineValues.Writer.DistinctId(plain)!;
            case IDictionary dictionary when PipelineRow.IdentifierNames.FirstOrDefault(dictionary.Contains) is { } name:
                return Named(dictionary[name]);
            case not null when input is PSObject custom && PipelineRow.IdentifierNames.Select(n => custom.Properties[n]).FirstOrDefault(p => p is not null) is { } property:
                return Named(property.Value);
            default:
                throw new ArgumentTransformationMetadataException(
                    $"A distinct id is needed: text, a number, or an object with a property {string.Join(", ", PipelineRow.IdentifierNames)}. {(plain is null ? "Null" : $"A {plain.GetType().Name} without one")} was given.");
        }
    }

    private static string Named(object? value)
    {
        try
        {
            return PipelineValues.Writer.DistinctId(value) ?? throw new ArgumentTransformationMetadataException("The distinct id of the object is null.");
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentTransformationMetadataException($"The object has no distinct id where one should be: {e.Message}.", e);
        }
    }
}
