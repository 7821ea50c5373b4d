using System.Globalization;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Function.Products;

/// <summary><c>GET /products?limit=&amp;after=</c>: a page in the order of ids. An empty parameter counts as absent.</summary>
internal static class ListProducts
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    // Every id is greater than the empty string.
    private const string Sql = "SELECT id, name, price, stock FROM products WHERE id > $1 ORDER BY id LIMIT $2";

    public static async ValueTask<HttpResponse> HandleAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        int limit = Limit(request.Query["limit"]);
        string after = request.Query["after"] is { Length: > 0 } id ? ProductId.Check(id, "after") : "";

        // One more than asked for tells whether there is a next page.
        await using NpgsqlCommand command = Statement.Create(connection, Sql, Statement.Value(after), Statement.Value(limit + 1));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<Product>(limit);
        string? next = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (items.Count == limit)
                next = items[^1].Id;
            else
                items.Add(new Product(reader.GetString(0), reader.GetString(1), reader.GetDecimal(2), reader.GetInt64(3)));
        }

        return HttpResponse.Json(200, new ProductPage(items, next), ProductPage.Write);
    }

    private static int Limit(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return DefaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= MaxLimit
            ? limit
            : throw new HttpProblemException(400, $"The limit must be a whole number from 1 to {MaxLimit}.", "limit");
    }
}
