namespace ProfilesModule.HelpBuilder;

/// <summary>The docs of the source cannot become help: something is missing, or written in a way that help does not know.</summary>
internal sealed class DocumentationException(string message) : Exception(message);
