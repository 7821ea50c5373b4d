namespace NativeLambda.IntegrationTests.Failover;

/// <summary>
/// Files for a program that asks a <see cref="NameServer"/> and nothing else: a script that becomes it in a mount namespace of its own,
/// where resolv.conf and nsswitch.conf are the test's. The machine's are not touched.
/// </summary>
internal sealed class PrivateResolver : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativelambda-resolver-").FullName;

    /// <param name="program">The program.</param>
    /// <param name="server">What it asks.</param>
    public PrivateResolver(string program, NameServer server)
    {
        string resolve = Write("resolv.conf", $"nameserver {server.Address}\n");
        string order = Write("nsswitch.conf", "hosts: dns\n");
        string inside = Write("inside", $"""
            mount --bind '{resolve}' "$(readlink -f /etc/resolv.conf)" || exit 98
            mount --bind '{order}' /etc/nsswitch.conf || exit 98
            exec '{program}' "$@"

            """);
        Script = Write("script", $"#!/bin/sh\nexec unshare --mount --propagation private /bin/sh '{inside}' \"$@\"\n");
        File.SetUnixFileMode(Script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>The script.</summary>
    public string Script { get; }

    /// <summary>Skips the test where the namespace, or the port of the name server, is not to be had.</summary>
    public static void SkipUnlessRoot()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A mount namespace and port 53 take root.");
        Assert.SkipUnless(File.Exists("/etc/nsswitch.conf") && File.Exists("/etc/resolv.conf"), "There is no nsswitch.conf or resolv.conf to put another one over.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
