using NativeLambda.Emulator.Environments;

namespace NativeLambda.Tests.Emulator;

public sealed class RuntimeTransitionsTests
{
    [Theory]
    [InlineData("Starting", "Next", "Ready")]
    [InlineData("Starting", "Response", null)]
    [InlineData("Starting", "Error", null)]
    [InlineData("Starting", "InitError", "InitFailed")]
    [InlineData("Ready", "Next", "Ready")]
    [InlineData("Ready", "Response", null)]
    [InlineData("Ready", "Error", null)]
    [InlineData("Ready", "InitError", null)]
    [InlineData("Invoking", "Next", null)]
    [InlineData("Starting", "BeginResponse", null)]
    [InlineData("Ready", "BeginResponse", null)]
    [InlineData("Invoking", "BeginResponse", "Responding")]
    [InlineData("Invoking", "Response", null)]
    [InlineData("Responding", "BeginResponse", null)]
    [InlineData("Responding", "Response", "Responded")]
    [InlineData("Responding", "Error", null)]
    [InlineData("Responding", "Next", null)]
    [InlineData("Responding", "InitError", null)]
    [InlineData("Responded", "BeginResponse", null)]
    [InlineData("InitFailed", "BeginResponse", null)]
    [InlineData("Invoking", "Error", "Responded")]
    [InlineData("Invoking", "InitError", null)]
    [InlineData("Responded", "Next", "Ready")]
    [InlineData("Responded", "Response", null)]
    [InlineData("Responded", "Error", null)]
    [InlineData("Responded", "InitError", null)]
    [InlineData("InitFailed", "Next", null)]
    [InlineData("InitFailed", "Response", null)]
    [InlineData("InitFailed", "Error", null)]
    [InlineData("InitFailed", "InitError", null)]
    public void After_is_the_table(string state, string call, string? expected) =>
        Assert.Equal(expected, RuntimeTransitions.After(Enum.Parse<RuntimeState>(state), Enum.Parse<RuntimeCall>(call))?.ToString());
}
