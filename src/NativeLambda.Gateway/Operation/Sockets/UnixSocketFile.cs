using System.Net.Sockets;

namespace NativeLambda.Gateway.Operation.Sockets;

/// <summary>The file of a Unix socket before and after it is listened on.</summary>
internal static class UnixSocketFile
{
    /// <summary>Removes what a process that was killed has left there.</summary>
    /// <exception cref="IOException">Something listens there, or it is no socket.</exception>
    public static void RemoveStale(string path)
    {
        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null) return;
        if (File.ResolveLinkTarget(path, returnFinalTarget: false) is not null || File.GetAttributes(path).HasFlag(FileAttributes.Directory))
            throw new IOException($"{path} is no socket: remove it, or listen elsewhere");
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && new FileInfo(path).Length == 0)
        {
            // Nobody listens. Only of a socket, or an empty file, is that so.
            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw new IOException($"{path} is there, and it cannot be told whether something listens: {exception.Message}", exception);
        }
        throw new IOException($"another process listens on {path}: end it, or listen elsewhere");
    }

    /// <summary>Says who may connect, once it is listened on.</summary>
    public static void Open(UnixSocketOptions options) => File.SetUnixFileMode(options.Path, options.Mode);
}
