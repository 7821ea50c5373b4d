using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Emulator.Api;

/// <summary>What a runtime says after the last chunk of a streamed response: whether it failed in the middle.</summary>
internal static class ResponseTrailers
{
    /// <summary>The error in the trailers of a request whose body has been read; nothing where there is none.</summary>
    public static InvocationOutcome? ReadError(HttpRequest request)
    {
        if (!request.SupportsTrailers() || !request.CheckTrailersAvailable()) return null;
        string type = request.GetTrailer(RuntimeApiHeaders.FunctionErrorType).ToString();
        if (type.Length == 0) return null;
        return Decode(request.GetTrailer(RuntimeApiHeaders.FunctionErrorBody).ToString()) is { } body
            ? new InvocationOutcome(body, type)
            : InvocationOutcome.OfError(type, "the runtime gave no description of the error");
    }

    /// <summary>The body travels in Base64 and is JSON; nothing where it is neither.</summary>
    internal static byte[]? Decode(string trailer)
    {
        var bytes = new byte[trailer.Length];
        if (trailer.Length == 0 || !Convert.TryFromBase64String(trailer, bytes, out int count)) return null;
        byte[] body = bytes[..count];
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return body;
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(body)); // text: as a JSON string
        }
    }
}
