using System.Runtime.InteropServices;
using NativeLambda.Extensions;
using NativeLambda.Settings;
using NativeLambda.Telemetry;

namespace NativeLambda.Runtime;

/// <summary>
/// The Init phase: from the start of <c>Main</c> to the first request for an invocation. What fails in it is reported to
/// <c>init/error</c>.
/// </summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib">Lambda, Init phase</see>.</remarks>
public sealed class InitPhase
{
    private const int MinPoolThreads = 8;

    private readonly long _start;
    private volatile bool _isOver;
    private volatile bool _bodyHasYielded;
    private Func<ShutdownExtension>? _startExtension;
    private PosixSignalRegistration? _sigterm;

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

    /// <summary>Makes a client for each lane besides the first.</summary>
    internal Func<IRuntimeApi>? CreateRuntime { get; init; }

    /// <summary>How many invocations the environment runs at once.</summary>
    internal int Lanes { get; private set; } = 1;

    /// <summary>Whether handlers are primed.</summary>
    internal bool Primes { get; set; }

    /// <summary>The extension that makes Lambda send SIGTERM, unless it is turned off.</summary>
    internal ShutdownExtension? Extension { get; private set; }

    /// <summary>The end of the environment, which may begin at any time.</summary>
    internal ShutdownPhase Shutdown { get; init; } = new();

    /// <summary>Whether the first invocation has been asked for.</summary>
    internal bool IsOver => _isOver;

    /// <summary>Runs the body of <c>Main</c>: settings, connection, loop.</summary>
    /// <param name="main">The body; what it returns becomes the exit code.</param>
    /// <returns>
    /// The exit code of the process: that of <paramref name="main"/>, 1 after an error that was reported, or 0 after SIGTERM, for which
    /// <paramref name="main"/> is not waited for when it takes too long.
    /// </returns>
    public static Task<int> RunAsync(Func<InitPhase, Task<int>> main) => RunAsync(main, static () => RuntimeApiClient.FromEnvironment());

    /// <summary>Runs the body of <c>Main</c> on a client of the Runtime API that is not the library's own.</summary>
    /// <param name="main">The body; what it returns becomes the exit code.</param>
    /// <param name="createRuntime">
    /// Makes a client, one for each lane, which is disposed at the end where it can be. It may throw an <see cref="InitException"/>.
    /// </param>
    /// <returns>As <see cref="RunAsync(Func{InitPhase, Task{int}})"/>.</returns>
    public static async Task<int> RunAsync(Func<InitPhase, Task<int>> main, Func<IRuntimeApi> createRuntime)
    {
        ArgumentNullException.ThrowIfNull(createRuntime);
        LambdaLog log = LambdaLog.FromEnvironment(TimeProvider.System);
        try
        {
            IRuntimeApi runtime = createRuntime();
            using var disposable = runtime as IDisposable;
            var init = new InitPhase(runtime, TimeProvider.System, log) { CreateRuntime = createRuntime };

            // Not disposed: a second SIGTERM must not kill what the first has told to end.
            init._sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, init.Terminate);
            return await RunAsync(main, init, Environment.GetEnvironmentVariable);
        }
        catch (InitException failure)
        {
            // There is no Runtime API to report to: this is not Lambda.
            log.Write(LogLevel.Error, failure.Message);
            return 1;
        }
    }

    /// <param name="main">The body of <c>Main</c>.</param>
    /// <param name="init">The phase.</param>
    /// <param name="get">Reads the environment variables of the platform; without, there is one lane and no extension.</param>
    internal static async Task<int> RunAsync(Func<InitPhase, Task<int>> main, InitPhase init, Func<string, string?>? get = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        Task<int> running = init.RunReportingAsync(main, get);
        init._bodyHasYielded = true;
        await Task.WhenAny(running, init.Shutdown.Over);
        if (running.IsCompleted)
        {
            init.Shutdown.End();
            init.Extension?.Dispose();
            return await running;
        }

        init.LogUnfinishedShutdown();
        return 0;
    }

    /// <summary>SIGTERM has come. Stays until the environment may end.</summary>
    /// <remarks>In Init there is nothing to close yet: a connection that is being opened goes with the process.</remarks>
    internal void Terminate() => Shutdown.Begin(atOnce: !IsOver);

    /// <summary>Ends the phase: the loop asks for the first invocation now.</summary>
    internal TimeSpan End()
    {
        _isOver = true;
        SocketPatience.EndInit();
        TimeSpan elapsed = Elapsed;
        SpareThreads();
        return elapsed;
    }

    private void Terminate(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Terminate();

        // Patient with a socket, the body may hold the very thread that would end the process here.
        if (Shutdown.Over.IsCompleted && !_bodyHasYielded)
        {
            LogUnfinishedShutdown();
            Environment.Exit(0);
        }
    }

    private void LogUnfinishedShutdown()
    {
        if (IsOver)
            Log.Write(LogLevel.Warn, $"The shutdown is not done after {Shutdown.Budget.TotalMilliseconds:0} ms; the process ends without.");
    }

    private async Task<int> RunReportingAsync(Func<InitPhase, Task<int>> main, Func<string, string?>? get)
    {
        try
        {
            if (get is not null)
                Begin(get);
            Task<int> running = main(this);
            BeginExtension(); // where no connection has done so: the body waits for something else first
            return await running;
        }
        catch (Exception failure) when (!IsOver)
        {
            await ReportAsync(failure);
            return 1;
        }
    }

    /// <summary>Reads what the platform says of itself.</summary>
    private void Begin(Func<string, string?> get)
    {
        Lanes = LaneCount.Read(get);
        Primes = PrimingChoice.Read(get);
        if (Lanes == 1)
            SocketPatience.BeginInit();
        if (new VariableReader(get).Switch(ShutdownExtension.Variable, fallback: true))
            _startExtension = () => ShutdownExtension.Start(RuntimeApiEndpoint.Parse(get(RuntimeApiRoutes.AddressVariable)), Time, Log);
    }

    /// <summary>
    /// Begins to register the extension, the first time that it is called. It starts threads, so not before the C environment is as it
    /// stays: setenv(3) while another thread reads a variable ends the process by a segmentation fault.
    /// </summary>
    internal void BeginExtension()
    {
        Extension ??= _startExtension?.Invoke();
        _startExtension = null;
    }

    /// <summary>
    /// Lets the thread pool start another thread at once while others hang. On a small machine it has one or two, and half a second of
    /// patience before each further one: a server that hangs holds as many (a statement's cancellation, the close of its connection,
    /// the handler behind them) just when an answer is due before the deadline. None is started before it is needed.
    /// </summary>
    private static void SpareThreads()
    {
        ThreadPool.GetMinThreads(out int workers, out int completionPorts);
        if (workers < MinPoolThreads)
            ThreadPool.SetMinThreads(MinPoolThreads, completionPorts);
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
