extern alias library;

using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using library::NativeLambda.Http;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

/// <summary>What holds of every event, whatever the request.</summary>
public sealed class EventPropertyTests
{
    // A name that stands twice in an object would be one header or the other, as a reader pleases.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly string[] NotPassedOn =
        ["connection", "te", "trailer", "upgrade", "keep-alive", "proxy-connection", "transfer-encoding", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"];

    [Theory]
    [InlineData(PayloadFormat.Version2)]
    [InlineData(PayloadFormat.FunctionUrl)]
    public void The_library_reads_the_request_that_was_sent(PayloadFormat format) => RequestGen.Http.Sample(request =>
    {
        HttpRequest read = HttpEvents.Parse(Requests.Write(request, format));
        Assert.Equal(request.Method, read.Method);
        Assert.Equal(request.RawPath, read.Path);
        Assert.Equal(request.RawQuery, read.RawQueryString);
        Assert.Equal(request.Body.ToArray(), read.Body.ToArray());
        Assert.Equal(request.SourceIp, read.SourceIp);
        Assert.Equal(Cookies(request), read.Cookies);
        foreach (IGrouping<string, string> header in PassedOn(request, format == PayloadFormat.FunctionUrl))
            Assert.Equal(string.Join(header.Key == "cookie" ? "; " : ",", header), read.Headers[header.Key]);
    }, iter: 5_000);

    [Fact]
    public void The_library_decodes_a_query_to_the_parameters_of_the_event() => RequestGen.Http.Sample(request =>
    {
        if (request.RawQuery.Contains('%', StringComparison.Ordinal) && !IsDecodable(request.RawQuery)) return; // the library puts U+FFFD there
        HttpQuery read = HttpQuery.Parse(request.RawQuery);
        JsonElement written = Requests.Event(request);
        int count = written.TryGetProperty("queryStringParameters", out JsonElement parameters) ? parameters.EnumerateObject().Count() : 0;
        Assert.Equal(read.Select(static parameter => parameter.Key).Distinct().Count(), count);
        foreach (string name in read.Select(static parameter => parameter.Key))
            Assert.Equal(string.Join(',', read.GetAll(name)), parameters.GetProperty(name).GetString());
    }, iter: 5_000);

    [Fact]
    public void An_event_is_JSON_with_every_name_once_and_the_body_in_it_whatever_the_text() =>
        Gen.Select(RequestGen.Wild, Gen.Enum<PayloadFormat>()).Sample(static (request, format) =>
        {
            using JsonDocument document = JsonDocument.Parse(Requests.Write(request, format), Strict);
            JsonElement root = document.RootElement;
            string? body = root.TryGetProperty("body", out JsonElement element) ? element.GetString() : null;
            byte[] bytes = root.GetProperty("isBase64Encoded").GetBoolean() ? Convert.FromBase64String(body!) : Encoding.UTF8.GetBytes(body ?? "");
            Assert.Equal(request.Body.ToArray(), bytes);
        }, iter: 5_000);

    [Fact]
    public void A_buffer_that_gives_no_more_than_it_is_asked_for_gets_the_same_event() =>
        Gen.Select(RequestGen.Wild, Gen.Enum<PayloadFormat>()).Sample(static (request, format) =>
        {
            var sliver = new SliverWriter();
            ProxyEvent.Write(request, format, sliver);
            Assert.Equal(Requests.Write(request, format), sliver.Written);
        }, iter: 1_000);

    private static IEnumerable<IGrouping<string, string>> PassedOn(ProxyRequest request, bool withCookies)
    {
        HashSet<string> dropped = [.. NotPassedOn];
        foreach ((string name, string value) in request.Headers)
            if (name.Equals("connection", StringComparison.OrdinalIgnoreCase))
                dropped.UnionWith(value.Split(',').Select(static option => option.Trim(' ', '\t').ToLowerInvariant()));
        if (!withCookies) dropped.Add("cookie");
        return request.Headers.GroupBy(static header => header.Key.ToLowerInvariant(), static header => header.Value).Where(group => !dropped.Contains(group.Key));
    }

    private static IEnumerable<string> Cookies(ProxyRequest request) => request.Headers
        .Where(static header => header.Key.Equals("cookie", StringComparison.OrdinalIgnoreCase))
        .SelectMany(static header => header.Value.Split(';').Select(static cookie => cookie.Trim(' ', '\t')).Where(static cookie => cookie.Length > 0));

    private static bool IsDecodable(string query) => !Uri.UnescapeDataString(query).Contains('%', StringComparison.Ordinal) && !query.Contains("%25", StringComparison.Ordinal);

    private sealed class SliverWriter : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _space = [];

        public byte[] Written => [.. _written];

        public void Advance(int count) => _written.AddRange(_space.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _space = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
