using System.Text.Json;

namespace NativeLambda.Emulator.Api;

/// <summary>The errors of the Invoke API: AWS's types and bodies.</summary>
internal static class InvokeErrors
{
    public const string TooManyRequests = "TooManyRequestsException";
    public const string ResourceNotFound = "ResourceNotFoundException";
    public const string RequestTooLarge = "RequestTooLargeException";
    public const string InvalidRequestContent = "InvalidRequestContentException";
    public const string UnsupportedMediaType = "UnsupportedMediaTypeException";
    public const string InvalidParameterValue = "InvalidParameterValueException";
    public const string ServiceException = "ServiceException";

    public static byte[] ThrottledBody(ThrottleReason reason) => Body(new()
    {
        ["Reason"] = reason.ToString(),
        ["Type"] = "User",
        ["message"] = "Rate Exceeded.",
    });

    public static byte[] NotFoundBody(string arn) => UserBody($"Function not found: {arn}");

    public static byte[] TooLargeBody(int limit) => Body(new()
    {
        ["Type"] = "User",
        ["message"] = $"Request must be smaller than {limit} bytes for the InvokeFunction operation",
    });

    public static byte[] UserBody(string message) => Body(new() { ["Type"] = "User", ["Message"] = message });

    private static byte[] Body(Dictionary<string, string> members) => JsonSerializer.SerializeToUtf8Bytes(members);
}
