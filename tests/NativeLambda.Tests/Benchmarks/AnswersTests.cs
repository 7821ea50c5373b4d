using System.Text;
using NativeLambda.Benchmarks.Contenders;

namespace NativeLambda.Tests.Benchmarks;

/// <summary>Whether two functions answer alike.</summary>
public sealed class AnswersTests
{
    private const string Ours = """{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"id\":\"p1\",\"price\":1.50}","isBase64Encoded":false}""";

    [Theory]
    [InlineData("""{"headers":{"Content-Type":"application/json","x":"y"},"body":"{ \"price\": 1.5, \"id\": \"p1\" }","statusCode":200}""")]
    [InlineData("""{"statusCode":200,"headers":{"content-type":"application/json"},"body":"eyJpZCI6InAxIiwicHJpY2UiOjEuNTB9","isBase64Encoded":true}""")]
    public void What_means_the_same_is_alike(string theirs) => Assert.Null(Difference(theirs));

    [Theory]
    [InlineData("""{"statusCode":404,"headers":{"content-type":"application/json"},"body":"{\"id\":\"p1\",\"price\":1.50}"}""", "status 404")]
    [InlineData("""{"statusCode":200,"headers":{"content-type":"text/plain"},"body":"{\"id\":\"p1\",\"price\":1.50}"}""", "content type text/plain")]
    [InlineData("""{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"id\":\"p1\",\"price\":\"1.50\"}"}""", "body ")]
    [InlineData("""{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"id\":\"p1\",\"price\":1.51}"}""", "body ")]
    public void A_difference_is_named(string theirs, string difference) => Assert.StartsWith(difference, Difference(theirs), StringComparison.Ordinal);

    private static string? Difference(string theirs) => Answers.Difference(Encoding.UTF8.GetBytes(Ours), Encoding.UTF8.GetBytes(theirs));
}
