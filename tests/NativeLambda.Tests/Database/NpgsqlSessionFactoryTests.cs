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
}
