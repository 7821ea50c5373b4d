using NativeLambda.Emulator;
using NativeLambda.Emulator.Environments;
using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Shutdown;

/// <summary>The platform ends an environment that is frozen: it thaws it, and sends SIGTERM where an extension is registered (F21).</summary>
public sealed class FrozenShutdownTests(PostgresFixture postgres, BootstrapFixture bootstrap, ITestOutputHelper output)
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_backend_of_a_frozen_environment_is_told_goodbye_and_gone()
    {
        const int Rounds = 10;
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using LocalLambda lambda = await StartAsync(database, proxy, extension: "on");
        for (int round = 0; round < Rounds; round++)
        {
            string environment = await FreezeAsync(lambda);
            Assert.Single(await database.ListSessionsAsync(Cancellation));
            long start = TimeProvider.System.GetTimestamp();
            await lambda.ShutdownEnvironmentAsync(environment).WaitAsync(Guard, Cancellation);
            TimeSpan exited = TimeProvider.System.GetElapsedTime(start);
            await Eventually.IsAsync(0, async () => (await database.ListSessionsAsync(Cancellation)).Count);
            output.WriteLine(
                $"shutdown to exit {exited.TotalMilliseconds:0.0} ms, to no backend {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0.0} ms");
            await AssertLastWordAsync(proxy.Connections[round], expected: true);
        }

        Assert.Equal(Rounds, proxy.Connections.Count);
    }

    [Fact]
    public async Task Without_the_extension_it_is_killed_without_a_word()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var proxy = new FaultProxy(database.Server);
        await using LocalLambda lambda = await StartAsync(database, proxy, extension: "off");
        await lambda.ShutdownEnvironmentAsync(await FreezeAsync(lambda)).WaitAsync(Guard, Cancellation);
        await AssertLastWordAsync(Assert.Single(proxy.Connections), expected: false);
        await Eventually.IsAsync(0, async () => (await database.ListSessionsAsync(Cancellation)).Count);
    }

    private static async Task<string> FreezeAsync(LocalLambda lambda)
    {
        EnvironmentSnapshot environment = await lambda.StartEnvironmentAsync().WaitAsync(Guard, Cancellation);
        Assert.Equal(EnvironmentState.Frozen, environment.State);
        Assert.True(ProcessInspection.IsStoppedOrFrozen(environment.ProcessId!.Value));
        return environment.Id;
    }

    private static async Task AssertLastWordAsync(ProxiedConnection session, bool expected)
    {
        await session.Completion.WaitAsync(Guard, Cancellation);
        string lastWord = session.Messages.Messages.Last(message => message.Direction == TrafficDirection.ToServer).Type;
        Assert.Equal(expected, lastWord == "X");
    }

    private async Task<LocalLambda> StartAsync(TestDatabase database, FaultProxy proxy, string extension) =>
        await LocalLambda.StartAsync(
            new LocalLambdaOptions
            {
                Bootstrap = await bootstrap.GetPathAsync(),
                Environment = new Dictionary<string, string>(database.EnvironmentVariables(proxy, plainText: true))
                {
                    ["NATIVELAMBDA_SHUTDOWN_EXTENSION"] = extension,
                },
                InitTimeout = Guard,
                Timeout = Guard,
            },
            Cancellation);
}
