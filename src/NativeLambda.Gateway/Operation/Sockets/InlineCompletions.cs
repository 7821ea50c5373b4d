namespace NativeLambda.Gateway.Operation.Sockets;

/// <summary>
/// Lets what waits for a socket go on at once on the thread that heard of it, instead of on another one of the pool: a tenth less CPU time
/// for a request.
/// </summary>
/// <remarks>
/// Each of those threads hears of many sockets, so that nothing may block on it that waits for a socket itself, nor take long:
/// <see cref="Lambda.Credentials"/> asks the SDK, which blocks, elsewhere, and large results are read elsewhere.
/// It is .NET's own setting, for a process: .NET reads it when the first socket is used.
/// </remarks>
internal static class InlineCompletions
{
    /// <summary>The setting; 0 is as .NET does it without.</summary>
    public const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Sets it, unless it is set.</summary>
    public static void Use()
    {
#pragma warning disable RS0030 // Native code need not see it: .NET's own, managed code reads it.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable))) Environment.SetEnvironmentVariable(Variable, "1");
#pragma warning restore RS0030
    }
}
