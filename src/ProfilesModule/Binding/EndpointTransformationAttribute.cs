using System.Collections;
using System.Management.Automation;
using ProfilesModule.Wire;

namespace ProfilesModule.Binding;

/// <summary>Takes the address of a service as text, with or without a scheme, and out of objects that have one as their Endpoint.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EndpointTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the parameter takes a list of addresses.</summary>
    public bool TakesSeveral { get; init; }

    /// <summary>Turns what was given into an address, or a list of them.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It is no address, or several where one is needed.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not IList list)
            return Single(inputData);
        if (TakesSeveral)
            return list.Cast<object>().Select(Single).ToArray();
        return list.Count == 1
            ? Single(list[0]!)
            : throw new ArgumentTransformationMetadataException($"One endpoint is needed, and {list.Count} were given: {ServiceText.WithoutUserInfo(string.Join(", ", list.Cast<object>()))}. Choose one of them.");
    }

    private static object Single(object input)
    {
        var plain = input is PSObject wrapped ? wrapped.BaseObject : input;
        return plain switch
        {
            string text => Address(text),

            // A host and port that were cast to Uri have the host for a scheme.
            Uri address => Address(address.OriginalString),
            not null when PSObject.AsPSObject(input).Properties["Endpoint"]?.Value is { } endpoint => Single(endpoint),
            _ => input,
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
            throw new ArgumentTransformationMetadataException(ServiceText.WithoutUserInfo(e.Message));
        }
    }
}
