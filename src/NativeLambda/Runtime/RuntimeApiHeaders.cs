namespace NativeLambda.Runtime;

/// <summary>The names of the Runtime API's headers, as they are written; they are read in any case.</summary>
internal static class RuntimeApiHeaders
{
    /// <summary>The version in <see cref="UserAgent"/>; a test holds it to the version of the assembly.</summary>
    public const string Version = "0.1.0";

    public const string UserAgent = "nativelambda/" + Version;

    public const string FunctionErrorType = "Lambda-Runtime-Function-Error-Type";

    public static ReadOnlySpan<byte> RequestId => "Lambda-Runtime-Aws-Request-Id"u8;

    public static ReadOnlySpan<byte> DeadlineMs => "Lambda-Runtime-Deadline-Ms"u8;

    public static ReadOnlySpan<byte> InvokedFunctionArn => "Lambda-Runtime-Invoked-Function-Arn"u8;

    public static ReadOnlySpan<byte> TraceId => "Lambda-Runtime-Trace-Id"u8;

    public static ReadOnlySpan<byte> ClientContext => "Lambda-Runtime-Client-Context"u8;

    public static ReadOnlySpan<byte> CognitoIdentity => "Lambda-Runtime-Cognito-Identity"u8;

    public static ReadOnlySpan<byte> TenantId => "Lambda-Runtime-Aws-Tenant-Id"u8;
}
