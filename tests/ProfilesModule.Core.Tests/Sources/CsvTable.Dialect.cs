using ProfilesModule.Sources;

namespace ProfilesModule.Core.Tests.Sources;

/// <content>Not with the table itself, which tests share that do not know Core's types.</content>
internal sealed partial record CsvTable
{
    public CsvDialect Dialect => new() { Delimiter = Delimiter, Encoding = NamedEncoding, SkipRows = LinesBefore.Length };
}
