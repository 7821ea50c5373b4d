using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Http;

namespace NativeLambda.Emulator.Api;

/// <summary>The Extensions API of one environment, version 2020-01-01: routes, headers and status codes over an <see cref="ExtensionRegistry"/>.</summary>
/// <remarks>The Logs API and the Telemetry API, which extensions may ask for beside it, answer that they are not supported.</remarks>
internal sealed class ExtensionsApi(FunctionSettings function)
{
    private const string Prefix = "/2020-01-01/extension/";
    private const int MaxBody = 64 * 1024;

    /// <summary>Answers the request, if it is one of this API.</summary>
    public async Task<bool> TryHandleAsync(HttpContext context, RuntimeSession session)
    {
        ExtensionRegistry extensions = session.Extensions;
        string path = context.Request.Path.Value ?? "";
        switch (context.Request.Method, path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : path)
        {
            case ("POST", "register"):
                await RegisterAsync(context, extensions);
                return true;
            case ("GET", "event/next"):
                if (await FindAsync(context, extensions) is { } asking) await NextAsync(context, extensions, asking);
                return true;
            case ("POST", "init/error"):
                if (await FindAsync(context, extensions) is { } failing) await FailAsync(context, extensions, failing, inInit: true);
                return true;
            case ("POST", "exit/error"):
                if (await FindAsync(context, extensions) is { } exiting) await FailAsync(context, extensions, exiting, inInit: false);
                return true;
            case ("PUT", "/2020-08-15/logs"):
                await RuntimeApi.RefuseAsync(context, StatusCodes.Status202Accepted, "Logs.NotSupported", "Logs API is not supported");
                return true;
            case ("PUT", "/2022-07-01/telemetry"):
                await RuntimeApi.RefuseAsync(context, StatusCodes.Status202Accepted, "Telemetry.NotSupported", "Telemetry API is not supported");
                return true;
            default:
                return false;
        }
    }

    private async Task RegisterAsync(HttpContext context, ExtensionRegistry extensions)
    {
        string name = context.Request.Headers[RuntimeApiHeaders.ExtensionName].ToString();
        if (name.Length == 0)
        {
            await ForbidAsync(context, "Extension.InvalidExtensionName", "Empty extension name");
            return;
        }
        if (await ReadEventsAsync(context) is not { } events)
        {
            await ForbidAsync(context, "InvalidRequestFormat", "The body must be a JSON object with an array \"events\" of strings");
            return;
        }
        bool isExternal = extensions.IsExternal(name);
        foreach (string wanted in events)
        {
            if (wanted == ExtensionEvent.Invoke || (wanted == ExtensionEvent.Shutdown && isExternal)) continue;
            string reason = wanted == ExtensionEvent.Shutdown ? "ShutdownEventNotSupportedForInternalExtension" : "ErrorInvalidEventType";
            await ForbidAsync(context, "Extension.InvalidEventType", $"{wanted}: {reason}");
            return;
        }
        (RegistrationResult result, Extension? extension) = extensions.Register(name, events);
        if (extension is not null)
        {
            await WelcomeAsync(context, extension);
            return;
        }
        (string type, string message) = result switch
        {
            RegistrationResult.Closed => ("Extension.RegistrationClosed", "Extension registration closed already"),
            RegistrationResult.NameTaken => ("Extension.InvalidExtensionState", "Extension with this name already registered"),
            RegistrationResult.InvalidState => ("Extension.InvalidExtensionState", $"State transition to Registered failed for extension {name}"),
            _ => ("Extension.TooManyExtensions", $"Extension limit ({ExtensionRegistry.MaxExtensions}) reached"),
        };
        await ForbidAsync(context, type, message);
    }

    private Task WelcomeAsync(HttpContext context, Extension extension)
    {
        var facts = new Dictionary<string, string>
        {
            ["functionName"] = function.Name,
            ["functionVersion"] = FunctionSettings.Version,
            ["handler"] = function.Handler,
        };
        string[] features = context.Request.Headers[RuntimeApiHeaders.ExtensionFeatures].ToString().Split(',', StringSplitOptions.TrimEntries);
        if (features.Contains("accountId")) facts["accountId"] = FunctionSettings.AccountId;
        context.Response.Headers[RuntimeApiHeaders.ExtensionIdentifier] = extension.Id;
        return HttpBody.WriteAsync(context.Response, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(facts));
    }

    private static async Task NextAsync(HttpContext context, ExtensionRegistry extensions, Extension extension)
    {
        if (extensions.Next(extension, context.RequestAborted) is not { } next)
        {
            await RefuseStateAsync(context, extension, ExtensionState.Ready);
            return;
        }
        ExtensionEvent happened = await next;
        context.Response.Headers[RuntimeApiHeaders.ExtensionEventIdentifier] = Guid.NewGuid().ToString();
        await HttpBody.WriteAsync(context.Response, StatusCodes.Status200OK, happened.Body);
    }

    private static async Task FailAsync(HttpContext context, ExtensionRegistry extensions, Extension extension, bool inInit)
    {
        string errorType = context.Request.Headers[RuntimeApiHeaders.ExtensionErrorType].ToString();
        if (errorType.Length == 0)
            await ForbidAsync(context, "Extension.MissingHeader", $"{RuntimeApiHeaders.ExtensionErrorType} not found");
        else if (extensions.Fail(extension, inInit, errorType)) await RuntimeApi.AcceptAsync(context);
        else await RefuseStateAsync(context, extension, inInit ? ExtensionState.InitError : ExtensionState.ExitError);
    }

    /// <summary>The extension that a request comes from.</summary>
    private static async Task<Extension?> FindAsync(HttpContext context, ExtensionRegistry extensions)
    {
        string id = context.Request.Headers[RuntimeApiHeaders.ExtensionIdentifier].ToString();
        if (id.Length == 0) await ForbidAsync(context, "Extension.MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header");
        else if (!Guid.TryParse(id, out _)) await ForbidAsync(context, "Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier");
        else if (extensions.Find(id) is { } extension) return extension;
        else await ForbidAsync(context, "Extension.UnknownExtensionIdentifier", $"Unknown extension {id}");
        return null;
    }

    private static async Task<IReadOnlyList<string>?> ReadEventsAsync(HttpContext context)
    {
        byte[]? body = await HttpBody.ReadAsync(context.Request, MaxBody);
        if (body is null) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            if (root.TryGetProperty("configurationKeys", out JsonElement keys) && keys is { ValueKind: JsonValueKind.Array } && keys.GetArrayLength() > 0)
                return null; // of the API's beginnings
            if (!root.TryGetProperty("events", out JsonElement events) || events.ValueKind == JsonValueKind.Null) return [];
            if (events.ValueKind != JsonValueKind.Array) return null;
            return events.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
                ? [.. events.EnumerateArray().Select(static item => item.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseStateAsync(HttpContext context, Extension extension, ExtensionState wanted) => ForbidAsync(
        context, "Extension.InvalidExtensionState",
        $"State transition from {extension.State} to {wanted} failed for extension {extension.Name}. Error: State transition is not allowed");

    private static Task ForbidAsync(HttpContext context, string errorType, string message) =>
        RuntimeApi.RefuseAsync(context, StatusCodes.Status403Forbidden, errorType, message);
}
