using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>A kind of file that rows come from: how it is opened, and how its rows are shown.</summary>
internal abstract class RowSource
{
    /// <summary>Whether its inputs are files, which are identified by what they are, and may change.</summary>
    public virtual bool ReadsFiles => true;

    /// <summary>What a journal identifies an input by that is not a file.</summary>
    public virtual string IdentityOf(string path) => path;

    /// <summary>What messages call the input.</summary>
    public virtual string Noun => "file";

    /// <summary>What messages call the place of a row in it.</summary>
    public virtual string RowNoun => "line";

    /// <summary>The part of the rows that is taken; null for all. It is set before a file is opened.</summary>
    public virtual Partition? Partition { get; set; }

    /// <summary>Takes warnings about a file.</summary>
    public Action<string> Warn { get; set; } = _ => { };

    /// <summary>Takes what was decided about a file.</summary>
    public Action<string> Inform { get; set; } = _ => { };

    /// <summary>Opens a file at its first row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">Opens its content from the start, when it can be read only once; null to open the path.</param>
    /// <exception cref="FailureException">The file cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public abstract SourceFile Open(string path, Func<Stream>? input);

    /// <summary>What is wrong with a file that cannot be read, or not to its end.</summary>
    public abstract Failure NotReadable(Exception exception, string path);

    /// <summary>A row as its user knows it, for the target of an error.</summary>
    public abstract object Show(InputFile file, ReadOnlyMemory<byte> row);

    /// <summary>Whether a failed row can be shown only as the text of its line.</summary>
    public abstract bool IsShownAsText(Failure failure);
}

/// <summary>The file that an update comes from.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Source">What kind of file it is.</param>
internal record InputFile(string Path, RowSource Source);

/// <summary>A column of a file, and what it becomes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">The names from a property down to a member of it, or only its own; none for the identifier.</param>
internal sealed record SourceColumn(string Name, IReadOnlyList<string> Path);

/// <summary>
/// One open file, row by row. What it returns is valid until the next <see cref="Read"/>.
/// </summary>
internal abstract class SourceFile : IDisposable
{
    /// <summary>The file, as the origin of its updates.</summary>
    public abstract InputFile Input { get; }

    /// <summary>The types that were inferred, in words; empty for none.</summary>
    public virtual string InferredTypes => "";

    /// <summary>What its columns become, in their order; empty where each row has names of its own.</summary>
    public virtual IReadOnlyList<SourceColumn> Columns => [];

    /// <summary>Its rows, where they are known by keys; null where they are known by their numbers.</summary>
    public virtual IKeyedRows? Keyed => null;

    /// <summary>What its rows do to their profiles, where they are requests, which say so themselves; null when they do not.</summary>
    public virtual Operation? Requested => null;

    /// <summary>The columns of its rows in a reject file.</summary>
    public virtual IReadOnlyList<string> RejectColumns => [];

    /// <summary>How a reject file for its rows is written.</summary>
    public abstract RejectFormat RejectFormat { get; }

    /// <summary>The 1-based line where the row starts.</summary>
    public abstract long Line { get; }

    /// <summary>How far the file was read, in bytes.</summary>
    public abstract long Position { get; }

    /// <summary>The row as it stands in the file, without what must not leave it.</summary>
    public abstract ReadOnlySpan<byte> RawRow { get; }

    /// <summary>What a reject file says about the row; null for a row of another file.</summary>
    public abstract RejectReason? Reason { get; }

    /// <summary>Why the row cannot be read as one; null when it can.</summary>
    public abstract Failure? Failure { get; }

    /// <summary>Whether the row is left to another task. Nothing else is then known of it.</summary>
    public virtual bool IsOfOtherPartition => false;

    /// <summary>Whether the row is empty, and so none.</summary>
    public virtual bool IsBlank => false;

    /// <summary>The hash of the row's identifier; null when it gets a random one. Only for a row without a <see cref="Failure"/>.</summary>
    public abstract ulong? Profile { get; }

    /// <summary>
    /// The hash of what seems to be the identifier of a row that may have a <see cref="Failure"/>; null when nothing does.
    /// </summary>
    public abstract ulong? LikelyProfile { get; }

    /// <summary>Checks what all rows share, before any of them is sent; why the file cannot be imported, else null.</summary>
    public virtual Failure? Check(RowRules rules) => null;

    /// <summary>Sets where the rows go, what they are checked against and what they do to their profiles.</summary>
    public abstract void Begin(UpdateWriter writer, RowRules rules, Operation operation);

    /// <summary>Moves to the next row.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public abstract bool Read();

    /// <summary>Ends a wait for the next row, from any thread. Files do not wait.</summary>
    public virtual void Interrupt()
    {
    }

    /// <summary>Writes the row as an update, and checks it. Why it is refused, else null; nothing of it is then written.</summary>
    /// <param name="profile">The hash of its identifier; null when it gets a random one.</param>
    public abstract Failure? Write(ulong? profile);

    /// <summary>Whether a row with this failure can be kept as not sent, and fails again when it is imported.</summary>
    public abstract bool CanBeKept(Failure failure);

    /// <summary>The same file, opened once more.</summary>
    public abstract SourceFile Reopen();

    /// <summary>The rows of a reject file that an earlier run of this import wrote.</summary>
    public abstract IEnumerable<KeptRow> KeptRows(string rejects);

    /// <summary>What is worth a warning once all rows were read.</summary>
    public virtual IEnumerable<string> Warnings => [];

    public abstract void Dispose();
}
