using NativeLambda.Runtime;

namespace NativeLambda.Function;

/// <summary>What talks to the Runtime API: the library's own client. With <c>-p:LambdaRuntime=Amazon</c> it is Amazon's (Amazon/RuntimeClient.cs).</summary>
internal static class RuntimeClient
{
    /// <summary>Makes a client, one for each lane.</summary>
    public static IRuntimeApi Create() => RuntimeApiClient.FromEnvironment();
}
