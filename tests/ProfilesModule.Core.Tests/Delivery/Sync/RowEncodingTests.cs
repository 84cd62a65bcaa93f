using System.Security.Cryptography;
using System.Text;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Csv;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Core.Tests.Delivery.Sync;

/// <summary>A state recognizes a CSV row by its text, so it has to be told when the same text becomes another update.</summary>
public sealed class RowEncodingTests
{
    private const string Rows = """
        id,text,number,boolean,date,list,json,seconds,milliseconds,a.b,inferred number,inferred date,empty
        u1,"Tromsø ""x"" <b>",1.50,yes,2026-01-31T12:00:00+01:00,a;b,"{""k"": [1, null]}",1700000000,1700000000123,inner,12.5,2026-02-28,
        u2,😀 ,1e3,0,2026-01-31,one,true,0,-1,,7,2026-02-28T01:02:03Z,x
        """;

    /// <summary>If this fails, the same row becomes another update: raise <see cref="RowClaim.Encoding"/>, and state both here.</summary>
    [Fact]
    public async Task The_same_rows_become_the_same_updates_as_long_as_the_number_of_their_encoding_is_the_same()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("rows.csv");
        await File.WriteAllTextAsync(path, Rows.ReplaceLineEndings("\n"));
        using var rows = new CsvRows(new CsvFormat().Open(path, new()), new());
        var types = new Dictionary<string, ColumnType>
        {
            ["number"] = new(PropertyType.Number),
            ["boolean"] = new(PropertyType.Boolean),
            ["date"] = new(PropertyType.Date),
            ["list"] = new(PropertyType.List),
            ["json"] = new(PropertyType.Json),
            ["seconds"] = new(PropertyType.UnixSeconds),
            ["milliseconds"] = new(PropertyType.UnixMilliseconds),
            ["inferred number"] = new(PropertyType.ExactNumber),
            ["inferred date"] = new(PropertyType.ExactDate),
        };
        rows.Plan = ColumnPlan.Create(rows.Header, 0, new() { Types = types, ExpandsNames = true, EmptyCell = EmptyCell.Unset });
        var sent = new StringBuilder();
        var transport = ScriptedTransport.Answering(request =>
        {
            sent.Append(request.Body);
            return ScriptedTransport.Accepted;
        });
        await using var sender = new UpdateSender(transport, new() { MaxConcurrency = 1 }, new(), TimeProvider.System);
        using var writer = new UpdateWriter(sender, "token");
        var file = new CsvSourceFile(rows, new(path, null!, new(), rows.Header), new(), null!);
        await new FileUpdates(file, Operation.Set, writer, new(new())) { IsStopped = () => false, Rejected = (_, _, failure) => Assert.Fail(failure.Message) }.WriteAllAsync(default);
        await writer.CompleteAsync();
        Assert.Equal(2, sender.Account.Accepted);
        Assert.Equal("1 A3BC15A79F75D15C", $"{RowClaim.Encoding} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(sent.ToString())))[..16]}");
    }
}
