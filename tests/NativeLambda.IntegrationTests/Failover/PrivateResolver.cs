using NativeLambda.IntegrationTests.Fixtures;

namespace NativeLambda.IntegrationTests.Failover;

/// <summary>
/// Files for a bootstrap that asks a <see cref="NameServer"/> and nothing else: a script that becomes it in a mount namespace of its own,
/// where resolv.conf and nsswitch.conf are the test's. The machine's are not touched.
/// </summary>
internal sealed class PrivateResolver : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativelambda-resolver-").FullName;

    private PrivateResolver()
    {
    }

    /// <summary>The script.</summary>
    public string Bootstrap => Path.Combine(_folder, "bootstrap");

    public static async Task<PrivateResolver> CreateAsync(BootstrapFixture bootstrap, NameServer server)
    {
        var resolver = new PrivateResolver();
        string Write(string name, string text)
        {
            string path = Path.Combine(resolver._folder, name);
            File.WriteAllText(path, text);
            return path;
        }

        string resolve = Write("resolv.conf", $"nameserver {server.Address}\n");
        string order = Write("nsswitch.conf", "hosts: dns\n");
        string inside = Write("inside", $"""
            mount --bind '{resolve}' "$(readlink -f /etc/resolv.conf)" || exit 98
            mount --bind '{order}' /etc/nsswitch.conf || exit 98
            exec '{await bootstrap.GetPathAsync()}'

            """);
        Write("bootstrap", $"#!/bin/sh\nexec unshare --mount --propagation private /bin/sh '{inside}'\n");
        File.SetUnixFileMode(resolver.Bootstrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return resolver;
    }

    /// <summary>Skips the test where the namespace, or the port of the name server, is not to be had.</summary>
    public static void SkipUnlessRoot()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A mount namespace and port 53 take root.");
        Assert.SkipUnless(File.Exists("/etc/nsswitch.conf") && File.Exists("/etc/resolv.conf"), "There is no nsswitch.conf or resolv.conf to put another one over.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
