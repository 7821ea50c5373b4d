using System.Buffers;
using System.Text;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

/// <summary>What a mapping costs in memory: at thousands of requests a second it is what the collector works on.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    private static readonly ProxyRequest Typical = Requests.Get with
    {
        Method = "POST",
        RawPath = "/products/a%20b",
        RawQuery = "sort=name&sort=price&q=red%20chair&page=2",
        RouteKey = "POST /products/{id}",
        PathParameters = new Dictionary<string, string> { ["id"] = "a b" },
        TraceHeader = "Root=1-67891233-abcdef012345678912345678",
        Headers =
        [
            new("Host", "api.example.com"), new("Accept", "*/*"), new("Accept-Encoding", "gzip, br"), new("User-Agent", "curl/8.7.1"),
            new("Content-Type", "application/json"), new("Content-Length", "1024"), new("Cookie", "session=abc123; theme=dark"),
            new("Authorization", "Bearer abc"), new("X-Request-Id", "42"), new("Connection", "keep-alive"),
        ],
        Body = Encoding.UTF8.GetBytes($$"""{"name":"{{new string('x', 1000)}}"}"""),
    };

    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(PayloadFormat.Version2)]
    [InlineData(PayloadFormat.FunctionUrl)]
    [InlineData(PayloadFormat.Version1)]
    [InlineData(PayloadFormat.LoadBalancer)]
    [InlineData(PayloadFormat.LoadBalancerMultiValue)]
    public void An_event_is_written_without_allocating(PayloadFormat format)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        long allocated = Measure(() =>
        {
            buffer.ResetWrittenCount();
            ProxyEvent.Write(Typical, format, buffer);
        }, limit: 0);
        output.WriteLine($"{format}: {allocated} bytes allocated for an event of {buffer.WrittenCount} bytes");
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData("""{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"a\":1}","isBase64Encoded":false}""", 360)]
    [InlineData("""{"statusCode":200,"headers":{"content-type":"text/plain"},"body":"Hello from Lambda","isBase64Encoded":false}""", 360)]
    [InlineData("""{"statusCode":200,"headers":{"content-type":"a/b","etag":"x"},"cookies":["a=1"],"body":"AQIDBAUG","isBase64Encoded":true}""", 520)]
    [InlineData("""{"message":"Hello from Lambda"}""", 120)]
    public void A_result_is_read_with_little_more_than_the_response(string result, int limit)
    {
        byte[] payload = Encoding.UTF8.GetBytes(result);
        long allocated = Measure(() => ProxyResult.Read(payload, PayloadFormat.Version2), limit);
        output.WriteLine($"{allocated} bytes for {result}");
        Assert.InRange(allocated, 1, limit);
    }

    // Counted again while it is more than may be: code that is not yet compiled for speed makes objects of the enumerators of interfaces,
    // and how soon it is depends on what else the machine does.
    private static long Measure(Action map, long limit)
    {
        long start = TimeProvider.System.GetTimestamp();
        long allocated;
        do
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++) map();
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        }
        while (allocated > limit && TimeProvider.System.GetElapsedTime(start) < LongEnough);
        return allocated;
    }
}
