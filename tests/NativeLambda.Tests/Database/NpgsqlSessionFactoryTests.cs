using System.Net.Sockets;
using NativeLambda.Database;
using NativeLambda.Tests.TestSupport;
using Npgsql;

namespace NativeLambda.Tests.Database;

public sealed class NpgsqlSessionFactoryTests
{
    [Fact]
    public async Task What_the_host_after_a_dead_one_refuses_teaches_as_well()
    {
        using var log = new LogRecorder(TimeProvider.System);
        DatabaseSettings settings = TestSettings.With(null);
        var guards = new StartupGuards(settings.Server, log.Log);
        await using var factory = new NpgsqlSessionFactory(settings, guards, configure: null);
        var dead = new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused));
        var pooler = new PostgresException("unsupported startup parameter: options", "FATAL", "FATAL", SqlStates.ProtocolViolation);
        Assert.False(factory.TryAdapt(dead));
        Assert.True(factory.TryAdapt(new NpgsqlException("Unable to connect to a suitable host.", new AggregateException(dead, pooler))));
        Assert.True(guards.IsPooler);
    }

    [Fact]
    public async Task What_another_lane_has_learnt_since_the_attempt_began_makes_the_next_one_another_and_no_more_than_once()
    {
        using var log = new LogRecorder(TimeProvider.System);
        DatabaseSettings settings = TestSettings.With(null);
        settings = settings with { Connection = settings.Connection with { Host = "127.0.0.1", Port = 1 } };
        var guards = new StartupGuards(settings.Server, log.Log);
        await using var lane = new NpgsqlSessionFactory(settings, guards, configure: null);
        var refused = new PostgresException("unsupported startup parameter: options", "FATAL", "FATAL", SqlStates.ProtocolViolation);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => lane.OpenAsync(TestContext.Current.CancellationToken));
        Assert.True(guards.TryLearn(refused));
        Assert.True(lane.TryAdapt(refused));

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => lane.OpenAsync(TestContext.Current.CancellationToken));
        Assert.False(lane.TryAdapt(refused));
        Assert.Single(log.Lines);
    }
}
