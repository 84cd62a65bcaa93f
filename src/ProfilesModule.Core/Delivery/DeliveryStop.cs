namespace ProfilesModule.Delivery;

/// <summary>The end of a run before its input's.</summary>
/// <param name="Reason">Why.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
internal sealed record DeliveryStop(StopReason Reason, int StatusCode, string Message)
{
    /// <summary>Whether the same run may fare better later: the service was down, asked to wait, or the time was over.</summary>
    public bool IsTemporary => Reason is StopReason.RetriesExhausted or StopReason.TimedOut;
}

/// <summary>Why a run ended before its input did.</summary>
internal enum StopReason
{
    /// <summary>401: the service did not accept the credentials.</summary>
    Unauthorized,

    /// <summary>403: the service refused access.</summary>
    Forbidden,

    /// <summary>404: there is no engage service at the endpoint.</summary>
    NotFound,

    /// <summary>Something on the way to the service answered in its place.</summary>
    NotTheService,

    /// <summary>The certificate of the service was not accepted.</summary>
    CertificateRefused,

    /// <summary>Another reply that no later request could better.</summary>
    RefusedByService,

    /// <summary>The service could not be reached, or failed, in every attempt.</summary>
    RetriesExhausted,

    /// <summary>The first updates were all refused with the same text: the cause is not the rows.</summary>
    EveryUpdateRejected,

    /// <summary>As many rows were refused as the user allows.</summary>
    TooManyRejected,

    /// <summary>As many rows could not be parsed as the user allows.</summary>
    TooManyParseErrors,

    /// <summary>The run took longer than the user allows.</summary>
    TimedOut,

    /// <summary>What became of the updates could not be written to the journal, the reject file or the log.</summary>
    FileNotWritable,
}
