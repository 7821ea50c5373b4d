using NativeLambda.Telemetry;

namespace NativeLambda.Runtime;

/// <summary>
/// The Init phase: from the start of <c>Main</c> to the first request for an invocation. What fails in it is reported to
/// <c>init/error</c>.
/// </summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib">Lambda, Init phase</see>.</remarks>
public sealed class InitPhase
{
    private readonly long _start;

    internal InitPhase(IRuntimeApi runtime, TimeProvider time, LambdaLog log)
    {
        _start = time.GetTimestamp();
        Runtime = runtime;
        Time = time;
        Log = log;
    }

    /// <summary>The time since the phase began.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(_start);

    /// <summary>The log of the environment.</summary>
    public LambdaLog Log { get; }

    internal IRuntimeApi Runtime { get; }

    internal TimeProvider Time { get; }

    /// <summary>Whether the first invocation has been asked for.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>Runs the body of <c>Main</c>: settings, connection, loop.</summary>
    /// <param name="main">The body; what it returns becomes the exit code.</param>
    /// <returns>The exit code of the process: that of <paramref name="main"/>, or 1 after an error that was reported.</returns>
    public static async Task<int> RunAsync(Func<InitPhase, Task<int>> main)
    {
        LambdaLog log = LambdaLog.FromEnvironment(TimeProvider.System);
        try
        {
            using RuntimeApiClient runtime = RuntimeApiClient.FromEnvironment();
            return await RunAsync(main, new InitPhase(runtime, TimeProvider.System, log));
        }
        catch (InitException failure)
        {
            // There is no Runtime API to report to: this is not Lambda.
            log.Write(LogLevel.Error, failure.Message);
            return 1;
        }
    }

    internal static async Task<int> RunAsync(Func<InitPhase, Task<int>> main, InitPhase init)
    {
        ArgumentNullException.ThrowIfNull(main);
        try
        {
            return await main(init);
        }
        catch (Exception failure) when (!init.IsOver)
        {
            await init.ReportAsync(failure);
            return 1;
        }
    }

    /// <summary>Ends the phase: the loop asks for the first invocation now.</summary>
    internal TimeSpan End()
    {
        IsOver = true;
        return Elapsed;
    }

    private async Task ReportAsync(Exception failure)
    {
        // What is expected to fail says what to do; for the rest the stack trace is what helps.
        var error = failure is InitException expected
            ? new FunctionError(expected.ErrorType, expected.Message)
            : new FunctionError("Runtime." + failure.GetType().Name, failure.Message);
        Log.Write(LogLevel.Error, $"Init failed: {error.ErrorType}: {error.ErrorMessage}", exception: failure is InitException ? null : failure);
        try
        {
            await Runtime.PostInitErrorAsync(error, CancellationToken.None);
        }
        catch (RuntimeApiException refused)
        {
            Log.Write(LogLevel.Error, "The Runtime API did not take the report that Init failed.", exception: refused);
        }
    }
}
