using System.Management.Automation;
using System.Runtime.InteropServices;
using ProfilesModule.Rules;

namespace ProfilesModule.Pipeline;

/// <summary>
/// Writes the errors of rows. The first of an ErrorId is shown as any error, those behind it in one line each. Where a reject file
/// has the rows, only so many of an ErrorId are written, and then one that says how many more there are.
/// </summary>
/// <param name="command">The command that writes them.</param>
/// <param name="rejectPath">The reject file; null when the records are all that is left of the rows.</param>
internal sealed class RowErrors(PSCmdlet command, string? rejectPath)
{
    private const int Most = 100;

    private readonly Dictionary<ErrorId, Tally> _errors = [];

    /// <summary>Whether an error is to be written; if not, its rows are counted. From any thread.</summary>
    /// <param name="errorId">Its ErrorId.</param>
    /// <param name="rows">How many rows it is about.</param>
    public bool Takes(ErrorId errorId, int rows)
    {
        if (rejectPath is null)
            return true;
        lock (_errors)
        {
            var errors = Of(errorId);
            if (errors.Rows >= Most)
            {
                errors.More += rows;
                return false;
            }

            errors.Rows += rows;
            return true;
        }
    }

    /// <summary>Writes an error. On the pipeline thread.</summary>
    public void Write(Failure error)
    {
        bool isRepeated;
        lock (_errors)
        {
            var errors = Of(error.Id);
            isRepeated = errors.WasWritten;
            errors.WasWritten = true;
        }

        command.WriteError(isRepeated ? new RepeatedErrorRecord(Errors.Record(error)) : Errors.Record(error));
    }

    /// <summary>Writes how many rows were only counted. On the pipeline thread.</summary>
    public void WriteRest()
    {
        foreach (var (errorId, errors) in _errors.Where(e => e.Value.More > 0))
        {
            var more = errors.More;
            errors.More = 0;
            command.WriteError(Failures.MoreRows(errorId, more, rejectPath!));
        }
    }

    private Tally Of(ErrorId errorId) => CollectionsMarshal.GetValueRefOrAddDefault(_errors, errorId, out _) ??= new();

    private sealed class Tally
    {
        public bool WasWritten { get; set; }

        public long Rows { get; set; }

        public long More { get; set; }
    }
}

/// <summary>An error like one before it, of another row; its view is a line.</summary>
internal sealed class RepeatedErrorRecord(ErrorRecord error) : ErrorRecord(error, null);
