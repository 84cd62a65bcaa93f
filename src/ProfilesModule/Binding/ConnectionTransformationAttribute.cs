using System.Management.Automation;

namespace ProfilesModule.Binding;

/// <summary>Refuses what a job or remoting brought over of a connection, which has no secrets, with a word on what to do.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Looks at what was given.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">What was given.</param>
    /// <exception cref="ArgumentTransformationMetadataException">It is the copy of a connection of another process.</exception>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is PSObject copy && copy.TypeNames.Contains("Deserialized." + typeof(UserProfileConnection).FullName)
            ? throw new ArgumentTransformationMetadataException("A connection serves only the process that made it: its secrets do not cross to another, such as a job. Run Connect-UserProfileService inside the job, or set the MIXPANEL_ environment variables, which a job inherits.")
            : inputData;
}
