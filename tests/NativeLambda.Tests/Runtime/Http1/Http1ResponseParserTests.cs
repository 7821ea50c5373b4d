using System.Text;
using NativeLambda.Runtime.Http1;

namespace NativeLambda.Tests.Runtime.Http1;

/// <summary>Responses as a table: each is parsed whole, byte by byte, and cut in two at every place.</summary>
public sealed class Http1ResponseParserTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const string Chunked = Ok + "Transfer-Encoding: chunked\r\n\r\n";

    [Theory]
    // Counted bodies, and what follows them.
    [InlineData(Ok + "Content-Length: 5\r\n\r\nhello", 200, "hello", true, "")]
    [InlineData(Ok + "Content-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n", 200, "hello", true, "HTTP/1.1 200 OK\r\n")]
    [InlineData(Ok + "Content-Length: 0\r\n\r\n", 200, "", true, "")]
    [InlineData(Ok + "cONTENT-lENGTH:\t 00005 \t\r\n\r\nhello", 200, "hello", true, "")]
    [InlineData(Ok + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true, "")]
    [InlineData(Ok + "Content-Length: 5, 5\r\n\r\nhello", 200, "hello", true, "")]
    // Status lines.
    [InlineData("HTTP/1.1 202 \r\nContent-Length: 0\r\n\r\n", 202, "", true, "")]
    [InlineData("HTTP/1.1 202\r\nContent-Length: 0\r\n\r\n", 202, "", true, "")]
    [InlineData("HTTP/1.1 413 Größer \t als erlaubt\r\nContent-Length: 0\r\n\r\n", 413, "", true, "")]
    [InlineData("HTTP/1.9 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true, "")]
    // Chunks, extensions, trailers.
    [InlineData(Chunked + "5\r\nhello\r\n0\r\n\r\n", 200, "hello", true, "")]
    [InlineData(Chunked + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\nHTTP", 200, "hello", true, "HTTP")]
    [InlineData(Chunked + "0\r\n\r\n", 200, "", true, "")]
    [InlineData(Chunked + "0005;name=value;other=\"a b\"\r\nhello\r\n000;last\r\n\r\n", 200, "hello", true, "")]
    [InlineData(Chunked + "5 ; name\r\nhello\r\n0\r\n\r\n", 200, "hello", true, "")]
    [InlineData(Chunked + "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", 200, "01234567890123456789", true, "")]
    [InlineData(Chunked + "2\r\n\r\n\r\n0\r\n\r\n", 200, "\r\n", true, "")]
    [InlineData(Chunked + "5\r\nhello\r\n0\r\nTrailer: one\r\nContent-Length: 7\r\n\r\n", 200, "hello", true, "")]
    [InlineData(Ok + "transfer-encoding: CHUNKED\r\n\r\n1\r\n!\r\n0\r\n\r\n", 200, "!", true, "")]
    // The end of the connection is the end of the body.
    [InlineData(Ok + "\r\nhello", 200, "hello", false, "")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nhello", 200, "hello", false, "")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nhello", 200, "hello", false, "")]
    // Keep-alive.
    [InlineData(Ok + "Connection: close\r\nContent-Length: 1\r\n\r\n!", 200, "!", false, "")]
    [InlineData(Ok + "Connection: x, CLOSE\r\nContent-Length: 1\r\n\r\n!", 200, "!", false, "")]
    [InlineData(Ok + "Connection: keep-alive\r\nConnection: close\r\nContent-Length: 1\r\n\r\n!", 200, "!", false, "")]
    [InlineData(Ok + "Connection: closed\r\nContent-Length: 1\r\n\r\n!", 200, "!", true, "")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n!", 200, "!", false, "")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\n!", 200, "!", true, "")]
    // Interim responses.
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n" + Ok + "Content-Length: 1\r\n\r\n!", 200, "!", true, "")]
    [InlineData("HTTP/1.1 102 Processing\r\nX: y\r\nContent-Length: 9\r\n\r\nHTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\n" + Ok + "Content-Length: 1\r\n\r\n!", 200, "!", true, "")]
    // No body, whatever the head says.
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nHTTP", 204, "", true, "HTTP")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nHTTP", 304, "", true, "HTTP")]
    public void A_response_parses_alike_however_it_is_cut(string response, int status, string body, bool keepsConnection, string leftOver)
    {
        ParsedResponse whole = ParsedResponse.Parse(response);
        Assert.Equal(("None", status, body, keepsConnection, leftOver), (whole.Error, whole.Status, whole.Body, whole.KeepsConnection, whole.LeftOver));
        AssertSameAtEveryCut(response, whole);
    }

    [Theory]
    [InlineData("", nameof(Http1Error.Truncated))]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", nameof(Http1Error.BadStatusLine))]
    [InlineData("garbage without an end of line", nameof(Http1Error.BadStatusLine))]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n", nameof(Http1Error.BadStatusLine))]
    [InlineData("http/1.1 200 OK\r\n\r\n", nameof(Http1Error.BadStatusLine))]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n", nameof(Http1Error.BadStatus))]
    [InlineData("HTTP/1.1 200OK\r\n\r\n", nameof(Http1Error.BadStatusLine))]
    [InlineData("HTTP/1.1 200 O\rK\r\n\r\n", nameof(Http1Error.BadStatusLine))]
    [InlineData("HTTP/11 200 OK\r\n\r\n", nameof(Http1Error.BadStatusLine))]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n", nameof(Http1Error.UnsupportedVersion))]
    [InlineData("HTTP/1.1 20x OK\r\n\r\n", nameof(Http1Error.BadStatus))]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", nameof(Http1Error.BadStatus))]
    [InlineData("HTTP/1.1 600 OK\r\n\r\n", nameof(Http1Error.BadStatus))]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", nameof(Http1Error.UnexpectedUpgrade))]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n", nameof(Http1Error.BareLineFeed))]
    [InlineData(Ok + "Content-Length: 0\n\r\n", nameof(Http1Error.BareLineFeed))]
    [InlineData(Ok + "A: b\r\n c\r\n\r\n", nameof(Http1Error.FoldedField))]
    [InlineData(Ok + "A: b\r\n\tc\r\n\r\n", nameof(Http1Error.FoldedField))]
    [InlineData(Ok + " A: b\r\n\r\n", nameof(Http1Error.FoldedField))]
    [InlineData(Ok + "A : b\r\n\r\n", nameof(Http1Error.BadFieldName))]
    [InlineData(Ok + ": b\r\n\r\n", nameof(Http1Error.BadFieldName))]
    [InlineData(Ok + "no colon\r\n\r\n", nameof(Http1Error.BadFieldName))]
    [InlineData(Ok + "Ä: b\r\n\r\n", nameof(Http1Error.BadFieldName))]
    [InlineData(Ok + "A: b\rc\r\n\r\n", nameof(Http1Error.BadFieldValue))]
    [InlineData(Ok + "A: b\0c\r\n\r\n", nameof(Http1Error.BadFieldValue))]
    [InlineData(Ok + "A: b\u007f\r\n\r\n", nameof(Http1Error.BadFieldValue))]
    [InlineData(Ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length: 5, 6\r\n\r\nhello", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length: 5,\r\n\r\nhello", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length:\r\n\r\n", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length: -1\r\n\r\n", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length: +5\r\n\r\nhello", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length: 0x5\r\n\r\nhello", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length: 5 5\r\n\r\nhello", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length: 18446744073709551621\r\n\r\nhello", nameof(Http1Error.BadContentLength))]
    [InlineData(Ok + "Content-Length: 4294967301\r\n\r\nhello", nameof(Http1Error.BodyTooLarge))]
    [InlineData(Ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", nameof(Http1Error.ConflictingLengths))]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", nameof(Http1Error.ConflictingLengths))]
    [InlineData(Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", nameof(Http1Error.UnsupportedTransferCoding))]
    [InlineData(Ok + "Transfer-Encoding: identity\r\n\r\n", nameof(Http1Error.UnsupportedTransferCoding))]
    [InlineData(Ok + "Transfer-Encoding:\r\n\r\n", nameof(Http1Error.UnsupportedTransferCoding))]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", nameof(Http1Error.UnsupportedTransferCoding))]
    [InlineData(Chunked + "\r\n", nameof(Http1Error.BadChunk))]
    [InlineData(Chunked + "x\r\n", nameof(Http1Error.BadChunk))]
    [InlineData(Chunked + "-5\r\nhello\r\n", nameof(Http1Error.BadChunk))]
    [InlineData(Chunked + "0x5\r\nhello\r\n", nameof(Http1Error.BadChunk))]
    [InlineData(Chunked + "5 \r\nhello\r\n", nameof(Http1Error.BadChunk))]
    [InlineData(Chunked + "5;a\rb\r\nhello\r\n", nameof(Http1Error.BadChunk))]
    [InlineData(Chunked + "5\nhello\r\n", nameof(Http1Error.BareLineFeed))]
    [InlineData(Chunked + "5\r\nhello0\r\n\r\n", nameof(Http1Error.BadChunk))]
    [InlineData(Chunked + "5\r\nhello!\r\n0\r\n\r\n", nameof(Http1Error.BadChunk))]
    [InlineData(Chunked + "FFFFFFFFFFFFFFFF\r\n", nameof(Http1Error.BodyTooLarge))]
    [InlineData(Chunked + "10000000000000005\r\nhello\r\n", nameof(Http1Error.BodyTooLarge))]
    [InlineData(Chunked + "0\r\nBad trailer\r\n\r\n", nameof(Http1Error.BadFieldName))]
    [InlineData(Chunked + "0\r\n folded\r\n\r\n", nameof(Http1Error.FoldedField))]
    [InlineData("HTTP/1.1 2", nameof(Http1Error.Truncated))]
    [InlineData(Ok + "Content-Length: 5\r\n", nameof(Http1Error.Truncated))]
    [InlineData(Ok + "Content-Length: 5\r\n\r\nhell", nameof(Http1Error.Truncated))]
    [InlineData(Chunked + "5\r\nhello\r\n", nameof(Http1Error.Truncated))]
    [InlineData(Chunked + "5\r\nhello\r\n0\r\n", nameof(Http1Error.Truncated))]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", nameof(Http1Error.Truncated))]
    public void What_is_not_a_response_is_refused_alike_however_it_is_cut(string response, string error)
    {
        ParsedResponse whole = ParsedResponse.Parse(response);
        Assert.Equal(error, whole.Error);
        AssertSameAtEveryCut(response, whole);
    }

    [Theory]
    [InlineData(0, "None")]
    [InlineData(1, nameof(Http1Error.HeadTooLarge))]
    public void A_head_may_be_as_long_as_the_limit(int more, string error)
    {
        const string Start = Ok + "Content-Length: 0\r\nX: ";
        var limits = new Http1Limits();
        string response = Start + new string('x', limits.MaxHeadBytes - Start.Length - 4 + more) + "\r\n\r\n";
        AssertOutcome(response, limits, error);
    }

    [Theory]
    [InlineData(128, "None")]
    [InlineData(129, nameof(Http1Error.TooManyFields))]
    public void A_head_may_have_as_many_fields_as_the_limit(int count, string error) =>
        AssertOutcome("HTTP/1.1 204 No Content\r\n" + Repeat("A: b\r\n", count) + "\r\n", new Http1Limits(), error);

    [Theory]
    [InlineData(128, "None")]
    [InlineData(129, nameof(Http1Error.TooManyFields))]
    public void A_trailer_section_may_have_as_many_fields_as_the_limit(int count, string error) =>
        AssertOutcome(Chunked + "0\r\n" + Repeat("A: b\r\n", count) + "\r\n", new Http1Limits(), error);

    [Fact]
    public void Trailers_together_must_not_be_longer_than_a_head() =>
        AssertOutcome(Chunked + "0\r\n" + Repeat("A: " + new string('b', 1000) + "\r\n", 66), new Http1Limits(), nameof(Http1Error.HeadTooLarge));

    [Theory]
    [InlineData(500, "None")]
    [InlineData(1000, nameof(Http1Error.HeadTooLarge))]
    public void Chunk_extensions_together_must_not_be_longer_than_a_head(int chunks, string error) =>
        AssertOutcome(Chunked + Repeat("1;" + new string('e', 100) + "\r\n!\r\n", chunks) + "0\r\n\r\n", new Http1Limits(), error);

    [Fact]
    public void Many_small_chunks_without_extensions_are_no_overhead() =>
        AssertOutcome(Chunked + Repeat("1\r\n!\r\n", 100_000) + "0\r\n\r\n", new Http1Limits(), "None");

    [Theory]
    [InlineData("Content-Length: 11\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nB\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n")]
    [InlineData("\r\n12345678901")]
    public void A_body_over_the_limit_is_refused_in_every_framing(string rest) =>
        AssertOutcome(Ok + rest, new Http1Limits { MaxBodyBytes = 10 }, nameof(Http1Error.BodyTooLarge));

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\n0123456789")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n4\r\n6789\r\n0\r\n\r\n")]
    [InlineData("\r\n0123456789")]
    public void A_body_may_be_as_long_as_the_limit_in_every_framing(string rest) =>
        AssertOutcome(Ok + rest, new Http1Limits { MaxBodyBytes = 10 }, "None");

    [Fact]
    public void Fields_are_found_in_any_case_and_all_of_a_name_in_order()
    {
        var parser = new Http1ResponseParser(new Http1Limits());
        parser.Advance(Encoding.Latin1.GetBytes(Ok + "x-A: 1\r\nOther: 2\r\nX-a:\r\n\r\n"), out _, out _);
        int first = parser.Head.Find("X-A"u8);
        int second = parser.Head.Find("X-A"u8, first + 1);
        Assert.Equal((0, 2, -1, -1), (first, second, parser.Head.Find("X-A"u8, second + 1), parser.Head.Find("X"u8)));
        Assert.True(parser.Head.Value(second).IsEmpty);
    }

    [Fact]
    public void Reset_makes_a_parser_as_good_as_new_after_any_response()
    {
        var parser = new Http1ResponseParser(new Http1Limits());
        byte[] good = Encoding.Latin1.GetBytes(Chunked + "5\r\nhello\r\n0\r\nT: t\r\n\r\n");
        ParsedResponse expected = ParsedResponse.Parse(good, []);
        foreach (string before in (string[])["HTTP/1.1 2", Ok + "A: b\r\nC", Ok + "Content-Length: 9\r\n\r\n1", Chunked + "9\r\n1", "junk", Ok + "\r\n1"])
        {
            ParsedResponse.Parse(parser, Encoding.Latin1.GetBytes(before), []);
            parser.Reset();
            Assert.Equal(expected, ParsedResponse.Parse(parser, good, [3]));
            parser.Reset();
        }
    }

    [Fact]
    public void Every_error_has_a_sentence_of_its_own()
    {
        Http1Error[] errors = Enum.GetValues<Http1Error>();
        Assert.Equal(errors.Length, errors.Select(e => e.Describe()).Distinct().Count());
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static void AssertOutcome(string response, Http1Limits limits, string error)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(response);
        Assert.Equal(error, ParsedResponse.Parse(bytes, [], limits).Error);
        Assert.Equal(error, ParsedResponse.Parse(bytes, [.. Enumerable.Range(1, bytes.Length - 1)], limits).Error);
    }

    private static void AssertSameAtEveryCut(string response, ParsedResponse whole)
    {
        int[] everywhere = [.. Enumerable.Range(0, response.Length)];
        Assert.Equal(whole, ParsedResponse.Parse(response, everywhere));
        foreach (int cut in everywhere)
            Assert.Equal(whole, ParsedResponse.Parse(response, cut));
    }
}
