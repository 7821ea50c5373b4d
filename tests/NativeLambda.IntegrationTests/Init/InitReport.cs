using System.Text.Json;

namespace NativeLambda.IntegrationTests.Init;

/// <summary>How a failed Init looks from outside.</summary>
/// <param name="ExitCode">The exit code of the process.</param>
/// <param name="DeclaredType">The header <c>Lambda-Runtime-Function-Error-Type</c>.</param>
/// <param name="Body">What was posted to <c>init/error</c>.</param>
/// <param name="Output">What the process wrote, standard error included.</param>
internal sealed record InitReport(int ExitCode, string DeclaredType, string Body, string Output)
{
    public string Message => JsonElement.Parse(Body).GetProperty("errorMessage").GetString()!;

    /// <summary>Asserts what every failed Init has in common: type, exit code, and the message in the log as well.</summary>
    public void AssertFailed(string errorType)
    {
        Assert.Equal(1, ExitCode);
        Assert.Equal(errorType, DeclaredType);
        Assert.Equal(errorType, JsonElement.Parse(Body).GetProperty("errorType").GetString());
        Assert.Contains(Message, Output, StringComparison.Ordinal);
    }

    /// <summary>Asserts that the message has all these parts.</summary>
    public void AssertSays(params string[] parts)
    {
        foreach (string part in parts)
            Assert.Contains(part, Message, StringComparison.Ordinal);
    }
}
