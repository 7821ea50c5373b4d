using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Functions;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <summary>Which functions there are: ListFunctions, GetFunction, GetFunctionConfiguration, and the look-up by name or ARN.</summary>
internal sealed class FunctionsApi(IReadOnlyList<FunctionHost> functions)
{
    /// <summary>Lambda's largest page of ListFunctions.</summary>
    private const int MaxPage = 50;

    public async Task ListAsync(HttpContext context)
    {
        int page = MaxPage, from = 0;
        string size = context.Request.Query["MaxItems"].ToString(), marker = context.Request.Query["Marker"].ToString();
        if (size.Length > 0 && (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out page) || page is < 1 or > 10_000))
        {
            await RefuseParameterAsync(context, $"MaxItems {size}: 1 to 10000");
            return;
        }
        page = Math.Min(page, MaxPage);
        // The name of the function at which the page begins, as good a marker as any.
        if (marker.Length > 0 && (from = functions.TakeWhile(function => function.Name != marker).Count()) == functions.Count)
        {
            await RefuseParameterAsync(context, "the Marker is none of this service's");
            return;
        }
        var body = new Dictionary<string, object?>
        {
            ["NextMarker"] = from + page < functions.Count ? functions[from + page].Name : null,
            ["Functions"] = functions.Skip(from).Take(page).Select(static function => FunctionDescription.Of(function.Settings)).ToArray(),
        };
        await HttpBody.WriteAsync(context.Response, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(body));
    }

    public static Task GetAsync(HttpContext context, InvokedFunction function)
    {
        FunctionSettings settings = function.Host.Settings;
        var body = new Dictionary<string, object?>
        {
            ["Configuration"] = FunctionDescription.Of(settings),
            ["Code"] = new Dictionary<string, string> { ["RepositoryType"] = "File", ["Location"] = new Uri(settings.Bootstrap).AbsoluteUri },
            ["Tags"] = new Dictionary<string, string>(),
        };
        if (settings.ReservedConcurrency is { } reserved)
            body["Concurrency"] = new Dictionary<string, int> { ["ReservedConcurrentExecutions"] = reserved };
        return HttpBody.WriteAsync(context.Response, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(body));
    }

    public static Task GetConfigurationAsync(HttpContext context, InvokedFunction function) => HttpBody.WriteAsync(
        context.Response, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(FunctionDescription.Of(function.Host.Settings)));

    /// <summary>The function that is named; where there is none, the request has been answered so.</summary>
    /// <param name="context">The request.</param>
    /// <param name="segment">The segment of its path that names the function.</param>
    public async Task<InvokedFunction?> FindAsync(HttpContext context, string segment)
    {
        // Kestrel has decoded the path but for %2F; colons may come either way.
        string name = Uri.UnescapeDataString(segment);
        if (FunctionReference.Parse(name) is not { } reference)
        {
            await LambdaApi.RefuseAsync(
                context, StatusCodes.Status400BadRequest, "ValidationException",
                InvokeErrors.UserBody($"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint"));
            return null;
        }
        string? query = context.Request.Query["Qualifier"] is { Count: > 0 } values ? values[0] : null;
        if (reference.Qualifier is not null && query is not null && reference.Qualifier != query)
        {
            await RefuseParameterAsync(context, "The derived qualifier from the function name does not match the specified qualifier.");
            return null;
        }
        string? qualifier = reference.Qualifier ?? query;
        string arn = $"arn:aws:lambda:{functions[0].Settings.Region}:{FunctionSettings.AccountId}:function:{reference.Name}";
        if (qualifier is not null) arn += $":{qualifier}";
        FunctionHost? function = functions.FirstOrDefault(function => function.Name == reference.Name);
        if (function is not null && qualifier is null or FunctionSettings.Version) return new InvokedFunction(function!, arn);
        await LambdaApi.RefuseAsync(context, StatusCodes.Status404NotFound, InvokeErrors.ResourceNotFound, InvokeErrors.NotFoundBody(arn));
        return null;
    }

    private static Task RefuseParameterAsync(HttpContext context, string message) => LambdaApi.RefuseAsync(
        context, StatusCodes.Status400BadRequest, InvokeErrors.InvalidParameterValue, InvokeErrors.UserBody(message));
}
