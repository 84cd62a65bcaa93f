using System.Management.Automation;

namespace ProfilesModule.Binding;

/// <summary>The base of the attributes that convert an argument before PowerShell binds it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class ArgumentConversionAttribute : ArgumentTransformationAttribute
{
    /// <summary>Converts an argument.</summary>
    /// <param name="engineIntrinsics">The engine.</param>
    /// <param name="inputData">The argument.</param>
    /// <exception cref="ArgumentTransformationMetadataException">The argument cannot be converted.</exception>
    public sealed override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Convert(inputData, Plain(inputData))!;
        }
        catch (ArgumentException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    /// <summary>Converts an argument, or returns it unchanged to let PowerShell convert it.</summary>
    /// <param name="input">The argument as PowerShell passes it.</param>
    /// <param name="plain">The object inside a PSObject.</param>
    private protected abstract object? Convert(object? input, object? plain);

    private protected static object? Plain(object? input) => input is PSObject wrapped ? wrapped.BaseObject : input;
}
