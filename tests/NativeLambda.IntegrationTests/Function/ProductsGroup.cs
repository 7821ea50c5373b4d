namespace NativeLambda.IntegrationTests.Function;

/// <summary>The test classes that share one <see cref="ProductsFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class ProductsGroup : ICollectionFixture<ProductsFixture>
{
    public const string Name = "Products";
}
