using NativeLambda.Http;

namespace NativeLambda.Function.Products;

/// <summary>The routes of the products API: one class a route, with its SQL in it.</summary>
internal static class ProductsApi
{
    public static HttpRouter CreateRouter() => new HttpRouter()
        .Map(HttpMethods.Get, "/products", ListProducts.HandleAsync)
        .Map(HttpMethods.Get, "/products/{id}", GetProduct.HandleAsync)
        .Map(HttpMethods.Put, "/products/{id}", PutProduct.HandleAsync)
        .Map(HttpMethods.Delete, "/products/{id}", DeleteProduct.HandleAsync)
        .Map(HttpMethods.Post, "/products/{id}/movements", PostMovement.HandleAsync)
        .Map(HttpMethods.Get, "/connection", GetConnection.HandleAsync);
}
