namespace NativeLambda.Emulator;

/// <summary>How a function's URL invokes it.</summary>
public enum FunctionUrlInvokeMode
{
    /// <summary>The client gets the response when all of it is there, up to 6 MB: the payload says status, headers and body.</summary>
    Buffered,

    /// <summary>
    /// The client gets the response as the function sends it, up to 200 MB. What has the content type
    /// <c>application/vnd.awslambda.http-integration-response</c> begins with status and headers; anything else is the body of a 200.
    /// </summary>
    ResponseStream,
}
