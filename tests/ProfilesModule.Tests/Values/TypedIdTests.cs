using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Values;

/// <summary>Of an id or a secret, the text that was typed counts, as it does for a parameter of type string.</summary>
public sealed class TypedIdTests : ConnectedTests
{
    [Theory]
    [InlineData("007")]
    [InlineData("0123")]
    [InlineData("1e5")]
    [InlineData("10.0")]
    [InlineData("1kb")]
    [InlineData("0x10")]
    [InlineData("1.50d")]
    [InlineData("-7")]
    [InlineData("100000000000000000000000000000000")]
    public void A_bare_argument_keeps_its_text(string typed)
    {
        foreach (var arguments in new[] { "-UserProfile " + typed, "-UserProfile -DistinctId:" + typed, "-GroupProfile -GroupKey company -GroupId " + typed })
        {
            Session.Run($"Set{arguments} -Property @{{ a = 1 }}").Succeeded();
            Assert.Contains($"_id\":\"{typed}\"", Service.Bodies.Last(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Removing_007_leaves_7_alone()
    {
        var left = Session.Run("""
            $null = Start-UserProfileServer
            Set-UserProfile '7' -Property @{ who = 'seven' }
            Set-UserProfile '007' -Property @{ who = 'Bond' }
            Remove-UserProfile 007 -Force
            (Get-UserProfile).DistinctId
            """).Succeeded();
        Assert.Equal("7", Assert.Single(left.Output).ToString());
    }

    [Theory]
    [InlineData("00112233445566778899001122334455")]
    [InlineData("007")]
    [InlineData("1e10")]
    public void A_secret_keeps_its_text(string token)
    {
        Session.Run($"Connect-UserProfileService -Token {token} -Endpoint $endpoint; Set-UserProfile x -Property @{{ a = 1 }}", new { endpoint = Service.Endpoint }).Succeeded();
        Assert.Contains($"\"$token\":\"{token}\"", Service.Bodies.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Set-UserProfile 007, 008 -Property @{ a = 1 }", "007, 008")]
    [InlineData("Remove-UserProfile @(007) -Force", "007")]
    [InlineData("Set-UserProfile '007', '008' -Property @{ a = 1 }", "")]
    [InlineData("Set-UserProfile 007 -Property @{ a = 007 }", "")]
    [InlineData("Set-UserProfile 7, 10 -Property @{ a = 0.7 }", "")]
    public void A_list_of_numbers_with_zeros_is_warned_about(string line, string lost)
    {
        var warnings = Session.Run(line).Succeeded().Warnings;
        if (lost.Length == 0)
            Assert.Empty(warnings);
        else
            Assert.Contains($"has read {lost} in a list", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5d", "5")]
    [InlineData("5.0d", "5")]
    [InlineData("5.00d", "5")]
    [InlineData("-1200.000d", "-1200")]
    [InlineData("79228162514264337593543950335d", "79228162514264337593543950335")]
    public void A_whole_decimal_is_one_id(string number, string id)
    {
        Session.Run($"[pscustomobject]@{{ DistinctId = {number}; a = 1 }} | Set-UserProfile").Succeeded();
        Assert.Equal(id, Assert.Single(Service.Profiles.Keys));
    }

    [Theory]
    [InlineData("12.5d")]
    [InlineData("0.1d")]
    [InlineData("12.5")]
    public void A_number_that_is_not_whole_is_not_an_id(string number)
    {
        var result = Session.Run($"[pscustomobject]@{{ DistinctId = {number}; a = 1 }} | Set-UserProfile");
        Assert.StartsWith("InvalidIdentifier", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    [Theory]
    [InlineData("Remove-UserProfile 007, 8 -WhatIf", true)]
    [InlineData("Remove-UserProfile -DistinctId 007, 8 -WhatIf", true)]
    [InlineData("Remove-UserProfile `\n  -DistinctId `\n  007, 8 -WhatIf", true)]
    [InlineData("Set-UserProfile 7 -Property @{ zip = 007 } -WhatIf", false)]
    [InlineData("Set-UserProfile 7 -Property @{ zips = 007, 8 } -WhatIf", false)]
    [InlineData("Set-UserProfile 7 -Unset 007, 8 -WhatIf <# 007, 8 #>", false)]
    [InlineData("Remove-UserProfile '007', '8' -WhatIf", false)]
    public void Only_zeros_of_ids_are_warned_about(string line, bool isLost) =>
        Assert.Equal(isLost ? 1 : 0, Session.Run(line).Succeeded().Warnings.Count(warning => warning.Contains("without the zeros", StringComparison.Ordinal)));

    [Fact]
    public void An_id_is_the_same_from_another_process_and_of_any_type()
    {
        Session.Run("""
            Set-UserProfile -DistinctId ([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize(123456789012345678901234567890n))) -Property @{ a = 1 }
            [pscustomobject]@{ DistinctId = [System.Text.StringBuilder]::new('built'); a = 1 } | Set-UserProfile
            """).Succeeded();
        Assert.Equal(["123456789012345678901234567890", "built"], Service.Profiles.Keys.Order());
    }
}
