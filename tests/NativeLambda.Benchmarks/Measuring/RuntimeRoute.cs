namespace NativeLambda.Benchmarks.Measuring;

/// <summary>The routes that Lambda offers to a function.</summary>
internal enum RuntimeRoute
{
    /// <summary>None of Lambda's.</summary>
    Unknown,

    /// <summary>GET …/invocation/next</summary>
    Next,

    /// <summary>POST …/invocation/{id}/response</summary>
    Response,

    /// <summary>POST …/invocation/{id}/error</summary>
    InvocationError,

    /// <summary>POST …/init/error</summary>
    InitError,

    /// <summary>POST /2020-01-01/extension/register</summary>
    RegisterExtension,

    /// <summary>GET /2020-01-01/extension/event/next, which is never answered: there is no event for an internal extension.</summary>
    NextExtensionEvent,
}
