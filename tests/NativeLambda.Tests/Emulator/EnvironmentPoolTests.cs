using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Logging;
using NativeLambda.Emulator.Processes;
using NativeLambda.Emulator.Sandboxing;

namespace NativeLambda.Tests.Emulator;

public sealed class EnvironmentPoolTests : IAsyncLifetime
{
    private readonly FunctionSettings _function = FunctionSettingsReader.Read(new LocalLambdaOptions { Bootstrap = "/bin/true", MaxConcurrency = 1 }, "us-east-1");
    private readonly FunctionLog _log = new(TimeProvider.System, sink: null);
    private readonly ProcessMonitor _monitor = new();
    private readonly List<ExecutionEnvironment> _made = [];
    private Watchdog _watchdog = null!;
    private EnvironmentPool _pool = null!;

    public ValueTask InitializeAsync()
    {
        _watchdog = Watchdog.Start(_monitor, []);
        _pool = new EnvironmentPool(_function, CreateUnpreparable, new AccountConcurrency(10, []).CreateShare(0), TimeProvider.System, _log);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _watchdog.DisposeAsync();
        _monitor.Dispose();
    }

    [Fact]
    public async Task An_environment_that_cannot_be_prepared_ahead_does_not_take_up_room()
    {
        for (int attempt = 1; attempt <= 2; attempt++) // with room for one
            Assert.Equal("refused", (await Assert.ThrowsAsync<SandboxException>(_pool.StartAsync)).Message);
        Assert.Empty(_pool.All);
        await _pool.DisposeAsync(); // waits for what it has retired
        Assert.All(_made, environment => Assert.Equal(EnvironmentState.Dead, environment.Snapshot.State));
    }

    [Fact]
    public async Task Provisioned_concurrency_is_told_of_it_and_may_try_again()
    {
        Assert.False(await _pool.ReplenishAsync(1));
        Assert.False(await _pool.ReplenishAsync(1));
        Assert.Equal(2, _log.Lines.Count(line => line.Text == "no provisioned environment: refused"));
        Assert.Empty(_pool.All);
    }

    private ExecutionEnvironment CreateUnpreparable(bool provisioned)
    {
        var limits = new EnvironmentLimits(ResourceLimits.Of(_function.MemorySizeMb, CpuShare.Full), cpu: null, memory: null, tasks: null);
        var sandbox = new Sandbox(_monitor, _watchdog, new SignalFreezer(), limits, static () => throw new SandboxException("refused"));
        var environment = new ExecutionEnvironment(
            $"e{_made.Count}", _function, sandbox, _log, TimeProvider.System, new NoRuntimeEndpoint(), provisioned, static () => { });
        _made.Add(environment);
        return environment;
    }

    /// <summary>Of an environment that gets no process.</summary>
    private sealed class NoRuntimeEndpoint : IRuntimeEndpoint
    {
        public Uri Uri { get; } = new("http://127.0.0.1:1/");

        public Task ServeAsync(RuntimeSession session) => throw new InvalidOperationException("a process would be started");

        public void Dispose() { }
    }
}
