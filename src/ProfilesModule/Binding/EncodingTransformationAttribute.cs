using System.Management.Automation;

namespace ProfilesModule.Binding;

/// <summary>Takes an encoding by the names that PowerShell's own cmdlets know, any other of .NET, or the number of a code page.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns what was given into an encoding.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">There is no such encoding.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return EncodingNames.Find(inputData is PSObject wrapped ? wrapped.BaseObject : inputData);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
