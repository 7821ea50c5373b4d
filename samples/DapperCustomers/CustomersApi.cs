using System.Text.Json;
using Dapper;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

// All of Dapper's calls in this assembly are replaced by generated code: Dapper itself makes its code at run time, which Native AOT cannot.
[module: DapperAot]

namespace NativeLambda.Samples.DapperCustomers;

/// <summary>Customers, by Dapper on the live connection.</summary>
/// <remarks>Dapper.AOT takes a token among the parameters, and hands it to the command: the deadline cancels the statement.</remarks>
internal static class CustomersApi
{
    public static HttpRouter CreateRouter() => new HttpRouter()
        .Map(HttpMethods.Get, "/customers", ListAsync)
        .Map(HttpMethods.Get, "/customers/{id}", GetAsync)
        .Map(HttpMethods.Put, "/customers/{id}", PutAsync);

    private static async ValueTask<HttpResponse> ListAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        IEnumerable<Customer> customers = await connection.QueryAsync<Customer>("SELECT id, name, credit FROM customers ORDER BY id LIMIT 100", new { cancellationToken });
        return HttpResponse.Json(200, [.. customers], CustomersJson.Default.IReadOnlyListCustomer);
    }

    private static async ValueTask<HttpResponse> GetAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        string id = request.RouteParameters["id"];
        Customer customer = await connection.QuerySingleOrDefaultAsync<Customer>("SELECT id, name, credit FROM customers WHERE id = @id", new { id, cancellationToken })
            ?? throw new HttpProblemException(404, "There is no customer with this id.", "id");
        return HttpResponse.Json(200, customer, CustomersJson.Default.Customer);
    }

    private static async ValueTask<HttpResponse> PutAsync(
        HttpRequest request, NpgsqlConnection connection, InvocationContext context, CancellationToken cancellationToken)
    {
        CustomerBody body = Read(request);
        var customer = new Customer { Id = request.RouteParameters["id"], Name = body.Name, Credit = body.Credit };
        (string id, string name, decimal credit) = (customer.Id, customer.Name, customer.Credit);
        await connection.ExecuteAsync(
            """
            INSERT INTO customers (id, name, credit) VALUES (@id, @name, @credit)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, credit = excluded.credit
            """,
            new { id, name, credit, cancellationToken });
        return HttpResponse.Json(200, customer, CustomersJson.Default.Customer);
    }

    private static CustomerBody Read(HttpRequest request)
    {
        try
        {
            return JsonSerializer.Deserialize(request.Body.Span, CustomersJson.Default.CustomerBody)
                ?? throw new HttpProblemException(400, "The body must be an object with name and credit.");
        }
        catch (JsonException malformed)
        {
            throw new HttpProblemException(400, $"The body must be an object with name and credit: {malformed.Message}");
        }
    }
}
