using System.Text.RegularExpressions;
using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Faults;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>Which files the process touches, by the kernel's word (strace): the trust store of the system costs most of a cold start.</summary>
public sealed partial class TrustStoreTests(PostgresFixture postgres, BootstrapFixture bootstrap) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativelambda-strace-").FullName;

    private string Trace => Path.Combine(_folder, "trace");

    public async ValueTask InitializeAsync()
    {
        try
        {
            await Tool.RunAsync("strace", "-f", "-o", Trace, "-e", "trace=openat", "true");
        }
        catch (InvalidOperationException unavailable)
        {
            Assert.Skip($"no strace of processes here: {unavailable.Message}");
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task With_a_pinned_CA_no_file_of_the_trust_store_of_the_system_is_touched()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        Dictionary<string, string> variables = database.EnvironmentVariables();
        await using (FrozenFunction function = await FrozenFunction.CreateAsync(await WriteTracedBootstrapAsync(), variables))
        {
            await function.InitializeAsync();
            Assert.Equal(404, (await function.InvokeHttpAsync("GET", "/products/unknown")).Status);
            await function.WaitUntilFrozenAsync();
        }

        IReadOnlyList<string> touched = await ReadTouchedFilesAsync();
        Assert.Contains(variables["PGSSLROOTCERT"], touched); // the trace is one of this
        Assert.DoesNotContain(touched, TrustStore().IsMatch);
    }

    [Fact]
    public async Task Without_a_pinned_CA_it_is_read()
    {
        await using TestDatabase database = await postgres.CreateDatabaseAsync();
        var variables = new Dictionary<string, string>(database.EnvironmentVariables()) { ["PGSSLROOTCERT"] = "system" };
        await using (FrozenFunction function = await FrozenFunction.CreateAsync(await WriteTracedBootstrapAsync(), variables))
            await Assert.ThrowsAsync<InitFailedException>(function.InitializeAsync);
        Assert.Contains(await ReadTouchedFilesAsync(), TrustStore().IsMatch);
    }

    /// <summary>Where the distributions keep the certificates of their CAs, not OpenSSL's configuration beside them.</summary>
    [GeneratedRegex("^(/etc/ssl|/usr/lib/ssl|/usr/local/ssl|/etc/pki|/var/lib/ca-certificates)/.*(certs?\\b|\\.pem)|ca-certificates|ca-bundle")]
    private static partial Regex TrustStore();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Quoted();

    private async Task<string> WriteTracedBootstrapAsync()
    {
        string path = Path.Combine(_folder, "bootstrap");
        await File.WriteAllTextAsync(
            path, $"#!/bin/sh\nexec strace -f -qq -s 4096 -o '{Trace}' -e trace=%file '{await bootstrap.GetPathAsync()}'\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Every path that any system call named, found or not.</summary>
    private async Task<IReadOnlyList<string>> ReadTouchedFilesAsync() =>
        [.. Quoted().Matches(await File.ReadAllTextAsync(Trace)).Select(match => match.Groups[1].Value).Distinct()];
}
