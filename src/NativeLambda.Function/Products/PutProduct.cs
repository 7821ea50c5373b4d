using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Function.Products;

/// <summary><c>PUT /products/{id}</c>: 201 when the product is new, 200 when it was replaced; its stock stays.</summary>
internal static class PutProduct
{
    // Only a row version that was inserted has no xmax: an update leaves there the lock that ON CONFLICT took. A test watches it.
    private const string Sql = """
        INSERT INTO products (id, name, price) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, price = excluded.price
        RETURNING price, stock, xmax = 0
        """;

    public static async ValueTask<HttpResponse> HandleAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        string id = ProductId.From(request);
        ProductBody body = ProductBody.Read(request);
        await using NpgsqlCommand command = Statement.Create(
            connection, Sql, Statement.Value(id), Statement.Value(body.Name), Statement.Value(body.Price));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var product = new Product(id, body.Name, reader.GetDecimal(0), reader.GetInt64(1));
        return reader.GetBoolean(2)
            ? HttpResponse.Json(201, product, Product.Write).WithHeader("location", $"/products/{id}")
            : HttpResponse.Json(200, product, Product.Write);
    }
}
