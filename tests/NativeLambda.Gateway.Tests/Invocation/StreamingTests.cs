using System.IO.Pipelines;
using System.Text;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Invocation;

public sealed class StreamingTests
{
    private const string Route = "\"invoke\": \"stream\"";
    private static readonly byte[] Head = [.. """{"statusCode":201,"headers":{"x-a":"1"},"cookies":["c=1"]}"""u8, 0, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task Each_part_comes_when_the_function_has_made_it()
    {
        (RunningGateway gateway, ScriptedStream stream) = await StartAsync(StreamPrelude.ContentType);
        await using (gateway)
        {
            await using RawConnection connection = await gateway.ConnectAsync();
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            await stream.Writer.WriteAsync(Head);
            string head = await connection.ReadUntilAsync("\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 201 ", head, StringComparison.Ordinal);
            Assert.Contains("x-a: 1\r\n", head, StringComparison.Ordinal);
            Assert.Contains("Transfer-Encoding: chunked\r\n", head, StringComparison.Ordinal);
            await stream.Writer.WriteAsync("one"u8.ToArray());
            Assert.Equal("3\r\none\r\n", await connection.ReadUntilAsync("one\r\n"));
            await stream.Writer.WriteAsync("two"u8.ToArray());
            Assert.Equal("3\r\ntwo\r\n", await connection.ReadUntilAsync("two\r\n"));
            await stream.Writer.CompleteAsync();
            Assert.Equal("0\r\n\r\n", await connection.ReadUntilAsync("0\r\n\r\n"));
            await stream.Disposed.Task;
        }
    }

    [Fact]
    public async Task A_stream_without_a_head_is_200_of_its_content_type()
    {
        (RunningGateway gateway, ScriptedStream stream) = await StartAsync("text/plain");
        await using (gateway)
        {
            await stream.Writer.WriteAsync("all"u8.ToArray());
            await stream.Writer.CompleteAsync();
            using HttpResponseMessage response = await gateway.Client.GetAsync("/");
            Assert.Equal((200, "all", "text/plain"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType!.ToString()));
        }
    }

    [Theory]
    [InlineData("text/plain", "")]
    [InlineData(StreamPrelude.ContentType, "{\"statusCode\":200}")]
    public async Task A_function_that_fails_before_its_first_byte_is_502(string contentType, string written)
    {
        (RunningGateway gateway, ScriptedStream stream) = await StartAsync(contentType);
        await using (gateway)
        {
            await stream.Writer.WriteAsync(Encoding.UTF8.GetBytes(written));
            await stream.Writer.CompleteAsync(new LambdaStreamException("Function.Timeout", "it ran out of time"));
            Assert.Equal((502, """{"message":"Internal Server Error"}"""), await gateway.GetAsync("/"));
        }
    }

    [Theory]
    [InlineData("{\"statusCode\":99}")]
    [InlineData("no JSON")]
    public async Task A_head_that_makes_no_sense_is_502(string head)
    {
        (RunningGateway gateway, ScriptedStream stream) = await StartAsync(StreamPrelude.ContentType);
        await using (gateway)
        {
            await stream.Writer.WriteAsync(new byte[][] { Encoding.UTF8.GetBytes(head), new byte[8] }.SelectMany(part => part).ToArray());
            Assert.Equal(502, (await gateway.GetAsync("/")).Status);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.0")]
    public async Task A_stream_that_breaks_off_is_not_ended_as_if_it_were_whole(string protocol)
    {
        (RunningGateway gateway, ScriptedStream stream) = await StartAsync(StreamPrelude.ContentType);
        await using (gateway)
        {
            await using RawConnection connection = await gateway.ConnectAsync();
            await connection.SendAsync($"GET / {protocol}\r\nHost: h\r\n\r\n");
            await stream.Writer.WriteAsync(Head);
            await stream.Writer.WriteAsync("part"u8.ToArray());
            await connection.ReadUntilAsync("part");
            await stream.Writer.CompleteAsync(new LambdaStreamException("Runtime.ExitError", "it ended"));
            string rest = await connection.ReadToEndAsync();
            if (protocol == "HTTP/1.1") Assert.DoesNotContain("0\r\n\r\n", rest, StringComparison.Ordinal);
            else Assert.Equal("<reset>", rest);
        }
    }

    [Fact]
    public async Task A_client_that_does_not_read_stops_the_function()
    {
        (RunningGateway gateway, ScriptedStream stream) = await StartAsync("application/octet-stream");
        await using (gateway)
        {
            await using RawConnection connection = await gateway.ConnectAsync();
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            byte[] part = new byte[64 * 1024];
            long written = 0;
            while (true)
            {
                ValueTask<FlushResult> write = stream.Writer.WriteAsync(part);
                written += part.Length;
                if (!write.IsCompleted && await Task.WhenAny(write.AsTask(), Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System)) is not Task<FlushResult>) break;
                Assert.True(written < 256 * 1024 * 1024, "nothing held the function back");
            }
        }
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_the_reading()
    {
        (RunningGateway gateway, ScriptedStream stream) = await StartAsync("text/plain");
        await using (gateway)
        {
            await using (RawConnection connection = await gateway.ConnectAsync())
            {
                await connection.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                await stream.Writer.WriteAsync("part"u8.ToArray());
                await connection.ReadUntilAsync("part");
            }
            await stream.Disposed.Task;
        }
    }

    private static async Task<(RunningGateway, ScriptedStream)> StartAsync(string contentType)
    {
        var stream = new ScriptedStream(contentType);
        RunningGateway gateway = await RunningGateway.StartAsync(Route);
        gateway.Lambda.Stream = _ => Task.FromResult<LambdaResponseStream>(stream);
        return (gateway, stream);
    }
}
