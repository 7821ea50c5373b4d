namespace NativeLambda.Emulator.Sandboxing.Networking;

/// <summary>A setting of an interface in the network namespace of the calling thread.</summary>
internal static class NetworkSetting
{
    public static void Write(string interfaceName, string setting, string value) => Write($"conf/{interfaceName}/{setting}", value);

    /// <summary>A setting of the namespace itself, below <c>/proc/sys/net/ipv4</c>.</summary>
    public static void Write(string path, string value)
    {
        string file = $"/proc/sys/net/ipv4/{path}";
        try
        {
            File.WriteAllText(file, value);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException($"cannot write {file}: {exception.Message}", exception);
        }
    }
}
