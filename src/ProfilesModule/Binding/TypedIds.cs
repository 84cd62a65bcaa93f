using System.Management.Automation;
using System.Text.RegularExpressions;
using ProfilesModule.Pipeline;

namespace ProfilesModule.Binding;

/// <summary>Finds ids that were typed with leading zeros in a list, which PowerShell has read as numbers.</summary>
internal static partial class TypedIds
{
    /// <summary>Warns about ids of the command line that have lost their zeros. A single id keeps the text that was typed.</summary>
    public static void WarnOfLostZeros(this PSCmdlet command, IReadOnlyList<ProfileId>? ids)
    {
        if (ids is not { Count: > 0 })
            return;
        var lost = Numbers().Matches(command.MyInvocation.Line ?? "").Select(number => number.Value).Distinct()
            .Where(typed => ids.All(id => id.Text != typed) && ids.Any(id => id.Text == typed.TrimStart('0').PadLeft(1, '0'))).ToArray();
        if (lost.Length > 0)
        {
            command.Warn($"PowerShell has read {string.Join(", ", lost)} in a list as a number without the zeros. "
                + "Put ids that begin with a zero in quotes.");
        }
    }

    [GeneratedRegex("""(?<![\w.'"$-])0[0-9]+(?![\w.'"])""")]
    private static partial Regex Numbers();
}
