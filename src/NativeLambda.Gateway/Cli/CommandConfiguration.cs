using NativeLambda.Configuration;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Cli;

/// <summary>Where the configuration comes from: a file, or nothing but the command line; and what of it the command line says otherwise.</summary>
internal sealed record CommandConfiguration
{
    public string? File { get; init; }

    public IReadOnlyList<string> Listen { get; init; } = [];

    public string? Endpoint { get; init; }

    public string? Region { get; init; }

    /// <summary>Whether <c>/</c> shows the routes, where none is for it.</summary>
    public bool Development { get; init; }

    /// <summary>The function of all requests, without a file.</summary>
    public string? Function { get; init; }

    /// <summary>A listener by its address. Certificates have a place in the file alone.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ListenerOptions Listener(string text)
    {
        ListenerOptions listener = ListenerReader.Parse(text);
        return listener.Tls is null ? listener : throw new FormatException("https:// needs a certificate, which only a file can name: \"listeners\"");
    }

    /// <summary>Reads it, each time anew.</summary>
    /// <exception cref="ConfigurationException">The file is not as it should be.</exception>
    public GatewayConfiguration Read()
    {
        GatewayConfiguration configuration = File is null ? OfFunction() : GatewayFile.Read(File);
        configuration = configuration with
        {
            Listeners = Listen.Count > 0 ? [.. Listen.Select(Listener)] : configuration.Listeners,
            Lambda = configuration.Lambda with
            {
                Endpoint = Endpoint is null ? configuration.Lambda.Endpoint : LambdaReader.ParseEndpoint(Endpoint),
                Region = Region ?? configuration.Lambda.Region,
            },
        };
        // A Lambda on this machine is the emulator.
        bool development = Development || configuration.Lambda.Endpoint is { IsLoopback: true };
        return configuration with { Operation = configuration.Operation with { FirstPage = development } };
    }

    private GatewayConfiguration OfFunction()
    {
        var defaults = new GatewayConfiguration();
        return defaults with
        {
            Listeners = [ListenerReader.Default],
            Routes = [new Route { Key = RouteKey.Default, Function = Function! }],
            Operation = defaults.Operation with { Management = null }, // several of them are to run beside each other without a word
        };
    }
}
