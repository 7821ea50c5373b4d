using System.Net.Sockets;
using System.Runtime.InteropServices;
using NativeLambda.Gateway.Access;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Operation.Draining;
using NativeLambda.Gateway.Operation.Systemd;
using NativeLambda.Gateway.Operation.Tls;

namespace NativeLambda.Gateway.Cli;

/// <summary>A gateway from its start to its end by a signal.</summary>
internal static class GatewayRun
{
    /// <summary>Runs it.</summary>
    /// <param name="source">Where the configuration is read anew.</param>
    /// <param name="configuration">What was read first.</param>
    /// <param name="errors">Where it tells where it listens, and why it cannot start.</param>
    /// <param name="cancellation">Another wish to end than a signal, while it starts.</param>
    /// <returns>The exit code: see <see cref="UntilStopped"/>; <see cref="CommandLine.Failed"/> when it could not start.</returns>
    public static async Task<int> UntilStoppedAsync(
        CommandConfiguration source, GatewayConfiguration configuration, TextWriter errors, CancellationToken cancellation)
    {
        using var signals = StopSignals.Listen();
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellation, signals.Stop);
        using ILoggerFactory loggers = LoggerFactory.Create(GatewayLogging.Configure);
        TimeProvider time = TimeProvider.System;
        try
        {
            using var lambda = LambdaClient.Create(configuration.Lambda, Environment.GetEnvironmentVariable, loggers.CreateLogger("NativeLambda.Gateway.Lambda"), time);
            await using GatewayHost host = await GatewayHost.StartAsync(configuration, lambda, time, starting.Token, loggers);
            host.Operation.Readiness.Add(lambda.ProblemAsync);
            foreach (string address in host.Addresses) await errors.WriteLineAsync($"lambda-gateway listens on {address}");
            if (host.Operation.ManagementAddress is { } management) await errors.WriteLineAsync($"lambda-gateway tells its health on {management}");
            ILogger logger = loggers.CreateLogger("NativeLambda.Gateway.Configuration");
            using var reload = ConfigurationReload.Watch(source.File, source.Read, host, time, logger);
            var systemd = SystemdNotifier.FromEnvironment(Environment.GetEnvironmentVariable, loggers.CreateLogger("NativeLambda.Gateway.Operation"));
            reload.Done += () => systemd.Ready(StatusOf(host));
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                systemd.Reloading(time);
                host.Operation.Reopen();
                if (!reload.Request(always: true)) systemd.Ready(StatusOf(host));
            });
            return await UntilStopped.RunAsync(host.DrainAsync, StatusOf(host), systemd, signals);
        }
        catch (OperationCanceledException) when (starting.IsCancellationRequested)
        {
            return 0; // stopped before it had started
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or SocketException or CertificateException or AccessOptionsException)
        {
            await errors.WriteLineAsync($"lambda-gateway: {exception.Message}");
            return CommandLine.Failed;
        }
    }

    /// <summary>What systemd shows of it.</summary>
    private static string StatusOf(GatewayHost host) => $"serving {host.State.Current.Configuration.Routes.Count} routes";
}
