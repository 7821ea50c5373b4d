using NativeLambda.IntegrationTests.Database;
using NativeLambda.IntegrationTests.Fixtures;
using NativeLambda.IntegrationTests.Trials;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>Begins with the classes that take minutes, so that none of them runs on alone when all others are done.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [typeof(SoakTests).FullName!, typeof(TakeBackTests).FullName!];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderByDescending(IsLong)];

    private static bool IsLong<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Long.Any(name => collection.TestCollectionDisplayName.Contains(name + " ", StringComparison.Ordinal));
}
