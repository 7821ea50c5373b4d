using System.Text;
using System.Text.Json;
using CsCheck;
using NativeLambda.Function.Products;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Tests.Function;

/// <summary>What is refused before the database is asked: the connection is closed, so that asking it would throw.</summary>
public sealed class ProductsLimitsTests
{
    private static readonly string Long = new('x', 201);

    public static TheoryData<string, string> BadProducts => new()
    {
        { "", "body" },
        { " ", "body" },
        { "{", "body" },
        { "{}x", "body" },
        { "{\"name\":\"a\",\"price\":1}{}", "body" },
        { "{\"name\":\"a\",\"price\":1,}", "body" },
        { "[]", "body" },
        { "null", "body" },
        { "\"x\"", "body" },
        { "{}", "name" },
        { "{\"price\":1}", "name" },
        { "{\"name\":\"a\"}", "price" },
        { "{\"name\":null,\"price\":1}", "name" },
        { "{\"name\":1,\"price\":1}", "name" },
        { "{\"name\":{},\"price\":1}", "name" },
        { "{\"name\":\"\",\"price\":1}", "name" },
        { $"{{\"name\":\"{Long}\",\"price\":1}}", "name" },
        { "{\"name\":\"a\\u0000b\",\"price\":1}", "name" },
        { "{\"name\":\"\\ud800\",\"price\":1}", "name" },
        { "{\"\\ud800\":1}", "body" },
        { "{\"name\":\"a\",\"price\":\"1\"}", "price" },
        { "{\"name\":\"a\",\"price\":null}", "price" },
        { "{\"name\":\"a\",\"price\":-0.01}", "price" },
        { "{\"name\":\"a\",\"price\":1.001}", "price" },
        { "{\"name\":\"a\",\"price\":10000000}", "price" },
        { "{\"name\":\"a\",\"price\":NaN}", "body" },
        { "{\"name\":\"a\",\"name\":\"b\",\"price\":1}", "name" },
        { "{\"name\":\"a\",\"price\":1,\"colour\":\"red\"}", "colour" },
        { "{\"Name\":\"a\",\"price\":1}", "Name" },
        { new string('[', 100_000), "body" },
    };

    public static TheoryData<string, string> BadMovements => new()
    {
        { "", "body" },
        { "{}", "quantity" },
        { "{\"quantity\":0}", "quantity" },
        { "{\"quantity\":1.5}", "quantity" },
        { "{\"quantity\":1e3}", "quantity" },
        { "{\"quantity\":\"1\"}", "quantity" },
        { "{\"quantity\":1000001}", "quantity" },
        { "{\"quantity\":-1000001}", "quantity" },
        { "{\"quantity\":99999999999999999999}", "quantity" },
        { "{\"quantity\":true}", "quantity" },
        { "{\"quantity\":1,\"quantity\":1}", "quantity" },
        { "{\"quantity\":1,\"stock\":1}", "stock" },
    };

    [Theory]
    [MemberData(nameof(BadProducts))]
    public async Task A_bad_product_is_a_400_that_names_the_field(string body, string field) =>
        AssertProblem(await Send("PUT", "/products/p", body), 400, field);

    [Theory]
    [MemberData(nameof(BadMovements))]
    public async Task A_bad_movement_is_a_400_that_names_the_field(string body, string field) =>
        AssertProblem(await Send("POST", "/products/p/movements", body), 400, field);

