using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Function.Products;

/// <summary><c>GET /products/{id}</c>: 200 or 404.</summary>
internal static class GetProduct
{
    private const string Sql = "SELECT name, price, stock FROM products WHERE id = $1";

    public static async ValueTask<HttpResponse> HandleAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        string id = ProductId.From(request);
        await using NpgsqlCommand command = Statement.Create(connection, Sql, Statement.Value(id));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            throw Unknown();
        var product = new Product(id, reader.GetString(0), reader.GetDecimal(1), reader.GetInt64(2));
        return HttpResponse.Json(200, product, Product.Write);
    }

    public static HttpProblemException Unknown() => new(404, "There is no product with this id.", "id");
}
