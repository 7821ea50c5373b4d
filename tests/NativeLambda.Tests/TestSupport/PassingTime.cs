using Microsoft.Extensions.Time.Testing;
using NativeLambda.Tests.Runtime;

namespace NativeLambda.Tests.TestSupport;

/// <summary>Time that passes while a test waits for something.</summary>
internal static class PassingTime
{
    /// <summary>Lets a millisecond after the other pass until the task has ended.</summary>
    public static async Task PassUntilEndOfAsync(this FakeTimeProvider time, Task task)
    {
        CancellationToken guarded = FakeRuntimeApi.Guarded;
        while (!task.IsCompleted)
        {
            guarded.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
    }
}
