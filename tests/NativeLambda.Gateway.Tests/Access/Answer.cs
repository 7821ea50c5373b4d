namespace NativeLambda.Gateway.Tests.Access;

/// <summary>What a response says, for a test that looks at it.</summary>
internal static class Answer
{
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(" | ", values) : null;

    /// <summary>The response is the gateway's own, in API Gateway's form.</summary>
    public static async Task IsAsync(HttpResponseMessage response, int status, string message)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal($$"""{"message":"{{message}}"}""", await response.Content.ReadAsStringAsync());
    }
}
