using System.Text;
using NativeLambda.Database;
using NativeLambda.Function.Products;
using NativeLambda.Http;
using NativeLambda.Runtime;
using Npgsql;

namespace NativeLambda.Tests.Function;

public sealed class GetConnectionTests
{
    [Theory]
    [InlineData("None", "none")]
    [InlineData("Socket", "socket")]
    [InlineData("Ping", "ping")]
    [InlineData("Reopened", "reopened")]
    public async Task The_facts_are_written_under_their_names(string check, string name)
    {
        var facts = new ConnectionFacts
        {
            BackendPid = 4711,
            OpenedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
            Opens = 2,
            Invocations = 12,
            ReusedFor = 3,
            Gap = TimeSpan.FromMicroseconds(1500),
            Check = Enum.Parse<ConnectionCheck>(check),
            OpenDuration = TimeSpan.FromMilliseconds(9),
            InitDuration = TimeSpan.FromMilliseconds(21),
        };
        var context = new InvocationContext(new Invocation { RequestId = "1", DeadlineUnixMs = 0 }, facts, TimeProvider.System);
        await using var closed = new NpgsqlConnection();

        HttpResponse response = await ProductsApi.CreateRouter().HandleAsync(new HttpRequest { Path = "/connection" }, closed, context, CancellationToken.None);

        Assert.Equal(200, response.StatusCode);
        Assert.Equal("no-store", response.Headers["cache-control"]);
        Assert.Equal(
            $$"""{"backendPid":4711,"openedAt":"2026-01-02T03:04:05.678+00:00","opens":2,"invocations":12,"reusedFor":3,"gapMs":1.5,"check":"{{name}}","openMs":9,"initMs":21}""",
            Encoding.UTF8.GetString(response.Body.Span));
    }
}
