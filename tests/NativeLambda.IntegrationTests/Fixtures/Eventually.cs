namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>Waits for a thing of another process that announces itself to nobody: asks until it is so.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    public static async Task IsAsync<T>(T expected, Func<Task<T>> ask)
    {
        long start = TimeProvider.System.GetTimestamp();
        T actual;
        while (!EqualityComparer<T>.Default.Equals(actual = await ask(), expected))
        {
            if (TimeProvider.System.GetElapsedTime(start) > Guard)
                Assert.Equal(expected, actual);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public static Task IsTrueAsync(Func<Task<bool>> ask) => IsAsync(true, ask);
}
