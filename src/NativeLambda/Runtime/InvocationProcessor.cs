using System.Buffers;
using NativeLambda.Database;
using NativeLambda.Http;
using NativeLambda.Telemetry;
using Npgsql;

namespace NativeLambda.Runtime;

/// <summary>One invocation: read the event, lend the connection, run the handler, answer, take the connection back.</summary>
internal sealed class InvocationProcessor(
    IRuntimeApi runtime, LiveConnection connection, IEventAdapter adapter, TimeProvider time, LambdaLog log, ShutdownSignals shutdown = default)
{
    /// <summary>A larger buffer is not kept for the next invocation.</summary>
    private const int KeptBufferBytes = 256 * 1024;

    private ArrayBufferWriter<byte> _response = new(4096);

    /// <summary>Whether the handler of this invocation still runs, with the connection in its hands.</summary>
    private bool _givenUp;

    /// <summary>The context whose handler answered and registered work for after the response.</summary>
    private InvocationContext? _afterResponse;

    public async Task ProcessAsync(Invocation invocation)
    {
        log.Begin(invocation.RequestId, invocation.TraceId);
        var deadline = new InvocationDeadline(invocation.DeadlineUnixMs, connection.DeadlineMargin, time);
        FunctionError? error = await AnswerAsync(invocation, deadline);
        await PostAsync(invocation.RequestId, error);
        if (_afterResponse is { } context)
            await RunAfterResponseAsync(context, deadline);
        _afterResponse = null;
        await FinishAsync(invocation.RequestId, deadline);
        connection.Telemetry.InvocationEnded();
        log.End(invocation.RequestId);
    }

    /// <summary>Takes the connection back, or parts with it, and forgets the answer.</summary>
    /// <param name="requestId">The invocation.</param>
    /// <param name="deadline">Its deadline.</param>
    /// <param name="asksLoad">Whether the server may be asked how full it is, and the connection released for that.</param>
    public async Task FinishAsync(string requestId, InvocationDeadline deadline, bool asksLoad = true)
    {
        if (_givenUp)
            await connection.AbandonAsync(deadline.TimeLeft, requestId);
        else if (connection.State == LifetimeState.Lent)
            await connection.TakeBackAsync(deadline.TimeLeft, requestId, asksLoad);
        _givenUp = false;
        _response.ResetWrittenCount();
        if (_response.Capacity > KeptBufferBytes)
            _response = new ArrayBufferWriter<byte>(4096);
    }

    /// <summary>Fills the response, or returns the error that takes its place.</summary>
    private async Task<FunctionError?> AnswerAsync(Invocation invocation, InvocationDeadline deadline)
    {
        try
        {
            adapter.Read(invocation.Payload);
        }
        catch (InvalidEventException invalid)
        {
            return new FunctionError(InvalidEventException.ErrorType, invalid.Message);
        }

        bool idempotent = adapter.IsIdempotent;
        for (bool isRetry = false; ; isRetry = true)
        {
            Loan loan;
            try
            {
                loan = await connection.LendAsync(deadline.HandlerTimeLeft, invocation.RequestId, isRetry, invocation.TraceId);
            }
            catch (DatabaseOpenException failure)
            {
                log.Write(LogLevel.Error, failure.Message, invocation.RequestId);
                return Answer(InvocationFailure.DatabaseUnavailable);
            }

            var context = new InvocationContext(invocation, loan.Facts, time) { IsIdempotent = idempotent };
            try
            {
                if (await RunAsync(loan, context, deadline) is { } failure)
                    return Answer(failure);
                _afterResponse = context.HasWorkAfterResponse ? context : null;
                return null;
            }
            catch (Exception exception) when (connection.IsLost)
            {
                idempotent = context.IsIdempotent;
                log.Write(LogLevel.Warn, $"Backend {loan.Facts.BackendPid} was lost under the handler.", invocation.RequestId, exception);
                if (!idempotent)
                    return Answer(InvocationFailure.OutcomeUnknown);
                if (isRetry || deadline.HandlerTimeLeft <= connection.DeadlineMargin)
                    return Answer(InvocationFailure.ConnectionLost);
                await connection.TakeBackAsync(deadline.TimeLeft, invocation.RequestId);
                _response.ResetWrittenCount();
            }
            catch (PostgresException refused) when (refused.SqlState == SqlStates.ReadOnlyTransaction && connection.IsWriterWanted)
            {
                log.Write(LogLevel.Warn, $"Backend {loan.Facts.BackendPid} is on a read-only server: the connection is replaced.", invocation.RequestId, refused);
                connection.Misplaced();
                return Answer(InvocationFailure.ReadOnlyServer);
            }
            catch (Exception exception)
            {
                // The caller gets type and message, as from every Lambda runtime; the stack trace stays in the log.
                connection.Telemetry.HandlerFailed();
                log.Write(LogLevel.Error, "The handler failed.", invocation.RequestId, exception);
                _response.ResetWrittenCount();
                string errorType = exception is InvalidResponseException ? InvalidResponseException.ErrorType : exception.GetType().Name;
                return new FunctionError(errorType, exception.Message);
            }
        }
    }

    /// <summary>Runs the handler up to its deadline.</summary>
    /// <returns><see langword="null"/> when it answered.</returns>
    public async Task<InvocationFailure?> RunAsync(Loan loan, InvocationContext context, InvocationDeadline deadline)
    {
        using var cancellation = new CancellationTokenSource(deadline.HandlerTimeLeft, time);
        using CancellationTokenRegistration atShutdown = CancelAtShutdown(cancellation);
        ValueTask handling = adapter.HandleAsync(loan.Connection, context, _response, cancellation.Token);
        try
        {
            if (handling.IsCompleted)
            {
                await handling;
                return null;
            }

            // Cancelling a statement opens a connection of its own: a server that hangs lets that hang as well, and with it the
            // handler. The answer must be given all the same.
            Task running = handling.AsTask();
            await running.WaitAsync(deadline.AnswerTimeLeft, time, shutdown.HandlersLeft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (running.IsCompleted)
            {
                await running;
                return null;
            }

            GiveUp(running, context.RequestId);
            return Cancelled;
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested)
        {
            log.Write(LogLevel.Error, $"The handler was cancelled before the {(shutdown.Begun.IsCancellationRequested ? "shutdown" : "deadline")}.", context.RequestId, exception);
            connection.Suspect();
            return Cancelled;
        }
    }

    /// <summary>
    /// Runs what the handler registered, on the live connection, while the caller has its answer: before the session is cleaned and
    /// the environment frozen, within the handler's deadline.
    /// </summary>
    private async Task RunAfterResponseAsync(InvocationContext context, InvocationDeadline deadline)
    {
        using var cancellation = new CancellationTokenSource(deadline.HandlerTimeLeft, time);
        using CancellationTokenRegistration atShutdown = CancelAtShutdown(cancellation);
        try
        {
            await context.RunAfterResponseAsync(connection.Lent, cancellation.Token)
                .WaitAsync(deadline.AnswerTimeLeft, time, shutdown.HandlersLeft);
        }
        catch (Exception exception)
        {
            // The caller has its answer: there is nobody left to tell but the log.
            connection.Telemetry.HandlerFailed();
            log.Write(LogLevel.Error, "Work after the response failed.", context.RequestId, exception);
            connection.Suspect();
        }
    }

    /// <summary>
    /// On a thread of its own, because Npgsql talks to the server in the course of a cancellation: while one hangs, nobody else would
    /// learn of the shutdown, and the registration could not be disposed.
    /// </summary>
    private CancellationTokenRegistration CancelAtShutdown(CancellationTokenSource cancellation) =>
        shutdown.Begun.UnsafeRegister(static source => _ = ((CancellationTokenSource)source!).CancelAsync(), cancellation);

    /// <summary>Why a handler was cancelled.</summary>
    private InvocationFailure Cancelled =>
        shutdown.Begun.IsCancellationRequested ? InvocationFailure.ShuttingDown : InvocationFailure.DeadlineExceeded;

    /// <summary>Parts with a handler that still runs: it keeps the connection and the buffer, which nobody else will use.</summary>
    private void GiveUp(Task running, string requestId)
    {
        log.Write(LogLevel.Error, "Bug in the handler, or a server that does not answer: it still runs after its cancellation and is given up.", requestId);
        _response = new ArrayBufferWriter<byte>(4096);
        _givenUp = true;
        _ = running.ContinueWith(
            ended => log.Write(LogLevel.Warn, $"The handler that was given up ended: {ended.Status}.", requestId, ended.Exception?.InnerException),
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private FunctionError? Answer(InvocationFailure failure)
    {
        _response.ResetWrittenCount();
        return adapter.TryAnswer(failure, _response) ? null : failure.Describe();
    }

    private async Task PostAsync(string requestId, FunctionError? error)
    {
        if (error is null && _response.WrittenCount > ResponseLimits.MaxPayloadBytes)
        {
            error = new FunctionError(
                "Function.ResponseSizeTooLarge",
                $"The response has {_response.WrittenCount} bytes; Lambda takes {ResponseLimits.MaxPayloadBytes}. Answer in pages, or with a link to the content.");
        }

        try
        {
            if (error is null)
                await runtime.PostResponseAsync(requestId, _response.WrittenMemory, CancellationToken.None);
            else
                await runtime.PostInvocationErrorAsync(requestId, error, CancellationToken.None);
        }
        catch (RuntimeApiException refused) when (!refused.IsFatal)
        {
            // The caller has been answered by the platform; the environment goes on.
            log.Write(LogLevel.Error, "The Runtime API refused the answer.", requestId, refused);
        }
    }
}
