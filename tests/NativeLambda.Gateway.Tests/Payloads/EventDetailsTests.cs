using System.Buffers;
using System.Text;
using System.Text.Json;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

public sealed class EventDetailsTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    public void Names_in_any_case_are_one_header_however_many_there_are(int others)
    {
        KeyValuePair<string, string>[] headers =
        [
            new("X-A", "1"), .. Enumerable.Range(0, others).Select(i => KeyValuePair.Create($"x-{i}", "")), new("x-a", "2"), new("X-a", "3"),
        ];
        JsonElement written = Requests.Event(Requests.Get with { Headers = headers }).GetProperty("headers");
        Assert.Equal("1,2,3", written.GetProperty("x-a").GetString());
        Assert.Equal(others + 1 + 3, written.EnumerateObject().Count()); // the front's own three
    }

    [Theory]
    [InlineData(10)]
    [InlineData(5000)]
    public void Names_of_parameters_that_decode_to_the_same_are_one_however_many_there_are(int others)
    {
        string query = $"a%62=1&{string.Join('&', Enumerable.Range(0, others).Select(i => $"p{i}={i}"))}&ab=2";
        JsonElement written = Requests.Event(Requests.Get with { RawQuery = query }).GetProperty("queryStringParameters");
        Assert.Equal("1,2", written.GetProperty("ab").GetString());
        Assert.Equal(others + 1, written.EnumerateObject().Count());
    }

    [Theory]
    [InlineData(PayloadFormat.Version2)]
    [InlineData(PayloadFormat.FunctionUrl)]
    [InlineData(PayloadFormat.Version1)]
    [InlineData(PayloadFormat.LoadBalancer)]
    [InlineData(PayloadFormat.LoadBalancerMultiValue)]
    public void The_front_s_trace_takes_the_place_of_the_client_s(PayloadFormat format)
    {
        ProxyRequest request = Requests.Get with { Headers = [new("x-amzn-trace-id", "Root=1-client")] };
        Assert.Contains("Root=1-client", Encoding.UTF8.GetString(Requests.Write(request, format)), StringComparison.Ordinal);
        string written = Encoding.UTF8.GetString(Requests.Write(request with { TraceHeader = "Root=1-front" }, format));
        Assert.Contains("Root=1-front", written, StringComparison.Ordinal);
        Assert.DoesNotContain("Root=1-client", written, StringComparison.Ordinal);
    }

    [Fact]
    public void The_path_of_a_function_URL_stays_encoded_whatever_is_asked_for() => Assert.Equal(
        "/a%2Fb", Requests.Event(Requests.Get with { RawPath = "/a%2Fb", DecodePath = true }, PayloadFormat.FunctionUrl).GetProperty("rawPath").GetString());

    [Fact]
    public void What_the_buffer_held_before_stays()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        output.Write("x"u8);
        ProxyEvent.Write(Requests.Get, PayloadFormat.Version2, output);
        Assert.Equal((byte)'x', output.WrittenSpan[0]);
        Assert.Equal("2.0", JsonDocument.Parse(output.WrittenMemory[1..]).RootElement.GetProperty("version").GetString());
    }
}
