namespace NativeLambda.Gateway.Operation.Sockets;

/// <summary>A Unix socket to listen on.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Mode">Who may connect: whoever may write it.</param>
internal sealed record UnixSocketOptions(
    string Path, UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
