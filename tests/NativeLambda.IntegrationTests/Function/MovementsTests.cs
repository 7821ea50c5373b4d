using NativeLambda.Http;

namespace NativeLambda.IntegrationTests.Function;

[Collection(ProductsGroup.Name)]
public sealed class MovementsTests(ProductsFixture fixture)
{
    [Fact]
    public async Task A_movement_answers_with_the_stock_after_it()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync();
        HttpResponse arrived = await client.MoveAsync(id, 5);
        Assert.Equal(201, arrived.StatusCode);
        long movement = ProductsClient.Json(arrived).GetProperty("id").GetInt64();
        Assert.Equal($$"""{"id":{{movement}},"productId":"{{id}}","quantity":5,"stock":5}""", ProductsClient.Text(arrived));
        Assert.Equal(3, ProductsClient.Json(await client.MoveAsync(id, -2)).GetProperty("stock").GetInt64());
        Assert.False(client.Context!.IsIdempotent);
        Assert.Equal(3, await client.StockAsync(id));
        await AssertLedgerAsync(client, id);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(1)]
    public async Task The_largest_and_the_smallest_movement_are_made(int quantity)
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync();
        Assert.Equal(201, (await client.MoveAsync(id, quantity)).StatusCode);
        Assert.Equal(201, (await client.MoveAsync(id, -quantity)).StatusCode);
        Assert.Equal(0, await client.StockAsync(id));
    }

    [Fact]
    public async Task A_stock_never_falls_below_0()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync(stock: 3);
        HttpResponse refused = await client.MoveAsync(id, -4);
        Assert.Equal(409, refused.StatusCode);
        Assert.Equal("quantity", ProductsClient.Json(refused).GetProperty("field").GetString());
        Assert.Equal(3, await client.StockAsync(id));
        await AssertLedgerAsync(client, id);
    }

    [Fact]
    public async Task A_movement_of_an_unknown_product_is_a_404()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        Assert.Equal(404, (await client.MoveAsync(ProductsClient.NewId(), 1)).StatusCode);
        Assert.Equal(404, (await client.MoveAsync(ProductsClient.NewId(), 1, ProductsClient.NewId())).StatusCode);
    }

    [Fact]
    public async Task Movement_stock_and_key_are_written_in_one_transaction()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync();
        string key = ProductsClient.NewId();
        Assert.Equal(201, (await client.MoveAsync(id, 1, key)).StatusCode);
        Assert.Equal(1, await client.QueryAsync<long>($"""
            SELECT count(*) FROM products p JOIN movements m ON m.product_id = p.id JOIN idempotency_keys k ON k.movement_id = m.id
            WHERE p.id = '{id}' AND k.key = '{key}' AND p.xmin = m.xmin AND m.xmin = k.xmin
            """));
    }

    [Fact]
    public async Task Twenty_connections_take_exactly_what_is_there()
    {
        ProductsClient[] clients = await fixture.ConnectAsync(20);
        string id = await clients[0].CreateAsync(stock: 100);
        HttpResponse[][] responses = await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            var answers = new HttpResponse[10];
            for (int i = 0; i < answers.Length; i++)
                answers[i] = await client.MoveAsync(id, -1, i % 2 == 0 ? null : ProductsClient.NewId());
            return answers;
        })));

        HttpResponse[] all = [.. responses.SelectMany(answers => answers)];
        Assert.Equal(100, all.Count(response => response.StatusCode == 409));
        long[] stocks = [.. all.Where(response => response.StatusCode == 201).Select(response => ProductsClient.Json(response).GetProperty("stock").GetInt64()).Order()];
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), stocks);
        Assert.Equal(0, await clients[0].StockAsync(id));
        await AssertLedgerAsync(clients[0], id);
        await DisposeAsync(clients);
    }

    [Fact]
    public async Task Movements_and_deletes_at_once_are_never_an_error()
    {
        ProductsClient[] clients = await fixture.ConnectAsync(6);
        for (int round = 0; round < 30; round++)
        {
            string id = await clients[0].CreateAsync();
            int[] statuses = await Task.WhenAll(clients.Select(async (client, i) => i == 0
                ? (await client.SendAsync("DELETE", $"/products/{id}")).StatusCode
                : (await client.MoveAsync(id, 1, i % 2 == 0 ? null : ProductsClient.NewId())).StatusCode));
            Assert.Equal(204, statuses[0]);

            // Whether it was there is seen before, whether it still is at the update: 409 is what lies between.
            Assert.All(statuses[1..], status => Assert.Contains(status, new[] { 201, 404, 409 }));
            Assert.Equal(0, await clients[0].QueryAsync<long>($"SELECT count(*) FROM movements WHERE product_id = '{id}'"));
        }

        await DisposeAsync(clients);
    }

    [Fact]
    public async Task A_movement_that_is_cancelled_leaves_nothing()
    {
        await using ProductsClient holder = await fixture.ConnectAsync();
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync(stock: 5);
        string key = ProductsClient.NewId();
        int pid = await client.QueryAsync<int>("SELECT pg_backend_pid()");
        await holder.ExecuteAsync($"BEGIN; UPDATE products SET name = 'held' WHERE id = '{id}'");
        using var cancellation = new CancellationTokenSource();
        Task<HttpResponse> waiting = client.MoveAsync(id, -1, key, cancellation.Token).AsTask();
        await holder.WaitUntilBlockedAsync(pid);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await holder.ExecuteAsync("ROLLBACK");

        Assert.Equal(5, await client.StockAsync(id));
        Assert.Equal(0, await client.QueryAsync<long>($"SELECT count(*) FROM idempotency_keys WHERE key = '{key}'"));
        Assert.Equal(201, (await client.MoveAsync(id, -1, key)).StatusCode);
        await AssertLedgerAsync(client, id);
    }

    internal static async Task AssertLedgerAsync(ProductsClient client, string id) =>
        Assert.Equal(await client.StockAsync(id), await client.QueryAsync<long>($"SELECT coalesce(sum(quantity), 0)::bigint FROM movements WHERE product_id = '{id}'"));

    private static async Task DisposeAsync(ProductsClient[] clients)
    {
        foreach (ProductsClient client in clients)
            await client.DisposeAsync();
    }
}
