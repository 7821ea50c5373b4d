namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>What a test is made of: taken down in the opposite order, all of it, whichever of it complains.</summary>
internal sealed class Parts : IAsyncDisposable
{
    private readonly Stack<object> _parts = new();

    public T Add<T>(T part) where T : class
    {
        _parts.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_parts.TryPop(out object? part)) return;
        try
        {
            if (part is IAsyncDisposable later) await later.DisposeAsync();
            else ((IDisposable)part).Dispose();
        }
        finally
        {
            await DisposeAsync();
        }
    }
}
