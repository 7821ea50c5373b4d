using System.Text;
using NativeLambda.Benchmarks;
using NativeLambda.Benchmarks.Measuring;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>The requests of runtimes in many languages, in whatever pieces they come.</summary>
public sealed class RequestReaderTests
{
    private const string Next = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: 127.0.0.1:9001\r\n\r\n";
    private const string Response =
        "POST /2018-06-01/runtime/invocation/8476a536/response HTTP/1.1\r\nHost: runtime\r\nCONTENT-length:  12 \r\n\r\n{\"body\":\"é\"}";
    private const string Chunked =
        "POST /2018-06-01/runtime/invocation/8476a536/response HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: runtime\r\n\r\n5\r\nhello\r\nA\r\n, chunked!\r\n0\r\n\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Requests_are_the_same_whatever_the_pieces(int size)
    {
        byte[] all = Encoding.UTF8.GetBytes(Response.Replace("12 ", "13 ", StringComparison.Ordinal) + Next + Chunked + Next);
        var reader = new RequestReader();
        var requests = new List<(RuntimeRoute, string)>();
        foreach (byte[] piece in all.Chunk(size))
        {
            piece.CopyTo(reader.Free); // its buffer holds them all
            reader.Advance(piece.Length);
            while (reader.TryTake(receivedAt: 1) is { } request) requests.Add((request.Route, Encoding.UTF8.GetString(request.Body)));
        }

        Assert.Equal(
            [(RuntimeRoute.Response, "{\"body\":\"é\"}"), (RuntimeRoute.Next, ""), (RuntimeRoute.Response, "hello, chunked!"), (RuntimeRoute.Next, "")],
            requests);
    }

    [Theory]
    [InlineData("GET /2018-06-01/runtime/invocation/next HTTP/1.1", nameof(RuntimeRoute.Next))]
    [InlineData("POST /2018-06-01/runtime/invocation/a/error HTTP/1.1", nameof(RuntimeRoute.InvocationError))]
    [InlineData("POST /2018-06-01/runtime/init/error HTTP/1.1", nameof(RuntimeRoute.InitError))]
    [InlineData("POST /2020-01-01/extension/register HTTP/1.1", nameof(RuntimeRoute.RegisterExtension))]
    [InlineData("GET /2020-01-01/extension/event/next HTTP/1.1", nameof(RuntimeRoute.NextExtensionEvent))]
    [InlineData("GET / HTTP/1.1", nameof(RuntimeRoute.Unknown))]
    public void Routes_are_known(string line, string route) => Assert.Equal(route, Read($"{line}\r\nHost: runtime\r\n\r\n")?.Route.ToString());

    [Fact]
    public void A_body_larger_than_the_buffer_makes_it_grow()
    {
        string body = new('x', 100_000);

        Assert.Equal(body, Encoding.UTF8.GetString(Read($"POST /response HTTP/1.1\r\nContent-Length: {body.Length}\r\n\r\n{body}")!.Body));
    }

    [Fact]
    public void A_chunk_without_a_length_is_refused() =>
        Assert.Throws<BenchmarkException>(() => Read("POST /response HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));

    private static RuntimeRequest? Read(string text)
    {
        var reader = new RequestReader();
        ReadOnlySpan<byte> left = Encoding.UTF8.GetBytes(text);
        while (!left.IsEmpty)
        {
            Span<byte> free = reader.Free;
            int count = Math.Min(free.Length, left.Length);
            left[..count].CopyTo(free);
            reader.Advance(count);
            left = left[count..];
        }

        return reader.TryTake(receivedAt: 1);
    }
}
