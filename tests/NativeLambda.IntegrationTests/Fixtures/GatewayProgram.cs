using System.Diagnostics;
using System.Globalization;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Fixtures;

/// <summary>The Native AOT gateway that build/test has published, and a process of it.</summary>
internal static class GatewayProgram
{
    /// <summary>Path of a gateway to test; build/test sets it.</summary>
    public const string PathVariable = "NATIVELAMBDA_GATEWAY";

    /// <summary>The executable, or nothing where none was published: publishing takes longer than a test may.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } given && File.Exists(given) ? given : null;

    /// <summary>The executable; skips the test where there is none.</summary>
    public static string Required
    {
        get
        {
            Assert.SkipWhen(Path is null, $"{PathVariable} names no gateway: build/test publishes one");
            return Path!;
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="program">The executable, or a script that becomes it.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["AWS_ACCESS_KEY_ID"] = "x", ["AWS_SECRET_ACCESS_KEY"] = "x" } })!;

    /// <summary>Waits until it listens, and says where.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public static async Task<Uri> ListeningAsync(Process gateway)
    {
        _ = gateway.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        const string Listens = "lambda-gateway listens on ";
        while (await gateway.StandardError.ReadLineAsync().WaitAsync(Guard) is { } line)
        {
            if (!line.StartsWith(Listens, StringComparison.Ordinal)) continue;
            _ = gateway.StandardError.BaseStream.CopyToAsync(Stream.Null);
            return new Uri(line[Listens.Length..]);
        }
        throw new InvalidOperationException("the gateway ended before it listened");
    }

    /// <summary>Sends SIGTERM and waits for its end.</summary>
    public static async Task TerminateAsync(Process gateway)
    {
        using var kill = Process.Start("kill", ["-TERM", gateway.Id.ToString(CultureInfo.InvariantCulture)]);
        await gateway.WaitForExitAsync().WaitAsync(Guard);
    }
}
