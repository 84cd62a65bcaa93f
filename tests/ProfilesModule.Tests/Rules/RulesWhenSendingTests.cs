using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Rules;

/// <summary>What the rules do to rows that are sent.</summary>
public sealed class RulesWhenSendingTests : ConnectedTests
{
    [Fact]
    public void A_warning_is_told_once_and_counted_and_its_rows_are_sent()
    {
        var path = Folder.Write("a.csv", "distinct_id,$email\n1,secret one\n2,a@b.io\n3,secret two\n4,x\n");
        var result = Session.Run("Import-UserProfileCsv $path", new { path }).Succeeded();
        Assert.Equal(4, Service.Profiles.Count);
        Assert.Equal(2, result.Warnings.Count);
        Assert.StartsWith("a.csv, line 2: '$email' ", result.Warnings[0], StringComparison.Ordinal);
        Assert.Matches(@"^a\.csv: InvalidEmail .*\b3 .*'\$email'.* 2, 4, 5\b", result.Warnings[1]);
        Assert.Equal("InvalidEmail $email (3)", Assert.Single((IEnumerable<object>)result.Value("Findings")!).ToString());
        Assert.Equal(0, result.Value("ExitCode"));
        Assert.DoesNotContain(result.AllText(), text => text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Strict_refuses_such_rows_and_warns_no_more()
    {
        var path = Folder.Write("a.csv", "distinct_id,$email\n1,nobody\n2,a@b.io\n");
        var result = Session.Run("Import-UserProfileCsv $path -Strict -RejectPath $bad", new { path, bad = Folder.File("bad.csv") });
        Assert.Equal("InvalidEmail,ProfilesModule.Commands.ImportUserProfileCsvCommand", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.StartsWith("a.csv, line 2: '$email'", result.Errors[0].ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(result.Errors[0].ErrorDetails.RecommendedAction);
        Assert.Empty(result.Warnings);
        Assert.Equal(["2"], Service.Profiles.Keys);
        Assert.EndsWith(",InvalidEmail\n", File.ReadAllText(Folder.File("bad.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_placeholder_is_refused_unless_it_is_meant()
    {
        var path = Folder.Write("a.csv", "distinct_id,v\nnull,a\n2,b\n");
        var result = Session.Run("Import-UserProfileCsv $path", new { path });
        Assert.Equal("PlaceholderIdentifier,ProfilesModule.Commands.ImportUserProfileCsvCommand", Assert.Single(result.Errors).FullyQualifiedErrorId);
        Assert.Equal(["2"], Service.Profiles.Keys);
        Session.Run("Import-UserProfileCsv $path -AllowAnyIdentifier", new { path }).Succeeded();
        Assert.Equal(["2", "null"], Service.Profiles.Keys.Order());
    }

    [Fact]
    public void A_hash_breaks_no_rule_and_hides_no_placeholder()
    {
        var path = Folder.Write("a.csv", "distinct_id,$email,$phone\nnull,a@b.io,+41446681800\n2,a@b.io,+41446681800\n");
        var result = Session.Run("Import-UserProfileCsv $path -HashProperty distinct_id, $email, $phone -RejectPath $bad".Replace("$email, $phone", "'$email', '$phone'", StringComparison.Ordinal), new { path, bad = Folder.File("bad.csv") });
        Assert.Empty(result.Warnings);
        Assert.StartsWith("PlaceholderIdentifier,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(64, Assert.Single(Service.Profiles.Keys).Length);
        var again = Session.Run("Import-UserProfileCsv $bad", new { bad = Folder.File("bad.csv") });
        Assert.StartsWith("PlaceholderIdentifier,", Assert.Single(again.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(again.Warnings);
    }

    [Fact]
    public void Groups_may_have_properties_by_the_names_of_those_of_users()
    {
        var path = Folder.Write("a.csv", "group_id,city,phone\nacme,Wien,044\n");
        Assert.Empty(Session.Run("Import-GroupProfileCsv $path -GroupKey company; [pscustomobject]@{ group_id = 'b'; city = 'Wien' } | Set-GroupProfile -GroupKey company", new { path }).Succeeded().Warnings);
    }

    [Theory]
    [InlineData("bucket", "", "ForbiddenName")]
    [InlineData("$last_seen", "-Strict", "ServiceKeptName")]
    [InlineData("email", "-Strict", "UnreservedName")]
    public void A_column_that_cannot_be_refuses_the_file_before_anything_is_sent(string column, string parameters, string errorId)
    {
        var path = Folder.Write("a.csv", $"distinct_id,{column}\n1,x\n");
        var result = Session.Run($"Import-UserProfileCsv $path {parameters}", new { path });
        var error = Assert.Single(result.Errors);
        Assert.Equal((errorId + ",ProfilesModule.Commands.ImportUserProfileCsvCommand", path), (error.FullyQualifiedErrorId, error.TargetObject));
        Assert.Contains($"'{column}'", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal(0, Service.Requests);
        Assert.Single((IEnumerable<object>)result.Value("Findings")!);
    }

    [Fact]
    public void A_column_that_is_doubtful_is_told_once()
    {
        var path = Folder.Write("a.csv", "distinct_id,email\n1,a@b.io\n2,c@d.io\n");
        var result = Session.Run("Import-UserProfileCsv $path", new { path }).Succeeded();
        Assert.StartsWith("a.csv: 'email' ", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Empty(Session.Run("Import-UserProfileCsv $path -UseReservedName", new { path }).Succeeded().Warnings);
        Assert.Empty(Session.Run("Import-UserProfileCsv $path -PropertyMap @{ email = 'email' }", new { path }).Succeeded().Warnings);
    }

    [Fact]
    public void WhatIf_finds_the_same_and_sends_nothing()
    {
        var path = Folder.Write("a.csv", "distinct_id,$email,name\nnull,x,Ann\n2,nobody,Bob\n");
        var would = Session.Run("Import-UserProfileCsv $path -WhatIf", new { path });
        Assert.Equal(0, Service.Requests);
        var did = Session.Run("Import-UserProfileCsv $path", new { path });
        Assert.Equal(["UnreservedName name (1)", "PlaceholderIdentifier distinct_id (1)", "InvalidEmail $email (2)"], ((IEnumerable<object>)would.Value("Findings")!).Select(f => f.ToString()));
        Assert.Equal(((IEnumerable<object>)did.Value("Findings")!).Select(f => f.ToString()), ((IEnumerable<object>)would.Value("Findings")!).Select(f => f.ToString()));
        Assert.Equal(did.Warnings, would.Warnings);
        Assert.Equal(did.Errors.Select(e => e.ToString()), would.Errors.Select(e => e.ToString()));
    }

    [Fact]
    public void Objects_are_warned_of_once_and_counted_or_refused_when_strict()
    {
        const string Rows = "1..3 | ForEach-Object { [pscustomobject]@{ distinct_id = $_; '$phone' = '0446681800' } }";
        var result = Session.Run($"{Rows} | Set-UserProfile").Succeeded();
        Assert.Equal(3, Service.Profiles.Count);
        Assert.Equal(2, result.Warnings.Count);
        Assert.Matches(@"^Object 1: .*'\$phone'", result.Warnings[0]);
        Assert.Matches(@"^PhoneWithoutCountryCode .*\b3 .*'\$phone'.* 1, 2, 3\b", result.Warnings[1]);
        var strict = Session.Run($"{Rows} | Set-UserProfile -Strict");
        Assert.Equal(3, strict.Errors.Count);
        Assert.All(strict.Errors, e => Assert.StartsWith("PhoneWithoutCountryCode,", e.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Empty(strict.Warnings);
    }

    [Fact]
    public void A_warning_may_end_the_command()
    {
        var result = Session.Run("@{ distinct_id = 1; '$email' = 'nobody' } | Set-UserProfile -WarningAction Stop");
        Assert.NotNull(result.Terminating);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void Named_profiles_are_held_to_the_rules_where_something_is_set()
    {
        var refused = Session.Run("Set-UserProfile null -Property @{ plan = 'pro' }");
        Assert.Equal("PlaceholderIdentifier,ProfilesModule.Commands.SetUserProfileCommand", Assert.Single(refused.Errors).FullyQualifiedErrorId);
        Session.Run("Set-UserProfile null -Property @{ plan = 'pro' } -AllowAnyIdentifier").Succeeded();
        Assert.Equal(["null"], Service.Applied.Keys);

        // What should never have been there can be taken away.
        Assert.Empty(Session.Run("Set-UserProfile null -Unset bucket, email; Remove-UserProfile null -Force").Succeeded().Warnings);
        Assert.Equal(3, Service.Applied["null"]);
    }
}
