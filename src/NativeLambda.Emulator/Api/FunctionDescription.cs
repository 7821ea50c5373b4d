using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeLambda.Emulator.Environments;

namespace NativeLambda.Emulator.Api;

/// <summary>A function in the words of AWS's <c>FunctionConfiguration</c>.</summary>
internal static class FunctionDescription
{
    /// <summary>
    /// What AWS answers to who may not decrypt the variables. Here nobody may: every user of the machine reaches this API, and the
    /// variables hold passwords.
    /// </summary>
    private static readonly Dictionary<string, object> HiddenVariables = new()
    {
        ["Error"] = new Dictionary<string, string>
        {
            ["ErrorCode"] = "AccessDeniedException",
            ["Message"] = "The emulator does not show environment variables.",
        },
    };

    public static Dictionary<string, object?> Of(FunctionSettings function)
    {
        var file = new FileInfo(function.Bootstrap);
        return new Dictionary<string, object?>
        {
            ["FunctionName"] = function.Name,
            ["FunctionArn"] = function.Arn,
            ["Runtime"] = "provided.al2023",
            ["Role"] = $"arn:aws:iam::{FunctionSettings.AccountId}:role/{function.Name}",
            ["Handler"] = function.Handler,
            ["CodeSize"] = file.Exists ? file.Length : 0,
            ["Description"] = function.Description,
            ["Timeout"] = (int)Math.Ceiling(function.Timeout.TotalSeconds),
            ["MemorySize"] = function.MemorySizeMb,
            ["LastModified"] = file.Exists ? file.LastWriteTimeUtc.ToString("yyyy-MM-ddTHH:mm:ss.fff+0000", CultureInfo.InvariantCulture) : null,
            ["CodeSha256"] = file.Exists ? Hash(file) : null,
            ["Version"] = FunctionSettings.Version,
            ["Environment"] = HiddenVariables,
            ["TracingConfig"] = new Dictionary<string, string> { ["Mode"] = "PassThrough" },
            ["State"] = "Active",
            ["LastUpdateStatus"] = "Successful",
            ["PackageType"] = "Zip",
            ["Architectures"] = new[] { RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x86_64" },
            ["EphemeralStorage"] = new Dictionary<string, int> { ["Size"] = 512 },
            ["LoggingConfig"] = new Dictionary<string, string> { ["LogFormat"] = "Text", ["LogGroup"] = $"/aws/lambda/{function.Name}" },
        };
    }

    private static string Hash(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        return Convert.ToBase64String(SHA256.HashData(stream));
    }
}
