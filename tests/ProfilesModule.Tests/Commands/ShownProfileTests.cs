using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Profiles that were written with Export-Csv or ConvertTo-Json come back without what a profile shows of itself.</summary>
public sealed class ShownProfileTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public ShownProfileTests() => _session.Run("$server = Start-UserProfileServer; $companies = $server.FindDataGroupId('company')").Succeeded();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("[pscustomobject]@{ DistinctId = 'a'; UpdatedAt = 'x'; n = 1 }, [pscustomobject]@{ DistinctId = 'b'; UpdatedAt = 'x'; n = 1 } | Set-UserProfile", "n")]
    [InlineData("@{ n = 1; UpdatedAt = 'x'; GroupKey = 'g'; Properties = @{ n = 1 }; DistinctId = 'a' } | Set-UserProfile", "n")]
    [InlineData("[pscustomobject]@{ UpdatedAt = 'x'; Properties = [pscustomobject]@{ n = 1 }; DistinctId = 'a'; n = 1 } | Set-UserProfile", "n")]
    public void They_are_left_out_with_one_warning(string script, string expected)
    {
        var result = _session.Run(script).Succeeded();
        Assert.Contains("'UpdatedAt'", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(expected, Properties("Get-UserProfile a"));
    }

    [Theory]
    [InlineData("@{ distinct_id = 'a'; UpdatedAt = 'x'; GroupKey = 'g' } | Set-UserProfile", "GroupKey UpdatedAt")]
    [InlineData("@{ DistinctId = 'a'; GroupKey = 'g'; Properties = 'x' } | Set-UserProfile", "GroupKey Properties")]
    [InlineData("@{ DistinctId = 'a'; UpdatedAt = 'x' } | Set-UserProfile -IdentifierProperty DistinctId", "UpdatedAt")]
    public void Rows_of_the_users_own_keep_theirs(string script, string expected)
    {
        Assert.Empty(_session.Run(script).Succeeded().Warnings);
        Assert.Equal(expected, Properties("Get-UserProfile a"));
    }

    [Fact]
    public void Groups_come_back_without_theirs()
    {
        Assert.Single(_session.Run("[pscustomobject]@{ GroupId = 'a'; GroupKey = 'company'; UpdatedAt = 'x'; n = 1 } | Set-GroupProfile -GroupKey company").Succeeded().Warnings);
        Assert.Equal("n", Properties("Get-GroupProfile a -DataGroupId $companies"));
    }

    [Theory]
    [InlineData("DistinctId,UpdatedAt,n\na,x,1\n", "", "n", 1)]
    [InlineData("n,UpdatedAt,DistinctId\n1,x,a\n", "", "n", 1)]
    [InlineData("DistinctId,UpdatedAt,n\na,x,1\n", "-IdentifierColumn DistinctId", "UpdatedAt n", 0)]
    [InlineData("distinct_id,UpdatedAt,n\na,x,1\n", "", "UpdatedAt n", 0)]
    public void Columns_of_a_file_are_treated_alike(string csv, string parameters, string expected, int warnings)
    {
        var (first, second) = (_folder.Write("1.csv", csv), _folder.Write("2.csv", csv));
        var result = _session.Run($"Import-UserProfileCsv $first, $second {parameters}", new { first, second }).Succeeded();
        Assert.Equal((2L, warnings), (result.Value("Accepted"), result.Warnings.Count));
        Assert.Equal(expected, Properties("Get-UserProfile a"));
    }

    private string Properties(string script) => string.Join(' ', _session.Run($"({script}).Properties.Keys | ForEach-Object {{ $_ }}").Succeeded().Output.Select(name => name.ToString()).Order(StringComparer.Ordinal));
}
