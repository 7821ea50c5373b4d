using NativeLambda.Gateway.Configuration;

namespace NativeLambda.Gateway.Operation.FirstPage;

/// <summary>The step that shows the first page in development, at <c>/</c> where no route is for it.</summary>
internal sealed class FirstPageStep(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        GatewayRequest request = GatewayRequest.Of(context);
        GatewayConfiguration configuration = request.Snapshot.Configuration;
        return configuration.Operation.FirstPage && request is { Match: null, RawPath: "/" }
            && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
                ? ShowAsync(context, configuration)
                : next(context);
    }

    private static Task ShowAsync(HttpContext context, GatewayConfiguration configuration)
    {
        byte[] page = FirstPage.Render(configuration);
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentType = "text/html; charset=utf-8";
        headers.ContentSecurityPolicy = FirstPage.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentLength = page.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(page, context.RequestAborted).AsTask();
    }
}
