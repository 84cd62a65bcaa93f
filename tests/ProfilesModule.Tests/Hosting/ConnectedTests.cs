namespace ProfilesModule.Tests.Hosting;

/// <summary>Tests in a session that is connected to a service which records what it gets.</summary>
public abstract class ConnectedTests : IDisposable
{
    protected ConnectedTests() =>
        Session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token = "t", endpoint = Service.Endpoint }).Succeeded();

    private protected ModuleSession Session { get; } = new();

    private protected RecordingService Service { get; } = new();

    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Session.Dispose();
        Service.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
