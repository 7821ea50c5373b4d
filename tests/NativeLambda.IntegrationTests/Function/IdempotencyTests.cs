using NativeLambda.Http;

namespace NativeLambda.IntegrationTests.Function;

[Collection(ProductsGroup.Name)]
public sealed class IdempotencyTests(ProductsFixture fixture)
{
    [Fact]
    public async Task A_repeat_gets_the_first_answer_and_changes_nothing()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync();
        string key = ProductsClient.NewId();
        HttpResponse first = await client.MoveAsync(id, 5, key);
        Assert.Equal(201, first.StatusCode);
        Assert.True(client.Context!.IsIdempotent);
        Assert.Equal(201, (await client.MoveAsync(id, 1)).StatusCode);

        HttpResponse repeat = await client.MoveAsync(id, 5, key);
        Assert.Equal(201, repeat.StatusCode);
        Assert.Equal(ProductsClient.Text(first), ProductsClient.Text(repeat));
        Assert.Equal(6, await client.StockAsync(id));
        await MovementsTests.AssertLedgerAsync(client, id);
    }

    [Fact]
    public async Task A_key_is_for_one_movement_only()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync();
        string other = await client.CreateAsync();
        string key = ProductsClient.NewId();
        Assert.Equal(201, (await client.MoveAsync(id, 5, key)).StatusCode);
        foreach (HttpResponse refused in new[] { await client.MoveAsync(id, 6, key), await client.MoveAsync(other, 5, key), await client.MoveAsync("unknown", 5, key) })
        {
            Assert.Equal(422, refused.StatusCode);
            Assert.Equal("idempotency-key", ProductsClient.Json(refused).GetProperty("field").GetString());
        }

        Assert.Equal(5, await client.StockAsync(id));
        Assert.Equal(0, await client.StockAsync(other));
    }

    [Fact]
    public async Task A_movement_that_was_refused_leaves_its_key_free()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync();
        string key = ProductsClient.NewId();
        Assert.Equal(409, (await client.MoveAsync(id, -1, key)).StatusCode);
        Assert.Equal(201, (await client.MoveAsync(id, 1)).StatusCode);
        Assert.Equal(201, (await client.MoveAsync(id, -1, key)).StatusCode);
        Assert.Equal(0, await client.StockAsync(id));
    }

    [Fact]
    public async Task A_repeat_gets_the_first_answer_even_after_the_product_came_back()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync();
        string key = ProductsClient.NewId();
        string first = ProductsClient.Text(await client.MoveAsync(id, 5, key));
        Assert.Equal(204, (await client.SendAsync("DELETE", $"/products/{id}")).StatusCode);
        Assert.Equal(first, ProductsClient.Text(await client.MoveAsync(id, 5, key)));
        Assert.Equal(201, (await client.SendAsync("PUT", $"/products/{id}", """{"name":"a","price":1}""")).StatusCode);
        Assert.Equal(first, ProductsClient.Text(await client.MoveAsync(id, 5, key)));
        Assert.Equal(0, await client.StockAsync(id));
    }

    [Fact]
    public async Task Keys_are_compared_exactly_and_may_be_anything_visible()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string id = await client.CreateAsync();
        string unique = ProductsClient.NewId();
        string[] keys = ["k" + unique, "K" + unique, "k" + unique + "~", "';--$1\\\"" + unique, unique.PadRight(255, '!')];
        foreach (string key in keys.Concat(keys))
            Assert.Equal(201, (await client.MoveAsync(id, 1, key)).StatusCode);
        Assert.Equal(keys.Length, await client.StockAsync(id));
    }

    [Fact]
    public async Task Ten_connections_with_one_key_make_one_movement_and_get_one_answer()
    {
        ProductsClient[] clients = await fixture.ConnectAsync(10);
        for (int round = 0; round < 20; round++)
        {
            string id = await clients[0].CreateAsync(stock: 1);
            string key = ProductsClient.NewId();
            HttpResponse[] responses = await Task.WhenAll(clients.Select(client => client.MoveAsync(id, -1, key).AsTask()));
            Assert.All(responses, response => Assert.Equal(201, response.StatusCode));
            Assert.Single(responses.Select(ProductsClient.Text).Distinct());
            Assert.Equal(0, await clients[0].StockAsync(id));
            await MovementsTests.AssertLedgerAsync(clients[0], id);
        }

        await DisposeAsync(clients);
    }

    [Fact]
    public async Task Under_a_stricter_isolation_a_collision_is_a_503_that_may_be_sent_again()
    {
        await using ProductsClient holder = await fixture.ConnectAsync();
        ProductsClient[] clients = await fixture.ConnectAsync(2);
        string id = await holder.CreateAsync();
        string key = ProductsClient.NewId();

        // Both take their snapshots while the key is held, so that neither can see the movement of the other.
        await holder.ExecuteAsync($"BEGIN; SELECT FROM pg_advisory_xact_lock(hashtextextended('{key}', 0))");
        var waiting = new List<Task<HttpResponse>>();
        foreach (ProductsClient client in clients)
        {
            await client.ExecuteAsync("SET default_transaction_isolation = 'repeatable read'");
            int pid = await client.QueryAsync<int>("SELECT pg_backend_pid()");
            waiting.Add(client.MoveAsync(id, 1, key).AsTask());
            await holder.WaitUntilBlockedAsync(pid);
        }

        await holder.ExecuteAsync("COMMIT");
        HttpResponse[] responses = await Task.WhenAll(waiting);
        HttpResponse made = Assert.Single(responses, response => response.StatusCode == 201);
        HttpResponse refused = Assert.Single(responses, response => response.StatusCode == 503);
        Assert.Equal("1", refused.Headers["retry-after"]);
        Assert.Equal(ProductsClient.Text(made), ProductsClient.Text(await clients[0].MoveAsync(id, 1, key)));
        Assert.Equal(1, await holder.StockAsync(id));
        await DisposeAsync(clients);
    }

    private static async Task DisposeAsync(ProductsClient[] clients)
    {
        foreach (ProductsClient client in clients)
            await client.DisposeAsync();
    }
}
