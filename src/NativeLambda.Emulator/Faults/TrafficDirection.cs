namespace NativeLambda.Emulator.Faults;

/// <summary>Which way bytes go through a proxy.</summary>
public enum TrafficDirection
{
    /// <summary>From the client to the server.</summary>
    ToServer,

    /// <summary>From the server to the client.</summary>
    ToClient,
}
