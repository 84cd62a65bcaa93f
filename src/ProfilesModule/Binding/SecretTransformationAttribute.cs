using System.Management.Automation;
using System.Net;
using System.Security;

namespace ProfilesModule.Binding;

/// <summary>Takes a secret as text too, and keeps it from then on where nothing shows it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns text into a secure string.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It is neither; PowerShell itself would show what it is.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain switch
        {
            string or ValueType => new NetworkCredential("", plain.ToString()).SecurePassword,
            null or SecureString => inputData,
            _ => throw new ArgumentTransformationMetadataException($"A secret is text or a SecureString, and this is of type {plain.GetType().Name}. Give the text itself."),
        };
    }
}
