using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <summary>
/// The Extensions API, version 2020-01-01, as far as internal extensions need it: one registers from within the runtime's process,
/// for no event, and keeps a request for the next event open.
/// </summary>
internal sealed class ExtensionsApi(FunctionSettings function)
{
    private const string Prefix = "/2020-01-01/extension/";
    private const int MaxBody = 64 * 1024;

    /// <summary>Answers the request, if it is one of this API.</summary>
    public async Task<bool> TryHandleAsync(HttpContext context, RuntimeSession session)
    {
        string path = context.Request.Path.Value ?? "";
        switch (context.Request.Method, path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : "")
        {
            case ("POST", "register"):
                await RegisterAsync(context, session);
                return true;
            case ("GET", "event/next"):
                await NextAsync(context, session);
                return true;
            case ("POST", "init/error" or "exit/error"):
                byte[] body = await HttpBody.ReadAsync(context.Request, MaxBody) ?? "{}"u8.ToArray();
                _ = session.FailInit(new RuntimeEvent.InitError(body, RuntimeApi.ErrorType(context, RuntimeApiHeaders.ExtensionErrorType)));
                await RuntimeApi.AcceptAsync(context);
                return true;
            default:
                return false;
        }
    }

    private async Task RegisterAsync(HttpContext context, RuntimeSession session)
    {
        string name = context.Request.Headers[RuntimeApiHeaders.ExtensionName].ToString();
        if (name.Length == 0)
        {
            await ForbidAsync(context, "Extension.InvalidExtensionName", "Empty extension name");
            return;
        }
        if (await ReadEventsAsync(context) is not { } events)
        {
            await ForbidAsync(context, "InvalidRequestFormat", "The body must be a JSON object with an array \"events\"");
            return;
        }
        if (events.Count > 0)
        {
            await ForbidAsync(
                context, "Extension.InvalidEventType",
                $"{events[0]}: an internal extension can subscribe to no event here (INVOKE and external extensions are not emulated yet)");
            return;
        }
        (RegistrationResult result, Extension? extension) = session.Register(name);
        if (extension is null)
        {
            (string type, string message) = result switch
            {
                RegistrationResult.Closed => ("Extension.RegistrationClosed", "Extension registration closed already"),
                RegistrationResult.NameTaken => ("Extension.InvalidExtensionState", "Extension with this name already registered"),
                _ => ("Extension.TooManyExtensions", $"Extension limit ({RuntimeSession.MaxExtensions}) reached"),
            };
            await ForbidAsync(context, type, message);
            return;
        }
        context.Response.Headers[RuntimeApiHeaders.ExtensionIdentifier] = extension.Id;
        await HttpBody.WriteAsync(context.Response, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["functionName"] = function.Name,
            ["functionVersion"] = FunctionSettings.Version,
            ["handler"] = function.Handler,
        }));
    }

    private static async Task NextAsync(HttpContext context, RuntimeSession session)
    {
        string id = context.Request.Headers[RuntimeApiHeaders.ExtensionIdentifier].ToString();
        if (id.Length == 0) await ForbidAsync(context, "Extension.MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header");
        else if (!Guid.TryParse(id, out _)) await ForbidAsync(context, "Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier");
        else if (!session.ExtensionNext(id)) await ForbidAsync(context, "Extension.UnknownExtensionIdentifier", $"Unknown extension {id}");
        else await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted); // until the process ends
    }

    private static async Task<IReadOnlyList<string>?> ReadEventsAsync(HttpContext context)
    {
        byte[]? body = await HttpBody.ReadAsync(context.Request, MaxBody);
        if (body is null) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            if (!document.RootElement.TryGetProperty("events", out JsonElement events)) return [];
            if (events.ValueKind == JsonValueKind.Null) return [];
            return events.ValueKind == JsonValueKind.Array ? [.. events.EnumerateArray().Select(static item => item.ToString())] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task ForbidAsync(HttpContext context, string errorType, string message) =>
        RuntimeApi.RefuseAsync(context, StatusCodes.Status403Forbidden, errorType, message);
}
