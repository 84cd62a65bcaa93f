using System.Management.Automation;
using System.Net;

namespace ProfilesModule.Binding;

/// <summary>Takes a secret as text too, and keeps it from then on where nothing shows it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns text into a secure string.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain is string or ValueType ? new NetworkCredential("", plain.ToString()).SecurePassword : inputData;
    }
}
