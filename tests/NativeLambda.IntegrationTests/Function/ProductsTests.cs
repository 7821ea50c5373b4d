using System.Text.Json;
using NativeLambda.Http;

namespace NativeLambda.IntegrationTests.Function;

[Collection(ProductsGroup.Name)]
public sealed class ProductsTests(ProductsFixture fixture)
{
    [Fact]
    public async Task A_product_is_created_replaced_read_and_deleted()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string path = $"/products/{ProductsClient.NewId()}";

        HttpResponse created = await client.SendAsync("PUT", path, """{"name":"Chair","price":12.5}""");
        Assert.Equal(201, created.StatusCode);
        Assert.Equal(path, created.Headers["location"]);
        Assert.Equal($$"""{"id":"{{path[10..]}}","name":"Chair","price":12.50,"stock":0}""", ProductsClient.Text(created));

        Assert.Equal(201, (await client.MoveAsync(path[10..], 7)).StatusCode);
        HttpResponse replaced = await client.SendAsync("PUT", path, """{"price":13,"name":"Table"}""");
        Assert.Equal(200, replaced.StatusCode);
        Assert.Null(replaced.Headers["location"]);
        Assert.Equal($$"""{"id":"{{path[10..]}}","name":"Table","price":13.00,"stock":7}""", ProductsClient.Text(replaced));

        HttpResponse read = await client.SendAsync("GET", path);
        Assert.Equal(200, read.StatusCode);
        Assert.Equal("application/json", read.Headers["content-type"]);
        Assert.Equal(ProductsClient.Text(replaced), ProductsClient.Text(read));
        HttpResponse head = await client.SendAsync("HEAD", path);
        Assert.Equal(200, head.StatusCode);
        Assert.True(head.Body.IsEmpty);

        HttpResponse deleted = await client.SendAsync("DELETE", path);
        Assert.Equal(204, deleted.StatusCode);
        Assert.True(deleted.Body.IsEmpty);
        Assert.Equal(404, (await client.SendAsync("DELETE", path)).StatusCode);
        Assert.Equal(404, (await client.SendAsync("GET", path)).StatusCode);
        Assert.Equal(201, (await client.SendAsync("PUT", path, """{"name":"Chair","price":1}""")).StatusCode);
        Assert.Equal(0, await client.StockAsync(path[10..]));
    }

    [Theory]
    [InlineData("0", "0.00")]
    [InlineData("-0.0", "0.00")]
    [InlineData("0.01", "0.01")]
    [InlineData("9999999.99", "9999999.99")]
    [InlineData("1.10000", "1.10")]
    [InlineData("25e-1", "2.50")]
    public async Task A_price_is_kept_exactly(string price, string kept)
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string path = $"/products/{ProductsClient.NewId()}";
        Assert.Equal(201, (await client.SendAsync("PUT", path, $$"""{"name":"a","price":{{price}}}""")).StatusCode);
        Assert.Equal(kept, ProductsClient.Json(await client.SendAsync("GET", path)).GetProperty("price").GetRawText());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("'); DROP TABLE products; --")]
    [InlineData("$1 \\ \" <b>&amp;")]
    [InlineData("日本語 café \u0001\n\t")]
    public async Task A_name_is_kept_exactly(string name)
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string path = $"/products/{ProductsClient.NewId()}";
        string body = $$"""{"name":"{{JsonEncodedText.Encode(name)}}","price":1}""";
        Assert.Equal(201, (await client.SendAsync("PUT", path, body)).StatusCode);
        Assert.Equal(name, ProductsClient.Json(await client.SendAsync("GET", path)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_longest_id_and_name_fit_the_schema()
    {
        await using ProductsClient client = await fixture.ConnectAsync();
        string path = "/products/" + ProductsClient.NewId() + "ABCDEFGHIJKLMNOPQRSTUVWXYZabc-_0";
        string name = string.Concat(Enumerable.Repeat("😀", 200));
        Assert.Equal(201, (await client.SendAsync("PUT", path, $$"""{"name":"{{name}}","price":1}""")).StatusCode);
        Assert.Equal(name, ProductsClient.Json(await client.SendAsync("GET", path)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Of_many_concurrent_puts_of_one_product_exactly_one_creates_it()
    {
        ProductsClient[] clients = await fixture.ConnectAsync(10);
        for (int round = 0; round < 10; round++)
        {
            string path = $"/products/{ProductsClient.NewId()}";
            HttpResponse[] responses = await Task.WhenAll(
                clients.Select((client, i) => client.SendAsync("PUT", path, $$"""{"name":"n{{i}}","price":{{i}}}""").AsTask()));
            Assert.Single(responses, response => response.StatusCode == 201);
            Assert.Equal(9, responses.Count(response => response.StatusCode == 200));
        }

        await DisposeAsync(clients);
    }

    [Fact]
    public async Task Pages_follow_each_other_in_the_order_of_bytes()
    {
        await using ProductsClient client = await ConnectToEmptyTableAsync();
        string[] ids = [.. Enumerable.Range(0, 38).Select(i => $"p{i:00}"), "-", "A", "Z", "_", "a", "0", "zz"];
        foreach (string id in ids)
            Assert.Equal(201, (await client.SendAsync("PUT", $"/products/{id}", """{"name":"a","price":1}""")).StatusCode);
        Array.Sort(ids, StringComparer.Ordinal);

        (string[] first, string? next) = Page(await client.SendAsync("GET", "/products"));
        Assert.Equal(ids[..20], first);
        Assert.Equal(ids[19], next);
        (string[] second, next) = Page(await client.SendAsync("GET", $"/products?after={next}&limit="));
        Assert.Equal(ids[20..40], second);
        (string[] last, next) = Page(await client.SendAsync("GET", $"/products?limit=5&after={next}&unknown=1"));
        Assert.Equal(ids[40..], last);
        Assert.Null(next);
        Assert.Equal(ids, Page(await client.SendAsync("GET", "/products?limit=100")).Ids);

        // A page goes on where it stopped even when the product it stopped at is gone.
        Assert.Equal(204, (await client.SendAsync("DELETE", $"/products/{ids[19]}")).StatusCode);
        Assert.Equal(second, Page(await client.SendAsync("GET", $"/products?after={ids[19]}")).Ids);
    }

    [Fact]
    public async Task An_empty_page_is_an_empty_list()
    {
        await using ProductsClient client = await ConnectToEmptyTableAsync();
        Assert.Equal("""{"items":[],"next":null}""", ProductsClient.Text(await client.SendAsync("GET", "/products?after=zzz")));
    }

    /// <summary>A table of this session's own, that hides the one which other tests fill.</summary>
    private async Task<ProductsClient> ConnectToEmptyTableAsync()
    {
        ProductsClient client = await fixture.ConnectAsync();
        await client.ExecuteAsync("CREATE TEMP TABLE products (LIKE public.products INCLUDING ALL)");
        return client;
    }

    private static (string[] Ids, string? Next) Page(HttpResponse response)
    {
        Assert.Equal(200, response.StatusCode);
        JsonElement page = ProductsClient.Json(response);
        return ([.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!)], page.GetProperty("next").GetString());
    }

    private static async Task DisposeAsync(ProductsClient[] clients)
    {
        foreach (ProductsClient client in clients)
            await client.DisposeAsync();
    }
}
