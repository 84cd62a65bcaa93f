using System.Management.Automation;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that import CSV files. Always ends with one summary.</summary>
public abstract partial class ImportCsvCommand : ImportCommand, ICsvShape
{
    private CsvPlanning? _planning;

    private protected override RowDescription Rows { get; } = new CsvRowDescription(Dependencies.Csv);

    private protected override ErrorRecord NotReadable(Exception exception, string file) => Errors.FileNotReadable(exception, file);

    private protected override void Import(string file)
    {
        if (Opened(file, () => Planning.Open(file), out var input) is not { } reader)
            return;
        using (reader)
        {
            if (Planning.Plan(file, reader) is not { } plan || !KeepsRules(file, plan) || !Confirmed(file, (run, rules, identifiers) => Preview(run, input, plan, rules, identifiers)))
                return;
            var shown = RedactedReader.Of(reader, plan, Delimiter);
            Send(
                input with { Types = CsvPlanning.InferredTypes(plan) },
                shown is RedactedReader redacted ? redacted.MarkedColumns : plan.MarkedHeader,
                (run, rules, identifiers) => Send(run, input, shown, plan, rules, identifiers),
                rejects => Planning.KeptRows(rejects, plan));
        }
    }

    /// <summary>The names of the column that holds the identifier, when none is named.</summary>
    private protected abstract IReadOnlyList<string> UsualIdentifiers { get; }

    /// <summary>Names of columns that serve as the identifier where there is none of the usual ones.</summary>
    private protected virtual IReadOnlyList<string> OtherIdentifiers => [];

    /// <summary>Whether the rows of a file without an identifier get random ones.</summary>
    private protected virtual bool MakesIdentifiers => false;

    private protected override ErrorRecord? OptionProblem => Columns.Problem;

    private ICsvShape Columns => this;

    private CsvPlanning Planning => _planning ??= new(this, this, Inputs, Fail) { UsualIdentifiers = UsualIdentifiers, OtherIdentifiers = OtherIdentifiers, MakesIdentifiers = MakesIdentifiers };

    /// <summary>Whether the names of the properties keep the rules; an error or warnings when they do not.</summary>
    private bool KeepsRules(string file, ColumnPlan plan)
    {
        if (plan.Check(WarningsTo(this.Warn), file) is not { } rejection)
            return true;
        Fail(Errors.ColumnRefused(rejection, file));
        return false;
    }

    private void Preview(DeliveryRun run, JournalInput input, ColumnPlan plan, RowRules rules, IdentifierSet identifiers)
    {
        using var reader = Planning.Open(input.Path, plan);
        Send(run, input, reader, plan, rules, identifiers);
    }

    private void Send(DeliveryRun run, JournalInput input, ICsvReader reader, ColumnPlan plan, RowRules rules, IdentifierSet identifiers)
    {
        Inputs.KeepNoMore();
        var shown = new CsvInput(input.Path, Columns.Dialect, reader is RedactedReader redacted ? redacted.RowColumns : reader.Header);
        var updates = new CsvUpdates(reader, plan, Operation, run.Writer, shown, rules)
        {
            Rejected = run.Reject,
            Advanced = run.Input is { } progress ? progress.Advanced : null,
            IsStopped = () => run.IsEnding,
            Identifiers = identifiers,
            SkipsSuperseded = SkipSuperseded,
        };
        Send(run, input.Path, updates, () => FindLastRows(updates, input.Path, plan));
    }

    private void FindLastRows(CsvUpdates updates, string file, ColumnPlan plan)
    {
        using var reader = Planning.Open(file, plan);
        updates.SendOnlyLastRows(reader, StopToken);
    }
}
