using System.Runtime.CompilerServices;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>
/// Holds the rows of a run to the rules, and keeps what was found: one finding a rule, property and file. A row that breaks
/// none costs no allocation. For one producer.
/// </summary>
/// <param name="options">How the rules are applied.</param>
internal sealed class RowRules(RuleOptions options)
{
    /// <summary>Rows that each bring names of their own must not fill the memory; what is found beyond is told without a property.</summary>
    private const int MaximumFindings = 1000;

    private readonly Dictionary<(ErrorId, string?, string?), Finding> _byCause = [];
    private readonly List<Finding> _findings = [];
    private IdentifierForms _identifiers = new();
    private string? _identifier;
    private Finding? _ofSample;
    private string? _path;
    private string _rowNoun = "line";
    private long _line;

    /// <summary>What was found so far, in the order in which it was found first.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>A rule was broken for the first time by a property of a file.</summary>
    public Action<Finding>? Found { get; set; }

    /// <summary>The column or property that holds the identifiers of the current input; null before the first of them.</summary>
    public string? Identifier => _identifier;

    /// <summary>Why the current row is refused; null when it is not.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Whether the current row breaks a rule, refused or not.</summary>
    public bool HasFindings { get; private set; }

    /// <summary>Whether the profiles are those of groups.</summary>
    internal bool AreForGroups => options.IsForGroups;

    /// <summary>Goes on to the next file, and to its columns.</summary>
    /// <param name="path">The file; null for a pipeline.</param>
    /// <param name="rowNoun">What messages call the place of a row in it.</param>
    public void BeginInput(string? path, string rowNoun = "line")
    {
        (_path, _rowNoun) = (path, rowNoun);
        (_line, Failure) = (0, null);
        (_identifiers, _identifier) = (new(), null);
    }

    /// <summary>Goes on to the next row.</summary>
    /// <param name="origin">Where it came from.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BeginRow(UpdateOrigin origin) =>
        (_line, Failure, HasFindings) = (origin.Line > 0 ? origin.Line : origin.Row, null, false);

    /// <summary>Checks the distinct id of the row, which is not blank.</summary>
    /// <param name="id">The distinct id before it is hashed.</param>
    /// <param name="sent">The distinct id as it is sent, and may be shown.</param>
    /// <param name="isPlaceholder">Whether it is a placeholder in the input, where it may be another text.</param>
    /// <param name="property">The column or property that holds it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void CheckIdentifier(ReadOnlySpan<byte> id, ReadOnlySpan<byte> sent, bool isPlaceholder, string property)
    {
        // To store it each time would cost more than to compare it.
        if (!ReferenceEquals(_identifier, property))
            _identifier = property;
        var isPlain = PlainTexts.Contain(id);
        var visible = isPlain ? id : Blanks.Trim(id);
        if (_identifiers.MayHaveProblem)
            _identifiers.Add(visible, _line);
        if (isPlaceholder && !options.AllowsAnyIdentifier)
            Break(ErrorId.PlaceholderIdentifier, property, sent);
        else if (!isPlain)
            CheckCharacters(id, sent, property);
        if (NumberIdentifiers.MayBeNumber(visible) && !options.AllowsAnyIdentifier && NumberIdentifiers.AreScientific(visible))
            Break(ErrorId.ScientificIdentifier, property, sent);
        if (!isPlain && CellProtection.IsProtected(id))
            Break(ErrorId.ProtectedCell, property, sent);
        if (sent.Length > Limits.MaximumTextBytes)
            Break(ErrorId.IdentifierTooLong, property, sent);
    }

    private void CheckCharacters(ReadOnlySpan<byte> id, ReadOnlySpan<byte> sent, string property)
    {
        if (LostValues.IsIn(id))
            Refuse(Failures.LostIdentifier(property), sent);
        else if (!options.AllowsAnyIdentifier && DamagedTexts.IsIn(id))
            Break(ErrorId.DamagedIdentifier, property, sent);
        else if (Blanks.AreAround(id))
            Break(ErrorId.IdentifierWithBlanks, property, sent);
    }

    /// <summary>Checks what the distinct ids of a column have in common.</summary>
    /// <param name="forms">The ids.</param>
    /// <param name="property">The column.</param>
    internal void CheckIdentifiers(IdentifierForms forms, string property)
    {
        if (forms.Problem is not { } problem || options.AllowsAnyIdentifier)
            return;
        _ofSample = Find(RuleTable.Of(problem), property, default);
        Apply(_ofSample.Rule, property);
    }

