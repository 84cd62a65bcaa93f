using System.Security.Cryptography;
using System.Text;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Sources.Database;

/// <summary>Executes a query, whose rows become updates as the objects of a JSON file do.</summary>
/// <param name="query">The query.</param>
/// <param name="zone">The zone of times that do not say which they are in.</param>
/// <param name="options">How its rows become updates.</param>
/// <param name="stop">Cancels it.</param>
internal sealed class DatabaseSource(DatabaseQuery query, TimeZoneInfo zone, JsonOptions options, CancellationToken stop) : RowSource
{
    /// <inheritdoc/>
    public override bool ReadsFiles => false;

    /// <inheritdoc/>
    public override string Noun => "query";

    /// <inheritdoc/>
    public override string RowNoun => "row";

    /// <summary>The part of the rows that is taken; null also where the query takes it.</summary>
    public override Partition? Partition
    {
        get => query.TakesPartition ? null : base.Partition;
        set => base.Partition = value;
    }

    /// <inheritdoc/>
    public override string IdentityOf(string path) =>
        $"{path} ({Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(query.Text)).AsSpan(0, 8))})";

    /// <inheritdoc/>
    public override SourceFile Open(string path, Func<Stream>? input) =>
        new JsonSourceFile(Rows, new(path, this), options, null) { LeftOut = _ => { } };

    /// <summary>The columns of the query, each with its type in the database.</summary>
    /// <exception cref="FailureException">The database cannot be reached, or refuses the query.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Columns()
    {
        using var session = new DatabaseSession(query, stop);
        var rows = session.Rows;
        return [.. Enumerable.Range(0, rows.FieldCount).Select(i => KeyValuePair.Create(rows.GetName(i), rows.GetDataTypeName(i)))];
    }

    private DatabaseRows Rows() => new(query.For(base.Partition), zone, options.Excludes ?? (_ => false), stop);

    /// <inheritdoc/>
    public override Failure NotReadable(Exception exception, string path) => query.Failed(exception, isConnected: true).Failure;

    /// <inheritdoc/>
    public override object Show(InputFile file, ReadOnlyMemory<byte> row) => JsonFile.Parse(row.Span);

    /// <inheritdoc/>
    public override bool IsShownAsText(Failure failure) => false;
}
