using System.Globalization;
using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Demo.Steps;

/// <summary>A cluster that exists for this story only.</summary>
internal sealed class RaiseServer : IStep
{
    public string Title => "A throwaway PostgreSQL with SCRAM, TLS and its own CA";

    public bool IsVital => true;

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        await stage.RaiseServerAsync(cancellation);
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);

        PostgresServer server = stage.Server;
        narrator.Fact("version", server.Version);
        narrator.Fact("address", string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}, database {server.Database}, role {server.User}"));
        narrator.Fact("data directory", server.DataDirectory);
        narrator.Fact("CA to pin", server.RootCertificateFile);
        narrator.Fact("made in", Figures.Seconds(elapsed));

        (string methods, string secret) = await stage.Control.AuthenticationAsync(cancellation);
        narrator.Claim("SCRAM is the only way in, and all that the server stores", "scram-sha-256 / SCRAM-SHA-256", $"{methods} / {secret}");
        narrator.Claim("the schema is applied", "idempotency_keys, movements, products", await stage.Control.TablesAsync(cancellation));
        narrator.Claim("nobody is connected", 0, (await stage.Control.BackendsAsync(cancellation)).Count);
    }
}
