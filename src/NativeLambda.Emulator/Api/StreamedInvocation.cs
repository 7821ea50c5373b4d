using NativeLambda.Emulator.Environments;

namespace NativeLambda.Emulator.Api;

/// <summary>An invocation whose caller takes the response as it comes.</summary>
/// <param name="Result">The whole result, where there is no stream.</param>
/// <param name="Invocation">The invocation; its stream has begun where there is no result.</param>
internal sealed record StreamedInvocation(InvokeResult? Result, PendingInvocation Invocation)
{
    public string RequestId => Invocation.RequestId;

    /// <summary>The response on its way; only without a result.</summary>
    public ResponseStream Stream => Invocation.Streaming.Result;
}
