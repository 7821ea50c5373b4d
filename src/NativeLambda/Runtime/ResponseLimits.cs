namespace NativeLambda.Runtime;

/// <summary>Limits of the Lambda platform on what a function may answer.</summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda quotas</see>; the exact
/// number of bytes is the one that AWS's runtime interface emulator enforces.
/// </remarks>
public static class ResponseLimits
{
    /// <summary>The longest payload of a buffered response, in bytes: 6 MiB and 100 bytes.</summary>
    public const int MaxPayloadBytes = (6 * 1024 * 1024) + 100;
}
