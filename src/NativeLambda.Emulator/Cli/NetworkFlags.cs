using System.CommandLine;

namespace NativeLambda.Emulator.Cli;

/// <summary>The options of the command line that give environments a network of their own.</summary>
internal sealed class NetworkFlags
{
    private readonly Option<bool> _isolate = new("--isolate-network") { Description = "a network of its own for each environment, dead while it is frozen; takes root" };
    private readonly Option<int[]> _hostPorts = new("--host-port") { Description = "with --isolate-network: a port of this machine's 127.0.0.1 that environments reach there; PGPORT is one by itself" };

    public NetworkFlags() => _hostPorts.Validators.Add(static result =>
    {
        // What is no number at all is the parser's to report.
        if (result.Tokens.Any(static token => int.TryParse(token.Value, out int port) && port is < 1 or > 65535)) result.AddError("--host-port: 1 to 65535");
    });

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_isolate, _hostPorts];

    /// <summary>Adds what they say.</summary>
    public LocalLambdaOptions Apply(ParseResult parsed, LocalLambdaOptions options) => options with
    {
        IsolateNetwork = parsed.GetValue(_isolate) || options.IsolateNetwork,
        HostPorts = [.. options.HostPorts, .. parsed.GetValue(_hostPorts) ?? []],
    };
}
