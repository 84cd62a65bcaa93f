using System.Management.Automation;

namespace ProfilesModule.Binding;

/// <summary>Takes a region by its code, by its name, or by a host or address of the service in it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RegionTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Turns what was given into the code of a region.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">There is no such region.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (plain is null)
            return inputData;
        var region = RegionNames.Find(plain.ToString()!) ?? throw new ArgumentTransformationMetadataException($"'{plain}' is no region. {ConnectionSettings.Regions}");
        return region.ToString();
    }
}
