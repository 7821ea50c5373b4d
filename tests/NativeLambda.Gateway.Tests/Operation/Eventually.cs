namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>Waits for a thing that announces itself to nobody: asks until it is so.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    public static Task IsTrueAsync(Func<bool> ask) => IsTrueAsync(() => Task.FromResult(ask()));

    public static async Task IsTrueAsync(Func<Task<bool>> ask)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await ask())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Guard, "it did not come to be so");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
