using System.Text;
using System.Text.Json;

namespace NativeLambda.Gateway.Invocation;

/// <summary>Answers of the gateway itself, in API Gateway's form: <c>{"message":"Not Found"}</c>.</summary>
internal static class GatewayAnswer
{
    /// <summary>What API Gateway says with a status.</summary>
    public static string MessageOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "Bad Request",
        StatusCodes.Status401Unauthorized => "Unauthorized",
        StatusCodes.Status403Forbidden => "Forbidden",
        StatusCodes.Status404NotFound => "Not Found",
        StatusCodes.Status413PayloadTooLarge => "Request Entity Too Large",
        StatusCodes.Status429TooManyRequests => "Too Many Requests",
        StatusCodes.Status503ServiceUnavailable => "Service Unavailable",
        StatusCodes.Status504GatewayTimeout => "Endpoint request timed out",
        _ => "Internal Server Error",
    };

    /// <summary>Answers with a status and the message that belongs to it.</summary>
    public static Task WriteAsync(HttpContext context, int status) => WriteAsync(context, status, MessageOf(status));

    /// <summary>Answers with a status and a message.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string message)
    {
        HttpResponse response = context.Response;
        byte[] body = Encoding.UTF8.GetBytes($"{{\"message\":\"{JsonEncodedText.Encode(message)}\"}}");
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
