using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Pipeline;

/// <summary>The progress bar of a delivery, whose text fits the one line of 80 columns that pwsh has for it.</summary>
/// <param name="command">The command whose bar it is.</param>
/// <param name="sender">The delivery.</param>
internal sealed class DeliveryProgress(PSCmdlet command, UpdateSender sender)
{
    // In 80 columns pwsh shows "Activity [Status  9s]", and leaves the last ones free.
    private const int Columns = 75;
    private const int ShortestName = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly string _activity = command.MyInvocation.MyCommand.Name;
    private readonly long _settledBefore = Settled(sender.Account);
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private long _shown;

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_started);

    /// <summary>Shows how far the run is, unless it was shown a moment ago. On the pipeline thread.</summary>
    public void Show(InputProgress? input)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (_shown != 0 && TimeProvider.System.GetElapsedTime(_shown, now) < Interval)
            return;
        _shown = now;
        command.WriteProgress(NewRecord(input));
    }

    /// <summary>Takes the bar away. On the pipeline thread.</summary>
    public void Complete(InputProgress? input)
    {
        var record = NewRecord(input);
        record.RecordType = ProgressRecordType.Completed;
        command.WriteProgress(record);
    }

    private ProgressRecord NewRecord(InputProgress? input)
    {
        var account = sender.Account;
        var fraction = input?.Fraction;
        var rate = (Settled(account) - _settledBefore) / Elapsed.TotalSeconds;
        var seconds = fraction > 0 && rate > 0 ? (int)Math.Clamp(Math.Ceiling(((account.Read / fraction.Value) - Settled(account)) / rate), 0, int.MaxValue) : -1;
        var room = Columns - _activity.Length - (seconds < 0 ? 0 : Text($"{seconds}").Length + 2);
        return new(1, _activity, Status(account, input, rate, room))
        {
            PercentComplete = fraction is null ? -1 : (int)(fraction.Value * 100),
            SecondsRemaining = seconds,
            CurrentOperation = Text($"{account.Read:N0} rows read, {account.Accepted:N0} accepted, {account.Rejected:N0} rejected, {account.Requests:N0} requests, {account.Retries:N0} of them retries"),
        };
    }

    private string Status(DeliveryAccount account, InputProgress? input, double rate, int room)
    {
        var (pace, cause) = Pace(rate);
        var rest = input?.Fraction is null ? $", {Short(account.Read)} rows" : "";
        if (account.Rejected > 0)
            rest += $", {Short(account.Rejected)} rejected";
        if (account.Retries > 0)
            rest += $", {Short(account.Retries)} {(account.Retries == 1 ? "retry" : "retries")}";
        var name = input is null ? "" : $"{input.Name}, ";
        var left = room - pace.Length - rest.Length;
        if (name.Length + cause.Length <= left)
            return $"{name}{pace}{cause}{rest}";

        // Its end is what tells the name of a file from the others'.
        if (name.Length > left)
            name = left >= ShortestName ? $"…{name[(name.Length - left + 1)..]}" : "";
        return $"{name}{pace}{rest}";
    }

    private (string Pace, string Cause) Pace(double rate) => sender.Wait switch
    {
        null => ($"{Short((long)rate)}/s", ""),
        { Reason: WaitReason.RateLimit, Left.TotalSeconds: < 0.5 } => ($"{Short((long)rate)}/s", " (rate limit)"),
        { Reason: var reason, Left: var left } => (Text($"waiting {Math.Ceiling(left.TotalSeconds):0} s"), reason switch
        {
            WaitReason.RetryAfter => " (Retry-After)",
            WaitReason.Retry => " (retry)",
            _ => " (rate limit)",
        }),
    };

    private static long Settled(DeliveryAccount account) => account.Read - account.Unsent;

    private static string Short(long number) => number switch
    {
        < 100_000 => Text($"{number:N0}"),
        < 1_000_000 => Text($"{number / 1000}K"),
        _ => Text($"{number / 1e6:0.0}M"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
