using System.Text;
using System.Text.Json;
using NativeLambda.Database.Credentials;
using NativeLambda.Gateway.Lambda.Credentials;
using NativeLambda.Gateway.Lambda.Signing;

namespace NativeLambda.Gateway.Tests.Lambda.Signing;

/// <summary>The signer against AWS's published test suite, all of its cases.</summary>
public sealed class SigV4SignerTests
{
    private static readonly JsonElement Suite = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "sigv4-test-suite.json"))).RootElement;

    private static readonly AwsKeys Keys = new(Text(Suite, "accessKeyId"), Text(Suite, "secretKey"));

    public static TheoryData<string> Names => new(Suite.GetProperty("cases").EnumerateArray().Select(static one => Text(one, "name")));

    [Fact]
    public void The_suite_is_whole() => Assert.Equal(31, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_case_of_the_suite_is_signed_as_published(string name)
    {
        JsonElement one = Case(name);
        SuiteRequest request = SuiteRequest.Parse(Text(one, "request"), name).AsSigned();
        var signer = new SigV4Signer(Text(Suite, "region"), Text(Suite, "service"));
        string timestamp = signer.Timestamp(new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero));
        Assert.Contains(request.Headers, header => header == new SignedHeader("x-amz-date", timestamp));
        string authorization = signer.Authorize(Keys, timestamp, request.Method, CanonicalPath.Of(request.Path), request.CanonicalQuery, request.Headers, request.Body);
        Assert.Equal(Published(one), authorization);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_case_of_the_suite_has_the_canonical_request_as_published(string name)
    {
        JsonElement one = Case(name);
        SuiteRequest request = SuiteRequest.Parse(Text(one, "request"), name);
        string path = CanonicalPath.Of(request.Path);
        var buffer = new byte[CanonicalWriter.MaxLength(request.Method, path, request.CanonicalQuery, request.Headers)];
        var writer = new CanonicalWriter(buffer);
        writer.Write(request.Method, path, request.CanonicalQuery, request.Headers, System.Security.Cryptography.SHA256.HashData(request.Body));
        Assert.Equal(Text(one, "canonicalRequest"), Encoding.UTF8.GetString(writer.Written));
    }

    [Fact]
    public void The_next_day_and_other_keys_are_signed_with_another_key()
    {
        var signer = new SigV4Signer("eu-central-1", "lambda");
        var other = new AwsKeys("AKIDOTHER", "another");
        string[] signatures = [Sign(signer, Keys, 30), Sign(signer, Keys, 31), Sign(signer, other, 31), Sign(signer, Keys, 30)];
        Assert.Equal(3, signatures.Distinct().Count());
        Assert.Equal(signatures[0], signatures[3]);
        Assert.Contains("Credential=AKIDOTHER/20150831/eu-central-1/lambda/aws4_request", signatures[2]);
    }

    [Fact]
    public void Keys_tell_their_name_only() => Assert.Equal("AKIDEXAMPLE", Keys.ToString());

    /// <summary>One authorization of the suite names a header that its own signature does not cover.</summary>
    private static string Published(JsonElement one) => Text(one, "authorization").Replace("SignedHeaders=content-length;", "SignedHeaders=", StringComparison.Ordinal);

    private static string Sign(SigV4Signer signer, AwsKeys keys, int day)
    {
        string timestamp = signer.Timestamp(new DateTimeOffset(2015, 8, day, 12, 36, 0, TimeSpan.Zero));
        return signer.Authorize(keys, timestamp, "POST", "/", "", [new("host", "example.amazonaws.com"), new("x-amz-date", timestamp)], []);
    }

    private static JsonElement Case(string name) => Suite.GetProperty("cases").EnumerateArray().Single(one => Text(one, "name") == name);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>A request of the suite, as our client would hold it.</summary>
    private sealed record SuiteRequest(string Method, string Path, string CanonicalQuery, SignedHeader[] Headers, byte[] Body)
    {
        public static SuiteRequest Parse(string text, string name)
        {
            string[] parts = text.Split("\n\n", 2);
            string[] lines = parts[0].Split('\n');
            string line = lines[0];
            int target = line.IndexOf(' ') + 1;
            string[] address = line[target..line.LastIndexOf(' ')].Split('?', 2);
            var headers = new List<SignedHeader>();
            foreach (string header in lines[1..])
            {
                // A folded line is one more value: the suite says so.
                if (header[0] == ' ') headers.Add(new(headers[^1].Name, header));
                else headers.Add(new(header[..header.IndexOf(':')].ToLowerInvariant(), header[(header.IndexOf(':') + 1)..]));
            }
            // This one is signed before the token is added, and its request says only what is signed.
            if (name == "post-sts-header-after") headers.RemoveAll(static header => header.Name == "x-amz-security-token");
            return new SuiteRequest(
                line[..(target - 1)], address[0], Query(address.Length > 1 ? address[1] : ""),
                [.. headers.OrderBy(static header => header.Name, StringComparer.Ordinal)], Encoding.UTF8.GetBytes(parts.Length > 1 ? parts[1] : ""));
        }

        /// <summary>
        /// The two cases with a form contradict themselves, as many have found: their signatures are those of requests without
        /// Content-Length, and the second one's of "utf8".
        /// </summary>
        public SuiteRequest AsSigned() => this with
        {
            Headers = [.. Headers.Where(static header => header.Name != "content-length").Select(static header => header with { Value = header.Value.Replace("charset=utf-8", "charset=utf8", StringComparison.Ordinal) })],
        };

        private static string Query(string query) => query.Length == 0
            ? ""
            : SigV4.CanonicalQuery([.. query.Split('&').Select(static pair => pair.Split('=', 2)).Select(static pair =>
                (Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : ""))]);
    }
}