    [Theory]
    [InlineData("a b")]
    [InlineData("a%20b")]
    [InlineData("a%2Fb")]
    [InlineData("caf%C3%A9")]
    [InlineData("a%00")]
    [InlineData("a.b")]
    [InlineData("'; DROP TABLE products; --")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task A_bad_id_is_a_400_on_every_route(string id)
    {
        foreach (string method in new[] { "GET", "HEAD", "PUT", "DELETE" })
        {
            HttpResponse response = await Send(method, "/products/" + id, "{\"name\":\"a\",\"price\":1}");
            Assert.Equal(400, response.StatusCode);
            if (method != "HEAD")
                AssertProblem(response, 400, "id");
        }

        AssertProblem(await Send("POST", $"/products/{id}/movements", "{\"quantity\":1}"), 400, "id");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=+1", "limit")]
    [InlineData("limit=1.0", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("after=a%20b", "after")]
    [InlineData("after=%00", "after")]
    public async Task A_bad_query_is_a_400_that_names_the_parameter(string query, string field) =>
        AssertProblem(await Send(new HttpRequest { Path = "/products", RawQueryString = query }), 400, field);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a\tb")]
    public async Task A_bad_idempotency_key_is_a_400(string key) => AssertProblem(await SendMovement(key), 400, "idempotency-key");

    [Fact]
    public async Task A_too_long_idempotency_key_is_a_400() => AssertProblem(await SendMovement(new string('k', 256)), 400, "idempotency-key");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonp")]
    [InlineData("")]
    public async Task Another_content_type_is_a_415(string contentType) =>
        AssertProblem(await Send(Put("{\"name\":\"a\",\"price\":1}", new HttpHeaders { ["Content-Type"] = contentType })), 415, "content-type");

    [Fact]
    public async Task A_content_encoding_is_a_415() =>
        AssertProblem(await Send(Put("x", new HttpHeaders { ["Content-Encoding"] = "gzip" })), 415, "content-type");

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=UTF-8")]
    [InlineData("application/json;charset=\"utf-8\"; x=y")]
    [InlineData(null)]
    public async Task Json_by_any_name_is_read(string? contentType)
    {
        HttpHeaders headers = contentType is null ? [] : new HttpHeaders { ["content-type"] = contentType };
        AssertProblem(await Send(Put("{\"name\":\"a\"}", headers)), 400, "price");
    }

    [Fact]
    public async Task A_body_over_1_MiB_is_a_413_and_one_of_1_MiB_is_read()
    {
        string body = "{\"name\":\"" + new string('x', (1024 * 1024) - 11) + "\"}";
        AssertProblem(await Send("PUT", "/products/p", body), 400, "name");
        AssertProblem(await Send("PUT", "/products/p", body + " "), 413, "body");
    }

    [Fact]
    public async Task A_body_that_is_not_utf8_is_a_400() =>
        AssertProblem(await Send(new HttpRequest { Method = "PUT", Path = "/products/p", Body = new byte[] { (byte)'{', 0xff } }), 400, "body");

    [Fact]
    public async Task A_name_of_200_characters_is_long_enough_whatever_their_encoding()
    {
        string allowed = string.Concat(Enumerable.Repeat("😀", 200));
        AssertProblem(await Send("PUT", "/products/p", $"{{\"name\":\"{allowed}\"}}"), 400, "price");
        AssertProblem(await Send("PUT", "/products/p", $"{{\"name\":\"{allowed}x\"}}"), 400, "name");
    }

    [Fact]
    public void A_mutated_body_is_a_4xx_or_reaches_the_database()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"name":"caf\u00e9 😀","price":12.50}""");
        Gen.Select(Gen.Int[0, body.Length - 1], Gen.Byte).Array[1, 4].Sample(edits =>
        {
            byte[] mutated = [.. body];
            foreach ((int index, byte value) in edits)
                mutated[index] = value;
            try
            {
                HttpResponse response = Send(new HttpRequest { Method = "PUT", Path = "/products/p", Body = mutated }).AsTask().GetAwaiter().GetResult();
                Assert.Equal(400, response.StatusCode);
            }
            catch (InvalidOperationException e)
            {
                // Npgsql's word for a command on a connection that is not open.
                Assert.Contains("Connection is not open", e.Message, StringComparison.Ordinal);
            }
        }, iter: 20_000);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/products/", 404)]
    [InlineData("POST", "/products", 405)]
    [InlineData("DELETE", "/connection", 405)]
    [InlineData("GET", "/products/p/movements", 405)]
    [InlineData("PATCH", "/products/p", 405)]
    public async Task An_unknown_route_is_a_404_or_405(string method, string path, int status) =>
        Assert.Equal(status, (await Send(method, path, "{}")).StatusCode);

    private static HttpRequest Put(string body, HttpHeaders headers) =>
        new() { Method = "PUT", Path = "/products/p", Headers = headers, Body = Encoding.UTF8.GetBytes(body) };

    private static ValueTask<HttpResponse> SendMovement(string key) => Send(new HttpRequest
    {
        Method = "POST",
        Path = "/products/p/movements",
        Headers = new HttpHeaders { ["Idempotency-Key"] = key },
        Body = "{\"quantity\":1}"u8.ToArray(),
    });

    private static ValueTask<HttpResponse> Send(string method, string path, string body) =>
        Send(new HttpRequest { Method = method, Path = path, Body = Encoding.UTF8.GetBytes(body) });

    private static async ValueTask<HttpResponse> Send(HttpRequest request)
    {
        await using var closed = new NpgsqlConnection();
        var context = new InvocationContext(new Invocation { RequestId = "1", DeadlineUnixMs = 0 }, default, TimeProvider.System);
        return await ProductsApi.CreateRouter().HandleAsync(request, closed, context, CancellationToken.None);
    }

    private static void AssertProblem(HttpResponse response, int status, string field)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Headers["content-type"]);
        JsonElement problem = JsonElement.Parse(response.Body.Span);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }
}
