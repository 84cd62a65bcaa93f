using System.Collections;
using System.Text;
using ProfilesModule.Rules;

namespace ProfilesModule.Core.Tests.Rules;

/// <summary>What stands in place of a list or an object is told from texts.</summary>
public sealed class LostValuesTests
{
    public static TheoryData<object> Values { get; } =
    [
        new object[1], new string[1], new byte[1], new int[1][], new int[1, 1], new KeyValuePair<string, int>[1],
        new Hashtable(), new Hashtable().Keys, new ArrayList(), new BitArray(1), new List<string>(), new Dictionary<string, List<int>>(), new Dictionary<string, int>().Values,
        new HashSet<int?>(), Enumerable.Range(0, 3).Where(n => n > 0), new object(), new System.Xml.XmlDocument(), new List<string>[1], new TheoryData<object>(),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Values_without_a_text_of_their_own_are_found(object value) => Assert.True(IsIn(value.ToString()!), value.ToString());

    [Theory]
    [InlineData("@{}")]
    [InlineData("@{a=1}")]
    [InlineData("@{a=1} @{a=2}")]
    [InlineData("@{note=two\nlines}")]
    [InlineData("Deserialized.System.Diagnostics.Process")]
    [InlineData("Microsoft.ActiveDirectory.Management.ADPropertyValueCollection")]
    [InlineData("Microsoft.Graph.PowerShell.Models.MicrosoftGraphPasswordProfile")]
    [InlineData("Microsoft.SharePoint.Client.ListItemCollection")]
    [InlineData("System.Management.Automation.PSCustomObject")]
    [InlineData("System.Management.Automation.PSObject[]")]
    [InlineData("System.Data.DataRow")]
    [InlineData("System.Collections.Hashtable System.Collections.Hashtable")]
    [InlineData("System.Object[] System.Object[]")]
    [InlineData("VMware.Vim.VirtualDevice[]")]
    public void What_PowerShell_leaves_is_found(string text) => Assert.True(IsIn(text));

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("System")]
    [InlineData("System.")]
    [InlineData("System.Title")]
    [InlineData("System.Data")]
    [InlineData("System.Database")]
    [InlineData("System.Collections")]
    [InlineData("System.InvalidOperationException")]
    [InlineData("System.Data.DataException")]
    [InlineData("System.Management.Automation.RuntimeException")]
    [InlineData("System.Object[] is a type")]
    [InlineData("See System.Object[]")]
    [InlineData("System.Object, System.Collections.Hashtable")]
    [InlineData("System.Collections.Hashtable.")]
    [InlineData("System.Collections.Hashtable ")]
    [InlineData("system.object[]")]
    [InlineData("Microsoft.Teams")]
    [InlineData("Microsoft.PowerShell")]
    [InlineData("Microsoft.ActiveDirectory")]
    [InlineData("Deserialized.")]
    [InlineData("user.roles[]")]
    [InlineData("Roles[]")]
    [InlineData("Chapter.One[1]")]
    [InlineData("[\"System.Object[]\"]")]
    [InlineData("@{name}")]
    [InlineData("@{a=1} and more")]
    [InlineData("{a=1}")]
    [InlineData("Notes [2]")]
    [InlineData("Straße.Äpfel")]
    public void Texts_are_not(string text) => Assert.False(IsIn(text));

    private static bool IsIn(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var isIn = LostValues.IsIn(utf8);
        Assert.True(!isIn || (LostValues.MayBeIn<byte>(utf8) && LostValues.MayBeIn<char>(text)));
        return isIn;
    }
}
