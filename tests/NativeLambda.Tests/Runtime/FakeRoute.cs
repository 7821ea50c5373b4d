namespace NativeLambda.Tests.Runtime;

/// <summary>The calls of the Runtime API, and those of the Extensions API.</summary>
public enum FakeRoute
{
    Next,
    Response,
    InvocationError,
    InitError,
    ExtensionRegister,
    ExtensionNext,
    Unknown,
}
