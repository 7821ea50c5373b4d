namespace NativeLambda.IntegrationTests.Fixtures;

public sealed class BootstrapFixtureTests(BootstrapFixture bootstrap)
{
    [Fact]
    public async Task The_bootstrap_is_a_native_executable()
    {
        await using FileStream file = File.OpenRead(await bootstrap.GetPathAsync());
        var magic = new byte[4];
        await file.ReadExactlyAsync(magic, TestContext.Current.CancellationToken);
        Assert.Equal([0x7F, (byte)'E', (byte)'L', (byte)'F'], magic);
        Assert.True(File.GetUnixFileMode(file.Name).HasFlag(UnixFileMode.UserExecute));
        // The host of a managed program is smaller than a hundred kilobytes and stands beside its .dll.
        Assert.False(File.Exists(Path.ChangeExtension(file.Name, ".dll")));
        Assert.True(file.Length > 1_000_000);
    }
}
