using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.APIGatewayEvents;
using Npgsql;

namespace NativeLambda.Peers;

/// <summary>The two routes, on one connection that stays open.</summary>
internal sealed class Products(NpgsqlConnection connection)
{
    private const int PageSize = 20;
    private const string Path = "/products";

    public async Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request)
    {
        if (connection.State != System.Data.ConnectionState.Open)
        {
            await connection.CloseAsync();
            await connection.OpenAsync();
        }

        if (request.RequestContext.Http.Method == "GET")
        {
            if (request.RawPath == Path)
                return await ListAsync();
            if (request.RawPath.StartsWith(Path + "/", StringComparison.Ordinal)
                && request.RawPath[(Path.Length + 1)..] is { Length: > 0 } segment && !segment.Contains('/'))
            {
                return await FindAsync(Uri.UnescapeDataString(segment));
            }
        }

        return NotFound("There is nothing at this path.", null);
    }

    private async Task<APIGatewayHttpApiV2ProxyResponse> FindAsync(string id)
    {
        if (id.Length is < 1 or > 64 || !id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            return Answer(
                400,
                new Problem("Bad Request", 400, "The id must be 1 to 64 characters out of A-Z, a-z, 0-9, '_' and '-'.") { Field = "id" },
                PeerJson.Default.Problem);
        }

        await using var command = new NpgsqlCommand("SELECT name, price, stock FROM products WHERE id = $1", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = id } },
        };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync()
            ? Answer(200, new Product(id, reader.GetString(0), reader.GetDecimal(1), reader.GetInt64(2)), PeerJson.Default.Product)
            : NotFound("There is no product with this id.", "id");
    }

    private async Task<APIGatewayHttpApiV2ProxyResponse> ListAsync()
    {
        await using var command = new NpgsqlCommand("SELECT id, name, price, stock FROM products WHERE id > $1 ORDER BY id LIMIT $2", connection)
        {
            // One more than asked for tells whether there is a next page.
            Parameters = { new NpgsqlParameter<string> { TypedValue = "" }, new NpgsqlParameter<int> { TypedValue = PageSize + 1 } },
        };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var items = new List<Product>(PageSize);
        string? next = null;
        while (await reader.ReadAsync())
        {
            if (items.Count == PageSize)
                next = items[^1].Id;
            else
                items.Add(new Product(reader.GetString(0), reader.GetString(1), reader.GetDecimal(2), reader.GetInt64(3)));
        }

        return Answer(200, new ProductPage(items, next), PeerJson.Default.ProductPage);
    }

    private static APIGatewayHttpApiV2ProxyResponse NotFound(string detail, string? field) =>
        Answer(404, new Problem("Not Found", 404, detail) { Field = field }, PeerJson.Default.Problem);

    private static APIGatewayHttpApiV2ProxyResponse Answer<T>(int status, T body, JsonTypeInfo<T> type) => new()
    {
        StatusCode = status,
        Headers = new Dictionary<string, string> { ["content-type"] = status == 200 ? "application/json" : "application/problem+json" },
        Body = JsonSerializer.Serialize(body, type),
        IsBase64Encoded = false,
    };
}
