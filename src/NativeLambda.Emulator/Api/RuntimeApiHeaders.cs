namespace NativeLambda.Emulator.Api;

/// <summary>The headers and limits of the Runtime API and the Extensions API.</summary>
internal static class RuntimeApiHeaders
{
    public const string RequestId = "Lambda-Runtime-Aws-Request-Id";
    public const string Deadline = "Lambda-Runtime-Deadline-Ms";
    public const string InvokedFunctionArn = "Lambda-Runtime-Invoked-Function-Arn";
    public const string TraceId = "Lambda-Runtime-Trace-Id";
    public const string ClientContext = "Lambda-Runtime-Client-Context";
    public const string FunctionErrorType = "Lambda-Runtime-Function-Error-Type";
    public const string FunctionErrorBody = "Lambda-Runtime-Function-Error-Body";
    public const string ResponseMode = "Lambda-Runtime-Function-Response-Mode";
    public const string ExtensionName = "Lambda-Extension-Name";
    public const string ExtensionIdentifier = "Lambda-Extension-Identifier";
    public const string ExtensionFeatures = "Lambda-Extension-Accept-Feature";
    public const string ExtensionEventIdentifier = "Lambda-Extension-Event-Identifier";
    public const string ExtensionErrorType = "Lambda-Extension-Function-Error-Type";

    /// <summary>The largest response of a function, in bytes: 6 MB and a little for the envelope.</summary>
    public const int MaxResponseSize = 6 * 1024 * 1024 + 100;
}
