namespace NativeLambda.IntegrationTests.Packaging;

/// <summary>
/// The test classes that make packages. They share them, and run by themselves: they compile for a minute, which tests with deadlines
/// beside them would feel.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PackagingGroup : ICollectionFixture<FunctionPackage>, ICollectionFixture<LibraryPackages>
{
    public const string Name = "Packaging";
}
