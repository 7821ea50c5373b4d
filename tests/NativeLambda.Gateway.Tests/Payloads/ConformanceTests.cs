using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Payloads;

/// <summary>The table of <c>conformance/*.json</c>: what AWS documents, and what was seen of it.</summary>
public sealed class ConformanceTests
{
    // These are compared as a whole; of every other object only what the row names.
    private static readonly string[] Whole =
        ["queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "claims", "elb"];

    public static TheoryData<string, string> Requests => Rows(static row => row.Request is not null);

    public static TheoryData<string, string> Results => Rows(static row => row.Request is null);

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_becomes_the_event_of_the_table(string file, string name)
    {
        ConformanceCase row = ConformanceTable.Find(file, name);
        JsonElement written = Payloads.Requests.Event(row.Request!.ToRequest(), row.PayloadFormat);
        AssertContains(row.Event, written, "");
        foreach (string path in row.Absent) Assert.False(TryFind(written, path), $"{path} is there: {written}");
    }

    [Theory]
    [MemberData(nameof(Results))]
    public async Task A_result_becomes_the_response_of_the_table(string file, string name)
    {
        ConformanceCase row = ConformanceTable.Find(file, name);
        (ProxyResponse? response, string? problem) = await ReadAsync(row);
        if (row.Problem is not null)
        {
            Assert.Null(response);
            Assert.Contains(row.Problem, problem, StringComparison.Ordinal);
            return;
        }
        Assert.True(response is not null, problem);
        Assert.Null(problem);
        Assert.Equal(row.Response!.Status, response.StatusCode);
        Assert.Equal(row.Response.Headers, response.Headers.Select(static header => $"{header.Key}: {header.Value}"));
        Assert.Equal(row.Response.Cookies, response.Cookies);
        Assert.Equal(row.Response.Bytes, response.Body.ToArray());
    }

    [Fact]
    public void The_table_is_as_long_as_it_should_be_and_every_row_says_where_it_comes_from()
    {
        IReadOnlyList<ConformanceCase> rows = ConformanceTable.Cases;
        Assert.True(rows.Count(static row => row.Format is "2.0" or "function-url" or "stream") >= 150, "rows of payload format 2.0");
        Assert.True(rows.Count >= 300, $"{rows.Count} rows");
        Assert.Equal(rows.Count, rows.Select(static row => row.ToString()).Distinct().Count());
        Assert.All(rows, static row => Assert.True(row.Request is not null ^ row.Result is not null, $"{row} is a request or a result"));
        Assert.All(rows, static row => Assert.True(
            row.Request is not null || (row.Response is not null ^ row.Problem is not null), $"{row} has a response or a problem"));
        Assert.All(rows, static row => Assert.True(
            row.Source.Contains("https://", StringComparison.Ordinal) || (row.Source.StartsWith("none:", StringComparison.Ordinal) && row.Difference is not null),
            $"{row} has a source, or says that there is none and what it does"));
    }

    private static async Task<(ProxyResponse? Response, string? Problem)> ReadAsync(ConformanceCase row)
    {
        byte[] result = Encoding.UTF8.GetBytes(row.Result!);
        if (row.Format != "stream") return (ProxyResult.Read(result, row.PayloadFormat, out string? problem), problem);
        PipeReader reader = PipeReader.Create(new MemoryStream(result));
        (ProxyResponse? head, string? noHead) = await StreamPrelude.ReadAsync(reader, TestContext.Current.CancellationToken);
        if (head is null) return (null, noHead);
        var rest = new MemoryStream();
        await reader.CopyToAsync(rest, TestContext.Current.CancellationToken);
        return (head with { Body = rest.ToArray() }, null);
    }

    private static void AssertContains(JsonElement expected, JsonElement actual, string path)
    {
        if (expected.ValueKind != JsonValueKind.Object)
        {
            Assert.True(JsonElement.DeepEquals(expected, actual), $"{path} is {actual.GetRawText()}, not {expected.GetRawText()}");
            return;
        }
        Assert.True(actual.ValueKind == JsonValueKind.Object, $"{path} is {actual.GetRawText()}, not an object");
        if (Whole.Contains(path.Split('.')[^1]))
            Assert.Equal(expected.EnumerateObject().Select(static member => member.Name).Order(StringComparer.Ordinal),
                actual.EnumerateObject().Select(static member => member.Name).Order(StringComparer.Ordinal));
        foreach (JsonProperty member in expected.EnumerateObject())
        {
            Assert.True(actual.TryGetProperty(member.Name, out JsonElement value), $"{path}.{member.Name} is missing in {actual.GetRawText()}");
            AssertContains(member.Value, value, $"{path}.{member.Name}");
        }
    }

    private static bool TryFind(JsonElement element, string path)
    {
        foreach (string name in path.Split('.'))
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return false;
        return true;
    }

    private static TheoryData<string, string> Rows(Func<ConformanceCase, bool> which)
    {
        var data = new TheoryData<string, string>();
        foreach (ConformanceCase row in ConformanceTable.Cases.Where(which)) data.Add(row.File, row.Name);
        return data;
    }
}
