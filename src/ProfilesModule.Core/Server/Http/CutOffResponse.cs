using System.Net;

namespace ProfilesModule.Server;

/// <summary>Ends a connection without an answer.</summary>
internal static class CutOffResponse
{
    /// <summary>Cuts the connection of a request. What has been sent of the answer stays incomplete.</summary>
    public static void CutOff(this HttpListenerResponse response)
    {
        try
        {
            // Outside Windows HttpListener still sends the headers. With these nobody takes them for an answer: an error,
            // whose body never comes.
            response.StatusCode = 500;
            response.ContentLength64 = 1;
        }
        catch (InvalidOperationException)
        {
            // The headers have been sent.
        }
        try
        {
            response.Abort();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or InvalidOperationException or NullReferenceException)
        {
            // Closed already, or being closed by the thread that answers, which HttpListener does not guard against.
        }
    }
}
