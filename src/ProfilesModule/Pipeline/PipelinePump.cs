using System.Collections.Concurrent;
using System.Management.Automation;

namespace ProfilesModule.Pipeline;

/// <summary>
/// Brings what background work has to say to the pipeline thread, the only one that may write to PowerShell's streams.
/// A pipeline that is behind holds the work back, so that what waits here stays small.
/// </summary>
internal sealed class PipelinePump : IDisposable
{
    private const int Capacity = 1024;
    private const long MostBytes = 16 << 20;

    private readonly BlockingCollection<(Action Write, int Bytes)> _messages = new(Capacity);
    private readonly object _lock = new();
    private long _bytes;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _messages.Count == 0;

    /// <summary>Hands over something to write; waits while the pipeline is behind. From any thread.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="bytes">How much memory it takes meanwhile, where that is much.</param>
    public void Post(Action write, int bytes = 0)
    {
        lock (_lock)
        {
            while (bytes > 0 && _bytes > 0 && _bytes + bytes > MostBytes && !_messages.IsAddingCompleted)
                Monitor.Wait(_lock);
            _bytes += bytes;
        }

        try
        {
            _messages.Add((write, bytes));
        }
        catch (InvalidOperationException)
        {
            // The pipeline has ended: nobody is left to hear it.
        }
    }

    /// <summary>Hands over something to write, unless the pipeline is behind or has ended. From any thread.</summary>
    public bool TryPost(Action write)
    {
        try
        {
            return _messages.TryAdd((write, 0));
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Asks the user on the pipeline thread; false when nobody can be asked any more.</summary>
    public Task<bool> AskAsync(Func<bool> ask)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryPost(Ask))
            answer.SetResult(false);
        return answer.Task;

        void Ask()
        {
            try
            {
                answer.SetResult(ask());
            }
            finally
            {
                answer.TrySetResult(false);
            }
        }
    }

    /// <summary>Writes what waits. On the pipeline thread.</summary>
    public void Drain()
    {
        while (_messages.TryTake(out var message))
            Write(message);
    }

    /// <summary>Writes what comes until the work has ended, however it ended. On the pipeline thread.</summary>
    /// <exception cref="PipelineStoppedException"><paramref name="stop"/> was cancelled first.</exception>
    public void Run(Task work, CancellationToken stop)
    {
        _ = work.ContinueWith(_ => Post(() => { }), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            while (!work.IsCompleted && _messages.TryTake(out var message, Timeout.Infinite, stop))
                Write(message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        Drain();
    }

    /// <summary>Forgets what waits and whatever is posted from now on.</summary>
    public void Close()
    {
        _messages.CompleteAdding();
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    /// <summary>Closes it for good.</summary>
    public void Dispose()
    {
        Close();
        _messages.Dispose();
    }

    private void Write((Action Write, int Bytes) message)
    {
        if (message.Bytes > 0)
        {
            lock (_lock)
            {
                _bytes -= message.Bytes;
                Monitor.PulseAll(_lock);
            }
        }

        message.Write();
    }
}
