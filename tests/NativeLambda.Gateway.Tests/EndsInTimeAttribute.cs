using System.Collections.Concurrent;
using System.Reflection;
using NativeLambda.Gateway.Tests;
using Xunit.v3;

[assembly: EndsInTime]

namespace NativeLambda.Gateway.Tests;

/// <summary>Cancels a test that waits for longer than any of them has to, so that it fails, with its name, where it would wait for ever.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class EndsInTimeAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, ITimer> _running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => _running[test.UniqueID] = TimeProvider.System.CreateTimer(
        static context => ((ITestContext)context!).CancelCurrentTest(), TestContext.Current, Limit, Timeout.InfiniteTimeSpan);

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out ITimer? timer)) timer.Dispose();
    }
}
