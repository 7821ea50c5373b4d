using System.Text.Json;

namespace NativeLambda.IntegrationTests.Faults;

/// <summary>What the caller of an HTTP event got.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Names in lower case.</param>
/// <param name="Body">The body as text.</param>
/// <param name="Took">From the call to the answer, as the caller measures it: with the thaw, without what follows the answer.</param>
internal sealed record FunctionAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body, TimeSpan Took)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>Asserts that the answer is a problem of this status, and returns its detail.</summary>
    public string Problem(int status)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", Headers["content-type"]);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        return Json.GetProperty("detail").GetString()!;
    }

    /// <summary>Asserts that the caller was turned away, told so, and told when to come again; returns the detail.</summary>
    public string TurnedAway()
    {
        string detail = Problem(503);
        Assert.Equal("1", Headers["retry-after"]);
        return detail;
    }
}
