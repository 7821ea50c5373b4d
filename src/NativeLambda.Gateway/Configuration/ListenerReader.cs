using System.Globalization;
using System.Net;
using NativeLambda.Configuration;
using NativeLambda.Gateway.Operation.Sockets;
using NativeLambda.Gateway.Operation.Tls;

namespace NativeLambda.Gateway.Configuration;

/// <summary>Reads listeners.</summary>
internal static class ListenerReader
{
    private const string Expected = "an address is expected, such as http://127.0.0.1:8080, https://*:8443 or unix:/run/gateway.sock";
    private const int MaxMode = 0x1ff; // octal 777

    /// <summary>Where it listens when nothing is said: for this machine alone.</summary>
    public static ListenerOptions Default { get; } = new() { EndPoint = new IPEndPoint(IPAddress.Loopback, 8080) };

    /// <summary>Reads an address as the command line has it.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static ListenerOptions Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > 5) return new ListenerOptions { UnixSocket = new UnixSocketOptions(text[5..]) };
        bool https = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!https && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) throw new FormatException(Expected);
        string authority = text[(https ? 8 : 7)..].TrimEnd('/');
        int colon = authority.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            throw new FormatException($"{Expected}; its port from 0 to 65535");
        IPAddress? address = authority[..colon] switch
        {
            "*" => IPAddress.IPv6Any, // of both kinds
            "localhost" => IPAddress.Loopback,
            string name => IPAddress.TryParse(name, out IPAddress? parsed) ? parsed : null,
        };
        return address is null
            ? throw new FormatException("an IP address of this machine is expected, localhost for this machine alone, or * for all of its addresses")
            : new ListenerOptions { EndPoint = new IPEndPoint(address, port), Tls = https ? new TlsOptions("") : null };
    }

    /// <summary>Reads an object of the file.</summary>
    /// <param name="read">The object.</param>
    /// <param name="folder">What paths are relative to.</param>
    public static ListenerOptions? Read(ConfigObject read, string folder)
    {
        string url = read.RequiredText("url");
        string? certificate = read.Path("certificate", folder), key = read.Path("key", folder), password = read.Path("passwordFile", folder);
        UnixFileMode? mode = ReadMode(read);
        read.RequireNoMore();
        if (url.Length == 0) return null;
        try
        {
            ListenerOptions listener = Parse(url);
            if (listener.Tls is null && (certificate ?? key ?? password) is not null) read.Report(certificate is null ? "key" : "certificate", "only https:// shows a certificate");
            if (listener.Tls is not null && certificate is null) read.Report("url", "https:// needs \"certificate\", and \"key\" where that file does not hold the key");
            if (listener.UnixSocket is null && mode is not null) read.Report("mode", "only unix: has a mode");
            return listener with
            {
                Tls = listener.Tls is null ? null : new TlsOptions(certificate ?? "", key, password),
                UnixSocket = listener.UnixSocket is not { } socket ? null
                    : socket with { Path = Path.Combine(folder, socket.Path), Mode = mode ?? socket.Mode },
            };
        }
        catch (FormatException wrong)
        {
            read.Report("url", wrong.Message);
            return null;
        }
    }

    /// <summary>Reads a list of addresses and networks.</summary>
    public static List<IPNetwork> ReadNetworks(ConfigObject read, string name)
    {
        var networks = new List<IPNetwork>();
        foreach (ConfigNode node in read.TextList(name) ?? [])
        {
            if (IPNetwork.TryParse(node.Text, out IPNetwork network)) networks.Add(network);
            else if (IPAddress.TryParse(node.Text, out IPAddress? address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else read.Report(node, "an address or a network is expected, such as 10.0.0.7 or 10.0.0.0/8");
        }
        return networks;
    }

    private static UnixFileMode? ReadMode(ConfigObject read)
    {
        if (read.Text("mode") is not { } text) return null;
        int mode = 0;
        foreach (char digit in text) mode = digit is >= '0' and <= '7' && mode <= MaxMode ? (mode * 8) + digit - '0' : MaxMode + 1;
        if (text.Length > 0 && mode <= MaxMode) return (UnixFileMode)mode;
        read.Report("mode", "octal digits are expected, such as \"0660\"");
        return null;
    }
}
