using System.Globalization;
using NativeLambda.Demo.Staging;
using NativeLambda.Demo.Telling;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Demo.Steps;

/// <summary>The cold start: Init opens the connection, the first invocation finds it open.</summary>
internal sealed class FirstResponse : IStep
{
    public string Title => "Init opens the connection before the first invocation";

    public bool IsVital => true;

    public async Task RunAsync(Stage stage, Narrator narrator, CancellationToken cancellation)
    {
        await stage.RaiseFunctionAsync(cancellation);
        narrator.Fact("bootstrap", string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(stage.Bootstrap).Length / 1e6:0.0} MB, Native AOT"));
        narrator.Fact("function URL", $"{stage.Lambda.FunctionUrl}");
        narrator.Fact("frozen by", $"{stage.Lambda.FreezeMethod}");

        (Answer answer, ConnectionReport report) = await stage.ConnectionAsync(cancellation);
        EnvironmentSnapshot environment = await stage.OnlyFrozenAsync(cancellation);
        narrator.Request(answer, "environment, process and connection are new; the emulator's code, too");
        narrator.Fact("Init Duration", $"{Figures.Milliseconds(environment.InitDuration ?? default)}, of which opening {Figures.Milliseconds(report.OpenMs)} (process, TLS and SCRAM included)");
        narrator.Fact("first Duration", Figures.Milliseconds(environment.LastDuration ?? default));
        narrator.Fact("GET /connection", answer.Body);

        narrator.Claim("one physical connection, opened once", 1, report.Opens);
        narrator.Claim("the first invocation is the first on it", 1L, report.ReusedFor);
        IReadOnlyList<Backend> backends = await stage.Control.BackendsAsync(cancellation);
        narrator.Claim(
            "pg_stat_activity has exactly that backend", $"{report.BackendPid}", string.Join(", ", backends.Select(static backend => backend.Pid)));
        string tls = backends.FirstOrDefault(backend => backend.Pid == report.BackendPid)?.Tls ?? "no such backend";
        narrator.Claim($"pg_stat_ssl says that it is encrypted: {tls}", tls.StartsWith("TLSv1.", StringComparison.Ordinal), "TLSv1.2 or later", tls);
    }
}
