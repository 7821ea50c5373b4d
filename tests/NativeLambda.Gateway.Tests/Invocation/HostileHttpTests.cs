using System.Globalization;
using System.Text.Json;

namespace NativeLambda.Gateway.Tests.Invocation;

/// <summary>
/// Requests that are made to be read in two ways, or never to end, against the real listener: each is refused, or has the one reading that
/// RFC 9112 gives it.
/// </summary>
public sealed class HostileHttpTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    public static TheoryData<string, string> Refused => new()
    {
        { "two lengths that differ", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + Smuggled },
        { "two lengths that agree", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + Smuggled },
        { "a list of lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\nhello" + Smuggled },
        { "a negative length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\nhello" + Smuggled },
        { "a length in hexadecimal digits", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\nhello" + Smuggled },
        { "a length beyond 64 bits", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n" + Smuggled },
        { "an encoding that there is not", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + Smuggled },
        { "chunks that are not the last encoding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Smuggled },
        { "chunks with a vertical tab", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n" + Smuggled },
        { "a space before the colon", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + Smuggled },
        { "a folded header", "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n 2\r\n\r\n" },
        { "a folded encoding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + Smuggled },
        { "a line feed alone", "GET / HTTP/1.1\nHost: h\n\n" },
        { "a line feed alone in the head", "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\nTransfer-Encoding: chunked\r\n\r\n" },
        { "a carriage return alone in a value", "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\rX-B: 2\r\n\r\n" },
        { "a NUL in a value", "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\02\r\n\r\n" },
        { "a NUL in a path", "GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n" },
        { "an encoded NUL in a path", "GET /a%00b HTTP/1.1\r\nHost: h\r\n\r\n" },
        { "no host", "GET / HTTP/1.1\r\n\r\n" },
        { "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" },
        { "a host that is none", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n" },
        { "another host than the target's", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n" },
        { "a header without a name", "GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n" },
        { "a header without a colon", "GET / HTTP/1.1\r\nHost: h\r\nX-A\r\n\r\n" },
        { "a method that is none", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n" },
        { "two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n" },
        { "a space in the target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n" },
        { "another protocol", "GET / HTTP/1.2\r\nHost: h\r\n\r\n" },
        { "HTTP/2 in words", "GET / HTTP/2.0\r\nHost: h\r\n\r\n" },
        { "HTTP/0.9", "GET /\r\n" },
        { "TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" },
        { "a chunk's size that is none", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n" },
        { "a chunk's size with a sign", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n" },
        { "a chunk's size beyond 32 bits", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\nhello\r\n0\r\n\r\n" },
        { "a chunk that is longer than its size", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n" },
        { "a request line without an end", "GET /" + new string('a', 20_000) + " HTTP/1.1\r\nHost: h\r\n\r\n" },
        { "a header without an end", "GET / HTTP/1.1\r\nHost: h\r\nX-A: " + new string('a', 60_000) + "\r\n\r\n" },
        { "more headers than there may be", "GET / HTTP/1.1\r\nHost: h\r\n" + string.Concat(Enumerable.Range(0, 200).Select(index => $"X-{index}: 1\r\n")) + "\r\n" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task It_is_refused_and_nothing_behind_it_is_read(string what, string request)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        await using RawConnection connection = await gateway.ConnectAsync();
        await connection.SendAsync(request);
        string answer = await connection.ReadToEndAsync();
        if (answer.Length > 0 && answer != "<reset>")
        {
            Assert.StartsWith("HTTP/1.", answer, StringComparison.Ordinal);
            Assert.True(int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) is >= 400 and < 506, $"{what}: {answer}");
            Assert.Equal(1, answer.Split("HTTP/1.").Length - 1);
        }
        Assert.DoesNotContain(gateway.Lambda.Calls, static call => call.Event.Contains("/smuggled", StringComparison.Ordinal));
        Assert.Empty(gateway.Lambda.Calls);
    }

    public static TheoryData<string, string> ChunksAlone => new()
    {
        { "length and chunks", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Smuggled },
        { "chunks and length", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + Smuggled },
        { "chunks in HTTP/1.0", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Smuggled },
    };

    [Theory]
    [MemberData(nameof(ChunksAlone))]
    public async Task Chunks_count_alone_and_the_connection_ends_behind_them(string what, string request)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        string answer = await gateway.ExchangeAsync(request); // RFC 9112, 6.1
        Assert.Equal((what, 1), (what, answer.Split("HTTP/1.").Length - 1));
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
        JsonElement told = JsonSerializer.Deserialize<JsonElement>(Assert.Single(gateway.Lambda.Calls).Event);
        Assert.Equal("/", told.GetProperty("rawPath").GetString());
        Assert.False(told.TryGetProperty("body", out _));
    }

    public static TheoryData<string, string, string> WellDefined => new()
    {
        { "case of an encoding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello" },
        { "an extension of a chunk", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n", "hello" },
        { "a trailer", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nContent-Length: 9\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n", "hello" },
        { "zeros before a size", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0005\r\nhello\r\n0\r\n\r\n", "hello" },
        { "a length with a sign", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\nhello", "hello" }, // which goes on to nobody: the event has its own form
        { "a GET with a body", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "hello" },
    };

    [Theory]
    [MemberData(nameof(WellDefined))]
    public async Task It_has_one_reading_and_the_next_request_is_the_next(string what, string request, string body)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        string answer = await gateway.ExchangeAsync($"{request}GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        Assert.Equal(2, answer.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Equal(2, gateway.Lambda.Calls.Count);
        JsonElement first = JsonSerializer.Deserialize<JsonElement>(gateway.Lambda.Calls[0].Event), second = JsonSerializer.Deserialize<JsonElement>(gateway.Lambda.Calls[1].Event);
        string told = first.GetProperty("body").GetString()!;
        Assert.Equal((what, body, "/next"), (what, first.GetProperty("isBase64Encoded").GetBoolean() ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(told)) : told, second.GetProperty("rawPath").GetString()));
        Assert.DoesNotContain("9.9.9.9", gateway.Lambda.Calls[0].Event, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_are_sent_at_once_are_answered_in_their_order()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        gateway.Lambda.Invoke = (told, _) => Task.FromResult(ScriptedLambda.Result($$"""{"statusCode":200,"body":"<{{told.GetProperty("rawPath").GetString()}}>"}"""));
        string answers = await gateway.ExchangeAsync(string.Concat(Enumerable.Range(0, 20).Select(static index => $"GET /{index} HTTP/1.1\r\nHost: h\r\n{(index == 19 ? "Connection: close\r\n" : "")}\r\n")));
        Assert.Equal(Enumerable.Range(0, 20).Select(static index => $"</{index}>"), answers.Split("\r\n").Where(static line => line.StartsWith('<')).Select(static line => line[..(line.IndexOf('>', StringComparison.Ordinal) + 1)]));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nX-A: ")]
    [InlineData("GET / HT")]
    public async Task A_head_that_does_not_end_is_given_up(string beginning)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(headersTimeout: TimeSpan.FromSeconds(1));
        await using RawConnection connection = await gateway.ConnectAsync();
        await connection.SendAsync(beginning);
        string answer = await connection.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Empty(gateway.Lambda.Calls);
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_given_up()
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync();
        await using RawConnection connection = await gateway.ConnectAsync();
        await connection.SendAsync("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\na"); // 240 bytes a second are the least, after five seconds
        Assert.StartsWith("HTTP/1.1 408 ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Empty(gateway.Lambda.Calls);
    }
}
