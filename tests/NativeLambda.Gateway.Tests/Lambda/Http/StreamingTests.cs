using System.IO.Pipelines;
using System.Text;
using NativeLambda.Gateway.Lambda;
using static NativeLambda.Gateway.Tests.Lambda.EventStream.EventStreamWriter;
using static NativeLambda.Gateway.Tests.Lambda.Http.ClientBench;

namespace NativeLambda.Gateway.Tests.Lambda.Http;

public sealed class StreamingTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nx-amzn-RequestId: r-3\r\nX-Amzn-Remapped-Content-Type: application/vnd.awslambda.http-integration-response\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_is_read_while_it_comes_and_its_connection_used_again()
    {
        var next = new SemaphoreSlim(0);
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            await WriteAsync(stream, Encoding.Latin1.GetBytes(Head), cancellation, raw: true);
            await WriteAsync(stream, Chunk("first"), cancellation);
            await next.WaitAsync(cancellation);
            await WriteAsync(stream, [.. Chunk("second"), .. Complete()], cancellation);
            await WriteAsync(stream, "0\r\n\r\n"u8.ToArray(), cancellation, raw: true);
            return true;
        });
        using LambdaClient client = Connect(server);
        for (int call = 0; call < 3; call++)
        {
            await using LambdaResponseStream stream = await client.InvokeStreamingAsync(Call(), Cancellation);
            Assert.Equal(("r-3", "application/vnd.awslambda.http-integration-response"), (stream.RequestId, stream.ContentType));
            ReadResult read = await stream.Body.ReadAsync(Cancellation);
            Assert.Equal("first", Encoding.UTF8.GetString(read.Buffer));
            stream.Body.AdvanceTo(read.Buffer.End);
            next.Release();
            read = await stream.Body.ReadAtLeastAsync(6, Cancellation);
            Assert.Equal("second", Encoding.UTF8.GetString(read.Buffer));
            stream.Body.AdvanceTo(read.Buffer.End);
            Assert.True((await stream.Body.ReadAsync(Cancellation)).IsCompleted);
        }
        Assert.Equal(1, server.Connections);
        Assert.All(server.Requests, static request => Assert.Equal("/2021-11-15/functions/products/response-streaming-invocations", request.Target));
    }

    [Fact]
    public async Task A_reader_that_stops_stops_the_sender_and_one_that_leaves_ends_the_connection()
    {
        long sent = 0;
        var gone = new TaskCompletionSource();
        byte[] chunk = Chunk(new string('x', 60_000));
        await using var server = new ScriptedServer(async (_, stream, cancellation) =>
        {
            try
            {
                await WriteAsync(stream, Encoding.Latin1.GetBytes(Head), cancellation, raw: true);
                while (true)
                {
                    await WriteAsync(stream, chunk, cancellation);
                    Interlocked.Add(ref sent, chunk.Length);
                }
            }
            catch (IOException)
            {
                gone.SetResult();
                return false;
            }
        });
        using LambdaClient client = Connect(server);
        await using (LambdaResponseStream stream = await client.InvokeStreamingAsync(Call(), Cancellation))
        {
            ReadResult read = await stream.Body.ReadAsync(Cancellation);
            stream.Body.AdvanceTo(read.Buffer.End);
            // The sender stands still once the sockets' buffers are full: its figure is the same twice, a tenth of a second apart.
            long before;
            do
            {
                before = Interlocked.Read(ref sent);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
            }
            while (before != Interlocked.Read(ref sent) || before == 0);
            Assert.InRange(before, 1, 64 * 1024 * 1024);
        }
        await gone.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_is_told()
    {
        await using ScriptedServer server = ScriptedServer.Once([.. Encoding.Latin1.GetBytes(Head + "5\r\n"), .. Chunk("a")[..5]]);
        using LambdaClient client = Connect(server);
        await using LambdaResponseStream stream = await client.InvokeStreamingAsync(Call(), Cancellation);
        LambdaStreamException broken = await Assert.ThrowsAsync<LambdaStreamException>(async () => await stream.Body.ReadAsync(Cancellation));
        Assert.Equal(LambdaStreamException.Broken, broken.ErrorType);
    }

    [Fact]
    public async Task An_answer_that_is_no_event_stream_is_unreachable()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(200, "{}", "Content-Type: application/json"));
        using LambdaClient client = Connect(server);
        await Assert.ThrowsAsync<LambdaUnreachableException>(() => client.InvokeStreamingAsync(Call(), Cancellation));
    }

    [Fact]
    public async Task A_refusal_before_the_stream_is_a_refusal()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedServer.Response(429, "{}", "x-amzn-ErrorType: TooManyRequestsException"));
        using LambdaClient client = Connect(server);
        Assert.Equal(429, (await Assert.ThrowsAsync<LambdaRefusedException>(() => client.InvokeStreamingAsync(Call(), Cancellation))).StatusCode);
    }

    private static async Task WriteAsync(Stream stream, byte[] bytes, CancellationToken cancellation, bool raw = false)
    {
        if (!raw) await stream.WriteAsync(Encoding.Latin1.GetBytes($"{bytes.Length:x}\r\n"), cancellation);
        await stream.WriteAsync(bytes, cancellation);
        if (!raw) await stream.WriteAsync("\r\n"u8.ToArray(), cancellation);
    }
}
