namespace ProfilesModule.Server;

/// <summary>What goes wrong with a request that a <see cref="ServerFault"/> hits.</summary>
public enum ServerFaultKind
{
    /// <summary>The HTTP status <see cref="ServerFault.Status"/>, with the body that the service gives it. Nothing is applied.</summary>
    Status,

    /// <summary>200 with status 0, which is how the service says no to a whole batch. Nothing is applied. Ingestion only.</summary>
    StatusZero,

    /// <summary>The connection is cut before anything is applied.</summary>
    ResetBefore,

    /// <summary>The connection is cut after the updates were applied: the sender cannot know.</summary>
    ResetAfter,

    /// <summary>The right answer, after <see cref="ServerFault.Delay"/>.</summary>
    Delay,

    /// <summary>200 with the first half of the right body. Updates are applied.</summary>
    TruncatedReply,

    /// <summary>200 with a page of HTML, as from a proxy. Updates are applied.</summary>
    HtmlReply,
}
