namespace NativeLambda.Emulator.Environments;

/// <summary>How a call of the Runtime API fits the state of the runtime.</summary>
internal enum CallResult
{
    /// <summary>It does.</summary>
    Accepted,

    /// <summary>403 <c>InvalidStateTransition</c>.</summary>
    InvalidState,

    /// <summary>400 <c>InvalidRequestID</c>: not the invocation that runs.</summary>
    InvalidRequestId,
}

/// <summary>How the registration of an extension ended.</summary>
internal enum RegistrationResult
{
    /// <summary>Registered.</summary>
    Registered,

    /// <summary>The runtime has asked for its first invocation: too late.</summary>
    Closed,

    /// <summary>There is one of that name.</summary>
    NameTaken,

    /// <summary>An external extension that has registered already.</summary>
    InvalidState,

    /// <summary>There are ten.</summary>
    TooMany,
}
