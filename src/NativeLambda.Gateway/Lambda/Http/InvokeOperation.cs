namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>An operation of Lambda's API that invokes a function.</summary>
/// <param name="Version">The version of the API, which its path begins with.</param>
/// <param name="Resource">What its path ends with.</param>
/// <param name="InvocationType">The value of <c>X-Amz-Invocation-Type</c>.</param>
/// <param name="Success">The status of its success.</param>
internal sealed record InvokeOperation(string Version, string Resource, string InvocationType, int Success)
{
    public static InvokeOperation Invoke { get; } = new("2015-03-31", "invocations", "RequestResponse", 200);

    public static InvokeOperation Enqueue { get; } = new("2015-03-31", "invocations", "Event", 202);

    public static InvokeOperation Stream { get; } = new("2021-11-15", "response-streaming-invocations", "RequestResponse", 200);
}
