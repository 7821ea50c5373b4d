using NativeLambda.Emulator.Api;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Logging;

namespace NativeLambda.Emulator.Functions;

/// <summary>
/// The queue of a function's asynchronous invocations: errors of the function are retried after pauses, throttles until the event is
/// too old; what fails for good becomes a dead letter.
/// </summary>
internal sealed class EventQueue(FunctionSettings function, InvokeService invoke, TimeProvider time, FunctionLog log) : IAsyncDisposable
{
    private readonly DeadLetters _deadLetters = new(function, time, log);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<AsyncEvent, Task> _pending = [];
    private bool _disposed;

    /// <summary>How many events wait or run.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _pending.Count;
        }
    }

    /// <summary>Takes an event.</summary>
    /// <returns>The id of the request.</returns>
    public string Enqueue(ReadOnlyMemory<byte> payload, InvokeOptions options, string arn)
    {
        var taken = new AsyncEvent
        {
            RequestId = Guid.NewGuid().ToString(),
            Payload = payload,
            Options = options,
            Arn = arn,
            AcceptedAt = time.GetTimestamp(),
        };
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _pending.Add(taken, Task.Run(() => ProcessAsync(taken)));
        }
        return taken.RequestId;
    }

    /// <summary>Gives up what waits or runs, and says so.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] pending;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            pending = [.. _pending.Values];
            if (_pending.Count > 0)
            {
                int running = _pending.Keys.Count(static given => given.IsRunning);
                log.Write("", LogSource.Platform, $"{_pending.Count} asynchronous events dropped, {running} of them running: the emulator ends");
            }
        }
        await _end.CancelAsync();
        await Task.WhenAll(pending);
        _end.Dispose();
    }

    private async Task ProcessAsync(AsyncEvent given)
    {
        string? condition;
        try
        {
            condition = await RunToTheEndAsync(given);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            condition = DeadLetters.EmulatorStopped;
        }
        catch (ObjectDisposedException)
        {
            condition = DeadLetters.EmulatorStopped; // the environments went first
        }
        catch (Exception exception)
        {
            // Whatever it is: the event must not vanish without a word.
            log.Write("", LogSource.Platform, $"the emulator failed: {exception}");
            condition = DeadLetters.EmulatorFailed;
        }
        if (condition is not null) _deadLetters.Add(given, condition);
        lock (_gate) _pending.Remove(given);
    }

    /// <summary>Tries the event until the function has succeeded, or it is given up.</summary>
    /// <returns>Why it is given up, if it is.</returns>
    private async Task<string?> RunToTheEndAsync(AsyncEvent given)
    {
        while (true)
        {
            // A function that reserves nothing is stopped, and its events are not kept for later.
            if (function.ReservedConcurrency == 0) return DeadLetters.ZeroReservedConcurrency;
            TimeSpan pause;
            InvokeResult result = await AttemptAsync(given);
            if (result.StatusCode == InvokeService.Throttled)
                pause = function.Async.DelayAfterThrottle(++given.Throttles);
            else
            {
                given.Attempts++;
                given.Throttles = 0;
                given.LastResult = result;
                if (result.FunctionError is null) return null;
                if (given.Attempts > function.Async.MaximumRetryAttempts) return DeadLetters.RetriesExhausted;
                pause = function.Async.DelayAfterError(given.Attempts);
            }
            // Nobody waits for what will be too old by then.
            if (time.GetElapsedTime(given.AcceptedAt) + pause > function.Async.MaximumEventAge) return DeadLetters.EventAgeExceeded;
            await Task.Delay(pause, time, _end.Token);
        }
    }

    private async Task<InvokeResult> AttemptAsync(AsyncEvent given)
    {
        given.IsRunning = true;
        try
        {
            return await invoke.InvokeAsync(given.Payload, given.Options, given.Arn, given.RequestId, _end.Token);
        }
        finally
        {
            given.IsRunning = false;
        }
    }
}
