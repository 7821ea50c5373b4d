using System.Text;
using NativeLambda.Gateway.Lambda.Http1;

namespace NativeLambda.Gateway.Tests.Lambda.Http1;

public sealed class ResponseHeadTests
{
    [Fact]
    public void A_head_tells_what_the_client_needs()
    {
        ResponseHead head = Parse("HTTP/1.1 200 OK\r\nDate: x\r\nCONTENT-LENGTH:  12 \r\nx-amzn-RequestId: r\r\nX-Amz-Function-Error: Unhandled\r\nx-amzn-ErrorType: T\r\nRetry-After: 3");
        Assert.Equal((200, 12L, false, true), (head.Status, head.ContentLength, head.IsChunked, head.KeepsAlive));
        Assert.Equal(("r", "Unhandled", "T", "3"), (head.RequestId, head.FunctionError, head.ErrorType, head.RetryAfter));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK", true)]
    [InlineData("HTTP/1.1 200", true)]
    [InlineData("HTTP/1.0 200 OK", false)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: Close", false)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: keep-alive, close", false)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: keep-alive", true)]
    public void A_connection_is_kept_unless_the_server_ends_it(string head, bool keeps)
    {
        Assert.Equal(keeps, Parse(head).KeepsAlive);
        Assert.Equal(-1, Parse(head).ContentLength);
    }

    [Fact]
    public void Two_lengths_that_agree_are_one() => Assert.Equal(3, Parse("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3").ContentLength);

    [Fact]
    public void Chunks_are_known() => Assert.True(Parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked").IsChunked);

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/2.0 200 OK")]
    [InlineData("HTTP/1.1 20 OK")]
    [InlineData("HTTP/1.1 099 OK")]
    [InlineData("HTTP/1.1 2000 OK")]
    [InlineData("HTTP/1.1  200 OK")]
    [InlineData("<html>garbage</html>")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon")]
    [InlineData("HTTP/1.1 200 OK\r\n: empty name")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 3")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n folded: c")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\nContent-Length: 3")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +3")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3,3")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x3")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked")]
    public void What_could_be_read_in_two_ways_is_refused(string head) => Assert.Throws<FormatException>(() => Parse(head));

    private static ResponseHead Parse(string head) => ResponseHead.Parse(Encoding.Latin1.GetBytes(head));
}
