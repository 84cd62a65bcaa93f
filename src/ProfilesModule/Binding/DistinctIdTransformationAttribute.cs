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
                return Named(plain);
            case IDictionary dictionary when PipelineRow.DistinctIdNames.FirstOrDefault(dictionary.Contains) is { } name:
                return Named(dictionary[name]);
            case not null when input is PSObject custom && PipelineRow.DistinctIdNames.Select(n => custom.Properties[n]).FirstOrDefault(p => p is not null) is { } property:
                return Named(property.Value);
            default:
                throw new ArgumentTransformationMetadataException(
                    $"A distinct id is needed: text, a number, or an object with a property {string.Join(", ", PipelineRow.DistinctIdNames)}. What was given is {(plain is null ? "null" : $"of type {plain.GetType().Name} and has none")}.");
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
