using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Isolation;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Commands;

/// <summary>
/// The parameters of commands that read rows from files or databases. Cmdlets have them as dynamic parameters, so that they are
/// declared once.
/// </summary>
public class RowParameters
{
    /// <summary>The parameter set of paths that may have wildcards.</summary>
    protected const string PathSet = ImportCommand.PathSet;

    /// <summary>The parameter set of exact paths.</summary>
    protected const string LiteralPathSet = ImportCommand.LiteralPathSet;

    /// <summary>
    /// The columns, or members of JSON objects, that become properties; wildcards are allowed. Default: all except the
    /// identifier.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string[]? Property { get; set; }

    /// <summary>
    /// Columns or members that do not become properties; wildcards are allowed. They do not appear in reject files or errors either.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>
    /// Columns or members, by their names or those of their properties, whose values are replaced by their SHA-256 hash in hexadecimal
    /// digits. Values are checked before they are hashed. Before hashing, leading and trailing spaces and invisible characters are
    /// removed, e-mail addresses ($email) are converted to lower case, and phone numbers ($phone) are reduced to their digits and the
    /// plus sign. Reject files and errors contain the hash too; a reject file marks the column, so that it is not hashed again. You
    /// can also hash the identifier.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string[] HashProperty { get; set; } = [];

    /// <summary>The names of properties, by the names of their columns or members, such as @{ mail = '$email' }.</summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateUnicode]
    [ValidateNotNull]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>
    /// Maps columns or members with common names to the reserved properties of the service: email to $email, first_name and
    /// firstName to $first_name, and so on. Segment traits are always mapped.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter UseReservedName { get; set; }

    /// <summary>
    /// The texts that mean no value, such as 'NULL', '\N', exactly as they are in the input. Cells that hold one of them are empty, for
    /// identifiers, -InferType, -PropertyType and -EmptyCell too; members of JSON objects are null. Texts inside lists and objects
    /// stay as they are.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateUnicode]
    public string[] NullText { get; set; } = [];

    /// <summary>
    /// Removes leading and trailing spaces, control characters and invisible characters, such as zero-width spaces and byte order
    /// marks, from the values and names of properties. Texts inside lists and objects stay as they are.
    /// </summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter TrimValue { get; set; }

    /// <summary>
    /// Removes the same characters from identifiers. -TrimValue does not, because an identifier without them can be that of another
    /// profile.
    /// </summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter TrimIdentifier { get; set; }

    /// <summary>
    /// What to do with an empty cell, or with a value that is null, DBNull or empty text: Skip leaves the property of the profile
    /// unchanged, Null sets it to null, Empty sets it to empty text, and Unset removes it. Unset requires an update of its own, so such a
    /// row counts twice in -BatchSize. Default: Skip; values of JSON files are sent as they are.
    /// </summary>
    [MappingMember]
    [Parameter]
    public EmptyCell EmptyCell { get; set; }

    /// <summary>How JSON files become updates.</summary>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    internal JsonOptions JsonOptions(
        string? identifierProperty, string? root, IReadOnlyList<string> identifierNames, Operation operation, bool skipsEmpty)
    {
        if (skipsEmpty && !EmptyCell.IsValidFor(operation))
            throw new FailureException(Failures.OptionNotForOperation($"-EmptyCell {EmptyCell}", operation));
        return new(RowOptions([]))
        {
            IdentifierProperty = identifierProperty,
            Root = root,
            IdentifierNames = identifierNames,
            Empty = skipsEmpty ? EmptyCell : null,
        };
    }

    /// <summary>The JSON files of a command, with the identifier in a member, in objects of a list.</summary>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    internal JsonSource JsonSource(
        PSCmdlet command, string? identifierProperty, string? root, IReadOnlyList<string> identifierNames, Operation operation) => new(
            JsonOptions(
                identifierProperty, root, identifierNames, operation, command.MyInvocation.BoundParameters.ContainsKey(nameof(EmptyCell))),
            input => Dependencies.Csv.Decompressed(input));

    /// <summary>How texts are taken.</summary>
    internal InputTexts InputTexts => Texts([]);

    /// <summary>What columns or members become.</summary>
    /// <param name="nullTexts">The texts for no value, unless there is -NullText.</param>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    private protected RowOptions RowOptions(IReadOnlyList<string> nullTexts) => new()
    {
        Includes = ColumnFilter.Of(Property, ExcludeProperty),
        Excludes = ExcludeProperty is null ? null : ColumnFilter.Any(ExcludeProperty),
        Required = [.. ColumnFilter.Literal(Property, nameof(Property)), .. ColumnFilter.Literal(ExcludeProperty, nameof(ExcludeProperty))],
        Hashed = HashProperty,
        PropertyMap = ColumnFilter.Names(PropertyMap),
        UsesReservedNames = UseReservedName,
        Texts = Texts(nullTexts),
    };

    private InputTexts Texts(IReadOnlyList<string> usual) => new(NullText is [] ? usual : NullText, TrimValue, TrimIdentifier);
}
