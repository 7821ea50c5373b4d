using NativeLambda.Gateway.Lambda.Resilience;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NativeLambda.Gateway.Operation.Telemetry;

/// <summary>
/// Who is told of metrics and traces: Prometheus when it is to be there, and an OTLP collector where
/// <see href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OpenTelemetry's own variables</see> name one. Without either
/// nothing is collected.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    private readonly TracerProvider? _traces;

    private TelemetryExport(MeterProvider? metrics, TracerProvider? traces) => (Metrics, _traces) = (metrics, traces);

    /// <summary>The metrics; null where nobody is told of them.</summary>
    public MeterProvider? Metrics { get; }

    /// <summary>Begins it.</summary>
    /// <param name="prometheus">Whether metrics are to be scraped.</param>
    /// <param name="variable">Reads a variable of the environment; OpenTelemetry reads its own by itself.</param>
    public static TelemetryExport Start(bool prometheus, Func<string, string?> variable)
    {
        bool all = !string.IsNullOrEmpty(variable(Endpoint)), metrics = all || !string.IsNullOrEmpty(variable(MetricsEndpoint));
        return new(
            metrics || prometheus ? BuildMetrics(metrics, prometheus) : null,
            all || !string.IsNullOrEmpty(variable(TracesEndpoint)) ? BuildTraces() : null);
    }

    public void Dispose()
    {
        _traces?.Dispose();
        Metrics?.Dispose();
    }

    private static MeterProvider BuildMetrics(bool otlp, bool prometheus)
    {
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource())
            .AddMeter(GatewayMetrics.MeterName, LambdaMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel").AddRuntimeInstrumentation();
        if (otlp) builder.AddOtlpExporter();
        if (prometheus) builder.AddPrometheusExporter();
        return builder.Build();
    }

    private static TracerProvider BuildTraces() =>
        Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource()).AddSource(GatewayTracing.SourceName).AddOtlpExporter().Build();

    // The environment last: OTEL_SERVICE_NAME overrides the name.
    private static ResourceBuilder Resource() =>
        ResourceBuilder.CreateEmpty().AddService("lambda-gateway").AddTelemetrySdk().AddEnvironmentVariableDetector();
}
