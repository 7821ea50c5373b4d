namespace NativeLambda.Emulator.Environments;

/// <summary>The requests of the Runtime API that change the state of the runtime.</summary>
internal enum RuntimeCall
{
    /// <summary><c>GET /runtime/invocation/next</c>.</summary>
    Next,

    /// <summary>The head of <c>POST /runtime/invocation/{id}/response</c>.</summary>
    BeginResponse,

    /// <summary>The end of <c>POST /runtime/invocation/{id}/response</c>.</summary>
    Response,

    /// <summary><c>POST /runtime/invocation/{id}/error</c>.</summary>
    Error,

    /// <summary><c>POST /runtime/init/error</c>.</summary>
    InitError,
}
