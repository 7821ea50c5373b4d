using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Function.Products;

/// <summary><c>DELETE /products/{id}</c>: 204 or 404. The product's movements go with it; answers to keys are kept.</summary>
internal static class DeleteProduct
{
    private const string Sql = "DELETE FROM products WHERE id = $1";

    public static async ValueTask<HttpResponse> HandleAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Statement.Create(connection, Sql, Statement.Value(ProductId.From(request)));
        int deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        return deleted == 1 ? HttpResponse.NoContent() : throw GetProduct.Unknown();
    }
}
