using System.Globalization;
using System.Net;
using NativeLambda.Settings;

namespace NativeLambda.Runtime;

/// <summary>Where the Runtime API listens: the parts of <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
/// <param name="Host">A name or an address, an IPv6 one without its brackets.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="Authority">The value as it was written, for the Host header and for messages.</param>
internal sealed record RuntimeApiEndpoint(string Host, int Port, string Authority)
{
    private const int DefaultPort = 80;

    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[IPv6]</c> or <c>[IPv6]:port</c>.</summary>
    /// <exception cref="SettingsException">It is absent, empty or none of these.</exception>
    public static RuntimeApiEndpoint Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new SettingsException(
                RuntimeApiRoutes.AddressVariable,
                $"{RuntimeApiRoutes.AddressVariable} is not set: this program is the bootstrap of a Lambda function and runs inside Lambda, which sets it. To run it on this machine, start it with lambda-emulator.");
        }

        int colon = text[0] == '[' ? text.IndexOf("]:", StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        string host = colon > 0 ? text[..colon] : text;
        int port = DefaultPort;
        bool valid = colon != 0 || text[0] == '[';
        if (colon > 0)
            valid = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
        if (host[0] == '[')
        {
            host = host[^1] == ']' ? host[1..^1] : "";
            valid &= IPAddress.TryParse(host, out IPAddress? address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        }

        if (!valid || !IsHost(host))
            throw new SettingsException(RuntimeApiRoutes.AddressVariable, $"{RuntimeApiRoutes.AddressVariable} is '{text}': use host:port, such as 127.0.0.1:9001 or [::1]:9001.");
        return new RuntimeApiEndpoint(host, port, text);
    }

    /// <summary>Whether the host can stand in a Host header: what else a name may be is left to the resolver.</summary>
    private static bool IsHost(string host)
    {
        foreach (char character in host)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_' or ':' or '%'))
                return false;
        }

        return host.Length > 0;
    }
}
