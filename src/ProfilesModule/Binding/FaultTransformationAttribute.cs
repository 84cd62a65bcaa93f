using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Server.Faults;

namespace ProfilesModule.Binding;

/// <summary>Takes the times of faults as seconds where they are numbers: PowerShell itself would turn 3 into 300 nanoseconds, and '3' into three days.</summary>
public sealed class FaultTransformationAttribute : ArgumentConversionAttribute
{
    private static readonly string[] Times = [nameof(ServerFault.Delay), nameof(ServerFault.RetryAfter), nameof(ServerFault.Window)];

    private protected override object? Convert(object? input, object? plain) =>
        plain is IList list ? list.Cast<object?>().Select(Fault).ToArray() : Fault(input);

    private static object? Fault(object? input)
    {
        var fault = new Hashtable(StringComparer.OrdinalIgnoreCase);
        switch (Plain(input))
        {
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                    fault[Plain(entry.Key)!] = entry.Value;
                break;
            case PSCustomObject:
                foreach (var property in ((PSObject)input!).Properties)
                    fault[property.Name] = property.Value;
                break;
            default:
                return input;
        }

        foreach (var name in Times)
        {
            if (fault.ContainsKey(name))
                fault[name] = Time(name, Plain(fault[name]));
        }

        return fault;
    }

    private static object? Time(string name, object? value)
    {
        try
        {
            return value switch
            {
                string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) => TimeSpan.FromSeconds(seconds),
                byte or sbyte or short or ushort or int or uint or long or ulong or decimal or double or float =>
                    TimeSpan.FromSeconds(System.Convert.ToDouble(value, CultureInfo.InvariantCulture)),
                _ => value,
            };
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw new ArgumentTransformationMetadataException($"{name} of a fault must be a number of seconds or a time such as "
                + $"'00:00:02', not {value}.", e);
        }
    }
}
