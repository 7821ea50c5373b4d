namespace NativeLambda.Database;

/// <summary>What polling the idle socket of a connection says.</summary>
internal enum SocketCondition
{
    /// <summary>Open and nothing to read.</summary>
    Quiet,

    /// <summary>Something to read while nothing was asked for: an unread FATAL, a notice or a ParameterStatus.</summary>
    Readable,

    /// <summary>An error or a hang-up.</summary>
    Dead,

    /// <summary>The descriptor is not known.</summary>
    Unknown,
}
