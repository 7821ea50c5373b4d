using NativeLambda.Gateway.Operation.Requests;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Invocation;

/// <summary>Answers with what a function's result stands for.</summary>
internal static class FunctionAnswer
{
    /// <summary>Whether a response has a body (RFC 9110, 9.3.2 and 15.3.5, 15.4.5).</summary>
    public static bool HasBody(HttpContext context, int status) =>
        status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        && !HttpMethods.IsHead(context.Request.Method);

    /// <summary>Writes a whole response.</summary>
    public static async ValueTask WriteAsync(HttpContext context, RequestFacts facts, ProxyResponse answer)
    {
        WriteHead(context.Response, answer);
        if (HasBody(context, answer.StatusCode))
        {
            context.Response.ContentLength = facts.BytesOut = answer.Body.Length;
            if (answer.Body.Length > 0) await context.Response.BodyWriter.WriteAsync(answer.Body, context.RequestAborted);
        }
        else if (HttpMethods.IsHead(context.Request.Method) && answer.Body.Length > 0)
        {
            context.Response.ContentLength = answer.Body.Length; // of what GET would have got
        }
    }

    /// <summary>Sets status, headers and cookies.</summary>
    public static void WriteHead(HttpResponse response, ProxyResponse answer)
    {
        response.StatusCode = answer.StatusCode;
        IHeaderDictionary headers = response.Headers;
        // By index: an enumerator of an interface is an object.
        IReadOnlyList<KeyValuePair<string, string>> given = answer.Headers;
        for (int index = 0; index < given.Count; index++) headers.Append(given[index].Key, given[index].Value);
        for (int index = 0; index < answer.Cookies.Count; index++) headers.Append("set-cookie", answer.Cookies[index]);
    }
}
