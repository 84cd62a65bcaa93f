using System.Collections;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Payloads of Segment that come through the pipeline.</summary>
public sealed class SegmentCallTests : ConnectedTests
{
    [Fact]
    public void Identify_calls_set_their_traits_and_others_are_errors_of_their_rows()
    {
        var traits = new Hashtable { ["email"] = "a@b.io", ["address"] = new Hashtable { ["city"] = "Graz", ["street"] = "Am Ring 1" } };
        var result = Session.Run("""
            [pscustomobject]@{ type = 'identify'; userId = 'u1'; anonymousId = 'x'; traits = [pscustomobject]@{ firstName = 'Ann'; logins = 5 }; context = @{ ip = '1' } } | Set-UserProfile
            @{ userId = 'u2'; traits = $traits } | Set-UserProfile -PassThru
            @{ type = 'track'; userId = 'u3'; event = 'e' } | Set-UserProfile
            @{ type = 'identify'; anonymousId = 'u4'; traits = @{ a = 1 } } | Set-UserProfile
            @{ type = 'identify'; userId = 'u5'; traits = @{ email = 1; '$email' = 2 } } | Set-UserProfile
            @{ '$distinct_id' = 'u6'; '$properties' = @{ plan = 'pro' } } | Set-UserProfile
            """, new { traits });
        Assert.Equal(["UnsupportedObject", "MissingIdentifier", "DuplicateProperty"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal("{\"$first_name\":\"Ann\",\"logins\":5}", Service.Profiles["u1"].GetRawText());
        Assert.Equal("Graz", Service.Profiles["u2"].GetProperty("$city").GetString());
        Assert.Equal("{\"street\":\"Am Ring 1\"}", Service.Profiles["u2"].GetProperty("address").GetRawText());
        Assert.Equal("a@b.io", Assert.Single(result.Output).Properties["$email"].Value);
        Assert.Equal("{\"plan\":\"pro\"}", Service.Profiles["u6"].GetRawText());
    }

    [Fact]
    public void Group_calls_set_the_traits_of_groups()
    {
        using var session = new ModuleSession();
        var result = session.Run("""
            $server = Start-UserProfileServer
            @{ type = 'group'; userId = 'u'; groupId = 'acme'; traits = @{ plan = 'pro' } } | Set-GroupProfile -GroupKey company
            @{ type = 'identify'; userId = 'u'; traits = @{ plan = 'pro' } } | Set-GroupProfile -GroupKey company
            Get-GroupProfile acme -DataGroupId $server.FindDataGroupId('company')
            """);
        Assert.StartsWith("UnsupportedObject,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("pro", result.Value("plan"));
    }
}
