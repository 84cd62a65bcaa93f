using System.Management.Automation;

namespace ProfilesModule.Binding;

/// <summary>Takes the address of a service as text, with or without a scheme, and out of objects that have one as their Endpoint.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EndpointTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns what was given into an address.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It is no address.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain switch
        {
            string text => Address(text),

            // A host and port that were cast to Uri have the host for a scheme.
            Uri address => Address(address.OriginalString),
            not null when PSObject.AsPSObject(inputData).Properties["Endpoint"]?.Value is { } endpoint => Transform(engineIntrinsics, endpoint),
            _ => inputData,
        };
    }

    private static Uri Address(string text)
    {
        try
        {
            return EndpointAddress.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
