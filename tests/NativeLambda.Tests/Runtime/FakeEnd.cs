namespace NativeLambda.Tests.Runtime;

/// <summary>What happens to a connection after a scripted answer.</summary>
public enum FakeEnd
{
    KeepOpen,
    Close,
    Reset,
    CloseAfterProperWork,
    ProperAnswer,
}
