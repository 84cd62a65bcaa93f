using System.Globalization;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Core.Tests;

/// <summary>Runs all tests of the process in the culture that TEST_CULTURE names.</summary>
internal static class TestCulture
{
    [ModuleInitializer]
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable("TEST_CULTURE") is not { Length: > 0 } name)
            return;
        var culture = CultureInfo.GetCultureInfo(name);
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (culture, culture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
    }
}
