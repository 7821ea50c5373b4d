using System.Collections.Concurrent;
using System.Globalization;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>
/// The servers of this run, so that whoever has only a client's variables, which may point at a proxy, finds the server behind them.
/// </summary>
internal static class TestServers
{
    private static readonly ConcurrentQueue<(PostgresServer Server, string Password)> _known = new();

    /// <summary>Remembers a server and a password with which a client may come.</summary>
    public static void Add(PostgresServer server, string password) => _known.Enqueue((server, password));

    /// <summary>The servers that such a client may have a session on, as far as they run and do not stand still.</summary>
    public static IReadOnlyList<PostgresServer> Answering(IReadOnlyDictionary<string, string> variables)
    {
        string password = variables.GetValueOrDefault("PGPASSWORD", "");
        string[] ports = variables.GetValueOrDefault("PGPORT", "").Split(',');
        return
        [
            .. _known
                .Where(known => known.Password == password || ports.Contains(known.Server.Port.ToString(CultureInfo.InvariantCulture)))
                .Select(known => known.Server)
                .Distinct()
                .Where(server => server.IsRunning && ProcessInspection.State(server.PostmasterPid) is not (null or 'T')),
        ];
    }
}
