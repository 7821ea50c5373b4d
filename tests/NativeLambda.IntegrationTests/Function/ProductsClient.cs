using System.Text;
using System.Text.Json;
using NativeLambda.Function.Products;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.IntegrationTests.Function;

/// <summary>Calls the handlers in process, on one connection.</summary>
internal sealed class ProductsClient(NpgsqlConnection connection) : IAsyncDisposable
{
    private readonly HttpRouter _router = ProductsApi.CreateRouter();

    /// <summary>The context of the last request.</summary>
    public InvocationContext? Context { get; private set; }

    public static string NewId() => Guid.NewGuid().ToString("N");

    public static JsonElement Json(HttpResponse response) => JsonElement.Parse(response.Body.Span);

    public static string Text(HttpResponse response) => Encoding.UTF8.GetString(response.Body.Span);

    public ValueTask<HttpResponse> SendAsync(
        string method, string target, string body = "", string? key = null, CancellationToken cancellationToken = default)
    {
        int question = target.IndexOf('?', StringComparison.Ordinal);
        var headers = new HttpHeaders { ["content-type"] = "application/json" };
        if (key is not null)
            headers["idempotency-key"] = key;
        var request = new HttpRequest
        {
            Method = method,
            Path = question < 0 ? target : target[..question],
            RawQueryString = question < 0 ? "" : target[(question + 1)..],
            Headers = headers,
            Body = Encoding.UTF8.GetBytes(body),
        };
        Context = new InvocationContext(new Invocation { RequestId = "1", DeadlineUnixMs = 0 }, default, TimeProvider.System);
        return _router.HandleAsync(request, connection, Context, cancellationToken);
    }

    /// <summary>Puts a product and gives it a stock.</summary>
    public async Task<string> CreateAsync(int stock = 0)
    {
        string id = NewId();
        Assert.Equal(201, (await SendAsync("PUT", $"/products/{id}", """{"name":"a","price":1}""")).StatusCode);
        if (stock > 0)
            Assert.Equal(201, (await MoveAsync(id, stock)).StatusCode);
        return id;
    }

    public ValueTask<HttpResponse> MoveAsync(string id, int quantity, string? key = null, CancellationToken cancellationToken = default) =>
        SendAsync("POST", $"/products/{id}/movements", $$"""{"quantity":{{quantity}}}""", key, cancellationToken);

    public async Task<long> StockAsync(string id) => Json(await SendAsync("GET", $"/products/{id}")).GetProperty("stock").GetInt64();

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until a backend waits for a lock; the server ends the wait after 30 s.</summary>
    public Task WaitUntilBlockedAsync(int pid) => ExecuteAsync($"""
        DO $$ BEGIN
            FOR i IN 1..6000 LOOP
                IF EXISTS (SELECT FROM pg_locks WHERE pid = {pid} AND NOT granted) THEN RETURN; END IF;
                PERFORM pg_sleep(0.005);
            END LOOP;
            RAISE 'backend {pid} did not wait for a lock';
        END $$
        """);

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
