namespace NativeLambda.Emulator;

/// <summary>Why an invocation was throttled; the names are those of AWS's <c>ThrottleReason</c>.</summary>
public enum ThrottleReason
{
    /// <summary>The concurrency of the account is used up, or the function scales faster than Lambda would let it.</summary>
    ConcurrentInvocationLimitExceeded,

    /// <summary>The function has as many environments as it may have, and all are busy.</summary>
    ReservedFunctionConcurrentInvocationLimitExceeded,
}
