using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Tests.Invocation;

namespace NativeLambda.Gateway.Tests.Configuration;

public sealed class ConfigurationReloadTests
{
    private const string One = """{ "routes": [ { "route": "GET /one", "function": "f" } ] }""";
    private const string Two = """{ "routes": [ { "route": "GET /two", "function": "f" } ] }""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_changes_counts_however_it_is_replaced(bool renamed)
    {
        await using RunningGateway gateway = await RunningGateway.StartFileAsync(One);
        using var folder = new TemporaryFolder();
        using var told = new Messages();
        using ConfigurationReload reload = Watch(folder, gateway, told);
        Assert.Equal((200, 404), ((await gateway.GetAsync("/one")).Status, (await gateway.GetAsync("/two")).Status));
        await File.WriteAllTextAsync(folder.At(renamed ? "next" : "gateway.json"), Two);
        if (renamed) File.Move(folder.At("next"), folder.At("gateway.json"), overwrite: true);
        Assert.Contains("was read anew and counts from now on; routes: 1", await told.NextAsync(), StringComparison.Ordinal);
        Assert.Equal((404, 200), ((await gateway.GetAsync("/one")).Status, (await gateway.GetAsync("/two")).Status));
    }

    [Fact]
    public async Task A_file_with_mistakes_changes_nothing_and_its_places_are_told()
    {
        await using RunningGateway gateway = await RunningGateway.StartFileAsync(One);
        using var folder = new TemporaryFolder();
        using var told = new Messages();
        using ConfigurationReload reload = Watch(folder, gateway, told);
        await File.WriteAllTextAsync(folder.At("gateway.json"), """{ "routes": [ { "route": "GET /two/", "function": "f" } ] }""");
        string message = await told.NextAsync();
        Assert.Contains("the one before still counts", message, StringComparison.Ordinal);
        Assert.Contains($"{folder.At("gateway.json")}:1:26: routes[0].route: ", message, StringComparison.Ordinal);
        Assert.Equal(200, (await gateway.GetAsync("/one")).Status);
        await File.WriteAllTextAsync(folder.At("gateway.json"), Two); // and it still looks
        await told.NextAsync();
        Assert.Equal(200, (await gateway.GetAsync("/two")).Status);
    }

    [Fact]
    public async Task It_is_read_when_it_is_asked_for_although_it_has_not_changed()
    {
        await using RunningGateway gateway = await RunningGateway.StartFileAsync(One);
        using var folder = new TemporaryFolder();
        using var told = new Messages();
        using ConfigurationReload reload = Watch(folder, gateway, told);
        reload.Request(always: true);
        Assert.Contains("was read anew", await told.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_a_restart_is_said()
    {
        await using RunningGateway gateway = await RunningGateway.StartFileAsync(One);
        GatewayConfiguration started = gateway.Host.State.Current.Configuration;
        Assert.Equal(["listeners", "lambda"], gateway.Host.Apply(started with { Listeners = [ListenerReader.Default], Lambda = started.Lambda with { MaxRetries = 1 } }));
        Assert.Empty(gateway.Host.Apply(started));
    }

    private static ConfigurationReload Watch(TemporaryFolder folder, RunningGateway gateway, Messages told)
    {
        File.WriteAllText(folder.At("gateway.json"), One);
        GatewayConfiguration started = gateway.Host.State.Current.Configuration;
        // Its listener was given a free port, which the file does not know.
        return ConfigurationReload.Watch(
            folder.At("gateway.json"),
            () => GatewayFile.Read(folder.At("gateway.json")) with { Listeners = started.Listeners, Operation = started.Operation },
            gateway.Host, TimeProvider.System, told);
    }

    private sealed class Messages : ILogger, IDisposable
    {
        private readonly ConcurrentQueue<string> _messages = new();
        private readonly SemaphoreSlim _count = new(0);

        public async Task<string> NextAsync()
        {
            await _count.WaitAsync();
            return _messages.TryDequeue(out string? message) ? message : "";
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _messages.Enqueue(formatter(state, exception));
            _count.Release();
        }

        public void Dispose() => _count.Dispose();
    }
}
