using System.Management.Automation;
using ProfilesModule.Wire;

namespace ProfilesModule.Binding;

/// <summary>Takes an address as text: PowerShell itself shows one that it cannot read, with the password in it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AddressTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns text into an address.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It is not an address.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is not string text ? inputData
            : Uri.TryCreate(text.Trim(), UriKind.RelativeOrAbsolute, out var address) ? address
            : throw new ArgumentTransformationMetadataException($"'{ServiceText.WithoutUserInfo(text)}' is not an address.");
}
