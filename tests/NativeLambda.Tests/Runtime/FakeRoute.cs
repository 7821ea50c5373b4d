namespace NativeLambda.Tests.Runtime;

/// <summary>The calls of the Runtime API.</summary>
public enum FakeRoute
{
    Next,
    Response,
    InvocationError,
    InitError,
    Unknown,
}
