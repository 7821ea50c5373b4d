using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace NativeLambda.Gateway.Operation.Systemd;

/// <summary>
/// Tells systemd how the service is: a datagram to the socket that it names. Source:
/// <see href="https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify(3)</see>.
/// </summary>
internal sealed class SystemdNotifier
{
    private readonly string? _address;
    private readonly ILogger _logger;

    private SystemdNotifier(string? address, ILogger logger) => (_address, _logger) = (address, logger);

    /// <summary>Whether systemd asked to be told.</summary>
    public bool IsWanted => _address is not null;

    /// <summary>The one that the environment names.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <param name="logger">Is told when systemd cannot be.</param>
    public static SystemdNotifier FromEnvironment(Func<string, string?> variable, ILogger logger) =>
        new(variable("NOTIFY_SOCKET") is { Length: > 1 } address && address[0] is '/' or '@' ? variable("NOTIFY_SOCKET") : null, logger);

    /// <summary>It serves.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>It reads its configuration again; <see cref="Ready"/> ends that.</summary>
    public void Reloading(TimeProvider time) =>
        // CLOCK_MONOTONIC, which is what the timestamps are on Linux.
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={(long)(time.GetTimestamp() * 1e6 / time.TimestampFrequency)}"));

    /// <summary>It ends.</summary>
    public void Stopping() => Send("STOPPING=1");

    private void Send(string message)
    {
        if (_address is null) return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // An address that begins with @ is one that has no file.
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(_address[0] == '@' ? $"\0{_address[1..]}" : _address));
        }
        catch (SocketException exception)
        {
            SystemdMessages.Untold(_logger, exception.Message);
        }
    }
}
