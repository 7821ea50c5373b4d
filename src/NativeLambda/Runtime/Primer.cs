using NativeLambda.Database;
using NativeLambda.Telemetry;

namespace NativeLambda.Runtime;

/// <summary>Runs a <see cref="PrimingEvent"/> through a handler in Init. Whatever becomes of it, Init goes on.</summary>
internal sealed class Primer(InvocationProcessor processor, LiveConnection connection, IEventAdapter adapter, InitPhase init)
{
    /// <summary>What stands in the place of the id of an invocation, in the log as well.</summary>
    public const string RequestId = "priming";

    /// <summary>Far more than a read takes; Init has 10 s.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    public async Task RunAsync(PrimingEvent priming)
    {
        TimeSpan left = connection.InitBudget - init.Elapsed;
        TimeSpan budget = left < Longest ? left : Longest;
        if (budget <= TimeSpan.Zero || !connection.MayPrime)
            return;
        var invocation = new Invocation
        {
            RequestId = RequestId,
            DeadlineUnixMs = (init.Time.GetUtcNow() + budget).ToUnixTimeMilliseconds(),
            Payload = priming.Payload,
        };
        var deadline = new InvocationDeadline(invocation.DeadlineUnixMs, connection.DeadlineMargin, init.Time);
        Loan loan = connection.LendForPriming();
        try
        {
            adapter.Read(invocation.Payload);
            var context = new InvocationContext(invocation, loan.Facts, init.Time) { IsIdempotent = adapter.IsIdempotent, IsPriming = true };
            if (await processor.RunAsync(loan, context, deadline) is null && adapter.Complaint is { } complaint)
                init.Log.Write(LogLevel.Warn, $"Priming was answered with {complaint}, which warms little: choose an event that the handler answers with data.", RequestId);
        }
        catch (Exception failure)
        {
            init.Log.Write(LogLevel.Warn, "Priming failed; the first invocation takes longer for it, and nothing else.", RequestId, failure);
        }

        await processor.FinishAsync(RequestId, deadline, asksLoad: false);
        if (connection.State == LifetimeState.Absent)
            await ReopenAsync();
    }

    /// <summary>What the handler has done to the connection must not cost the first invocation the opening of another.</summary>
    private async Task ReopenAsync()
    {
        try
        {
            await connection.OpenInInitAsync(connection.InitBudget - init.Elapsed);
        }
        catch (DatabaseOpenException failure)
        {
            init.Log.Write(LogLevel.Error, failure.Message, RequestId);
        }
    }
}
