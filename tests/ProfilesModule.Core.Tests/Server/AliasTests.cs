using ProfilesModule.Server;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Core.Tests.Server;

public sealed class AliasTests : IDisposable
{
    private readonly RunningServer _running = new(options: new EngageServerOptions { Aliases = new Dictionary<string, string> { ["alias"] = "original" } });

    public void Dispose() => _running.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(""","$ignore_alias":false""")]
    [InlineData(""","$ignore_alias":null""")]
    public async Task An_update_for_an_alias_goes_to_the_original(string field)
    {
        await _running.Apply("original", """ "$set":{"p":1},"$ignore_time":true """);

        await _running.Apply("alias", $""" "$add":{"{"}"p":1{"}"},"$ignore_time":true{field} """);

        Assert.Equal("""{"p":2}""", await _running.Properties("original"));
        Assert.Null(await _running.Properties("alias"));
        await _running.Apply("alias", $""" "$delete":""{field} """);
        Assert.Equal(0, _running.Server.ProfileCount);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    [InlineData("\"true\"")]
    public async Task An_update_that_ignores_aliases_takes_the_id_literally(string value)
    {
        await _running.Apply("original", """ "$set":{"p":1},"$ignore_time":true """);

        await _running.Apply("alias", $""" "$set":{"{"}"p":2{"}"},"$ignore_time":true,"$ignore_alias":{value} """);
        Assert.Equal("""{"p":2}""", await _running.Properties("alias"));

        await _running.Apply("alias", $""" "$delete":"","$ignore_alias":{value} """);
        Assert.Equal(["original"], (await _running.Query()).Ids);
        Assert.Equal("""{"p":1}""", await _running.Properties("original"));
    }

    [Fact]
    public async Task Groups_have_no_aliases()
    {
        await _running.Client.PostAsync("groups", RunningServer.Json("""{"$token":"t","$group_key":"k","$group_id":"alias","$set":{}}"""));

        Assert.Equal(["alias"], (await _running.Query(("data_group_id", _running.Server.FindDataGroupId("k")!))).Ids);
    }

    [Theory]
    [InlineData("b", "c")]
    [InlineData("a", "c")]
    public void An_alias_of_an_alias_is_refused(string original, string other)
    {
        var options = new EngageServerOptions { Aliases = new Dictionary<string, string> { ["a"] = original, ["b"] = other } };

        Assert.Throws<ArgumentException>(() => EngageServer.Start(options, new MemoryProfileStore()));
    }
}
