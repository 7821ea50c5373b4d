using System.Globalization;
using System.Text.Json;
using NativeLambda.Emulator;

namespace NativeLambda.Trials.Storm;

/// <summary>Calls the function and reads what came of it.</summary>
internal sealed class StormCaller(LocalLambda lambda, TimeProvider time, long stormStart)
{
    public async Task<StormAnswer> CallAsync(StormRequest request, byte[] payload, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        InvokeResult result = await lambda.InvokeAsync(payload, options: null, cancellation);
        (string label, bool isGood) = Read(result);
        return new StormAnswer(request, label, isGood, time.GetElapsedTime(stormStart), time.GetElapsedTime(start));
    }

    private static (string Label, bool IsGood) Read(InvokeResult result)
    {
        if (result.StatusCode != 200)
            return (string.Create(CultureInfo.InvariantCulture, $"Lambda {result.StatusCode}"), false);
        if (result.FunctionError is not null)
            return (result.PayloadText.Contains("timed out", StringComparison.Ordinal) ? "timeout" : $"error {result.ErrorType}", false);
        using JsonDocument response = JsonDocument.Parse(result.Payload);
        int status = response.RootElement.GetProperty("statusCode").GetInt32();
        string label = status.ToString(CultureInfo.InvariantCulture);
        if (status == 503)
            label += HasRetryAfter(response.RootElement) ? " + Retry-After" : " without Retry-After";
        return (label, status is 200 or 201);
    }

    private static bool HasRetryAfter(JsonElement response) =>
        response.TryGetProperty("headers", out JsonElement headers)
        && headers.EnumerateObject().Any(static header => header.Name.Equals("retry-after", StringComparison.OrdinalIgnoreCase));
}
