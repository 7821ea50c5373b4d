using System.Text;
using NativeLambda.Http;
using Npgsql;

namespace Company.Function.Tests;

public sealed class NotesApiTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_note_that_was_put_is_there()
    {
        Assert.Equal(200, (await database.SendAsync(Put("/notes/a%20b", """{"text":"first"}"""))).StatusCode);
        Assert.Equal(200, (await database.SendAsync(Put("/notes/a%20b", """{"text":"second"}"""))).StatusCode);

        HttpResponse response = await database.SendAsync(new HttpRequest { Path = "/notes/a%20b" });

        Assert.Equal(200, response.StatusCode);
        Assert.Equal("""{"id":"a b","text":"second"}""", Encoding.UTF8.GetString(response.Body.Span));
    }

    [Fact]
    public async Task One_that_was_not_is_not_found() =>
        Assert.Equal(404, (await database.SendAsync(new HttpRequest { Path = "/notes/none" })).StatusCode);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"text":1}""")]
    public async Task A_body_without_a_text_is_refused_before_the_database_is_asked(string body)
    {
        await using var closed = new NpgsqlConnection();
        HttpResponse response = await NotesApi.CreateRouter().HandleAsync(
            Put("/notes/a", body), closed, TestDatabase.CreateContext(), TestContext.Current.CancellationToken);
        Assert.Equal(400, response.StatusCode);
    }

    private static HttpRequest Put(string path, string body) =>
        new() { Method = HttpMethods.Put, Path = path, Body = Encoding.UTF8.GetBytes(body) };
}