    /// <summary>
    /// Checks, once all rows were read, what their distinct ids have in common, where no sample has told it before, and whether they
    /// have what it told.
    /// </summary>
    public void EndInput()
    {
        _line = 0;
        if (_ofSample is { } told && told.Path == _path)
            told.FirstOther = _identifiers.FirstOther(told.Rule.Id);
        else if (_identifier is { } property && _identifiers.Problem is { } problem && !options.AllowsAnyIdentifier)
            Find(RuleTable.Of(problem), property, default, isLate: true);
    }

    /// <summary>Notes that the row, or the column, breaks a rule, and refuses it where it has to be.</summary>
    /// <param name="id">What breaks it.</param>
    /// <param name="property">The property to blame.</param>
    /// <param name="value">What it holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Break(ErrorId id, string property, ReadOnlySpan<byte> value = default)
    {
        var rule = RuleTable.Of(id);
        Find(rule, property, value);
        Apply(rule, property);
    }

    /// <summary>Notes that the row breaks a rule which every row of its input breaks, since it is about a name.</summary>
    /// <param name="id">What breaks it.</param>
    /// <param name="property">The property to blame.</param>
    /// <param name="known">What the row before has led to: it need not be looked for again.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Break(ErrorId id, string property, ref Finding? known)
    {
        HasFindings = true;
        if (known is not null && ReferenceEquals(known.Path, _path))
            known.Add(_line);
        else
            known = Find(RuleTable.Of(id), property, default);
        Apply(known.Rule, property);
    }

    /// <summary>Notes that the row breaks a rule, with a message that says more than the rule.</summary>
    /// <param name="failure">What breaks it.</param>
    internal void Break(Failure failure)
    {
        var rule = RuleTable.Of(failure.Id);
        Find(rule, failure.Property, default, message: failure.Message);
        if (RefusesRow(rule))
            Failure ??= failure;
    }

    /// <summary>Refuses the row for a fault that says more than its rule.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="value">The value to blame; empty when it is not one.</param>
    public void Refuse(Failure failure, ReadOnlySpan<byte> value = default)
    {
        Find(RuleTable.Of(failure.Id), failure.Property, value);
        Failure ??= failure;
    }

    /// <summary>Refuses the row, and returns why: what was found first counts.</summary>
    public Failure Refused(Failure failure)
    {
        Refuse(failure);
        return Failure!;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(Rule rule, string property)
    {
        if (RefusesRow(rule))
            Failure ??= Failures.Of(rule, property);
    }

    private bool RefusesRow(Rule rule) => rule.Severity == RuleSeverity.Error || options.IsStrict;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Finding Find(Rule rule, string? property, ReadOnlySpan<byte> value, bool isLate = false, string? message = null)
    {
        HasFindings = true;
        if (_byCause.TryGetValue((rule.Id, property, _path), out var finding))
        {
            finding.Add(_line);
            return finding;
        }

        if (_findings.Count >= MaximumFindings && property is not null)
            return Find(rule, null, value, isLate);

        finding = new(rule, property, _path)
        {
            Message = message ?? rule.MessageFor(property),
            RowNoun = _rowNoun,
            IsLate = isLate,
            Sample = IsKept(rule) && !value.IsEmpty ? ValueSample.Of(value, options.MasksSamples) : null,
        };
        finding.Add(_line);
        _byCause.Add((rule.Id, property, _path), finding);
        _findings.Add(finding);
        Found?.Invoke(finding);
        return finding;
    }

    // What a column without a name loses is told by a value of it, for nothing else tells the column.
    private bool IsKept(Rule rule) => options.KeepsSamples || rule.Id == ErrorId.UnnamedColumn;
}

/// <summary>How rules are applied.</summary>
internal sealed record RuleOptions
{
    /// <summary>Whether a row that breaks a rule of severity <see cref="RuleSeverity.Warning"/> is refused too.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether placeholders such as null or unknown may be distinct ids.</summary>
    public bool AllowsAnyIdentifier { get; init; }

    /// <summary>
    /// Whether the profiles are those of groups, which may have properties of their own by the names of users' reserved ones.
    /// </summary>
    public bool IsForGroups { get; init; }

    /// <summary>Whether a finding keeps the first value that it is about. Default: it does not, since values are the user's.</summary>
    public bool KeepsSamples { get; init; }

    /// <summary>Whether letters and digits of such a value are replaced.</summary>
    public bool MasksSamples { get; init; }
}
