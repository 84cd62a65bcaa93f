using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Security;
using ProfilesModule.Wire;

namespace ProfilesModule.Binding;

/// <summary>
/// Converts text to an address. The error of PowerShell itself would show the password in an address that it cannot convert.
/// </summary>
public sealed class AddressTransformationAttribute : ArgumentConversionAttribute
{
    private protected override object? Convert(object? input, object? plain) =>
        plain is not string text ? input
            : Uri.TryCreate(text.Trim(), UriKind.RelativeOrAbsolute, out var address) ? address
            : throw new ArgumentTransformationMetadataException($"'{ServiceText.WithoutUserInfo(text)}' is not an address.");
}

/// <summary>Converts text, with or without a scheme, and objects with an Endpoint property to the address of a service.</summary>
public sealed class EndpointTransformationAttribute : ArgumentConversionAttribute
{
    /// <summary>Whether the parameter takes a list of addresses.</summary>
    public bool TakesSeveral { get; init; }

    private protected override object? Convert(object? input, object? plain)
    {
        if (plain is not IList list)
            return Endpoint(input);
        if (TakesSeveral)
            return list.Cast<object?>().Select(Endpoint).ToArray();
        return list.Count == 1
            ? Endpoint(list[0])
            : throw new ArgumentTransformationMetadataException(
                $"Specify one endpoint instead of {list.Count}: {ServiceText.WithoutUserInfo(string.Join(", ", list.Cast<object>()))}.");
    }

    private static object? Endpoint(object? input) => Plain(input) switch
    {
        string text => Address(text),

        // When host:port is cast to Uri, the host becomes the scheme.
        Uri address => Address(address.OriginalString),
        not null when PSObject.AsPSObject(input!).Properties["Endpoint"]?.Value is { } endpoint => Endpoint(endpoint),
        _ => input,
    };

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

/// <summary>Converts the code or name of a region, or a host or address of the service, to the code of the region.</summary>
public sealed class RegionTransformationAttribute : ArgumentConversionAttribute
{
    private protected override object? Convert(object? input, object? plain) => plain is null
        ? input
        : RegionNames.Find(plain.ToString()!)?.ToString()
            ?? throw new ArgumentTransformationMetadataException($"'{plain}' is not a region. {ConnectionSettings.Regions}");
}

/// <summary>Converts text to a SecureString, so that it is not shown from then on.</summary>
public sealed class SecretTransformationAttribute : ArgumentConversionAttribute
{
    private protected override object? Convert(object? input, object? plain) => plain switch
    {
        // 00112233 is a number for PowerShell, and the text that was typed is the secret.
        string or ValueType => new NetworkCredential("", LanguagePrimitives.ConvertTo<string>(input)).SecurePassword,
        null or SecureString => input,

        // The error of PowerShell itself would show the object.
        _ => throw new ArgumentTransformationMetadataException(
            $"A secret is text or a SecureString; this object is of type {plain.GetType().Name}."),
    };
}

/// <summary>Refuses the copy of a connection that a job or remoting returned, because it has no secrets.</summary>
public sealed class ConnectionTransformationAttribute : ArgumentConversionAttribute
{
    private protected override object? Convert(object? input, object? plain) =>
        input is PSObject copy && copy.TypeNames.Contains("Deserialized." + typeof(UserProfileConnection).FullName)
            ? throw new ArgumentTransformationMetadataException(
                "A connection can be used only in the process that made it, because its secrets do not cross to another process, "
                + "such as a job. Run Connect-UserProfileService inside the job, "
                + "or set the MIXPANEL_ environment variables, which a job inherits.")
            : input;
}
